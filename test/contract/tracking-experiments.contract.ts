import { expect, it } from 'vitest';
import { collectPages } from '#src/mlflow/index.js';
import { expectCode, uniqueName } from './expect-code.js';
import type { StoreOf } from './tracking-store.contract.js';

/** What the port promises of experiments. */
export function experimentCases(storeOf: StoreOf): void {
  it('has the experiment Default with id 0', async () => {
    const experiment = await storeOf().getExperiment('0');
    expect(experiment.name).toBe('Default');
    expect(experiment.lifecycleStage).toBe('active');
  });

  it('gives back what was created, by id and by name', async () => {
    const name = `${uniqueName('week6')} Ünïcode ' " ; --`;
    const before = Date.now();
    const created = await storeOf().createExperiment(name, { owner: 'blue team', empty: '' });
    expect(created.experimentId).toMatch(/^\d+$/);
    expect(created.name).toBe(name);
    expect(created.lifecycleStage).toBe('active');
    expect(created.artifactLocation).not.toBe('');
    expect({ ...created.tags }).toEqual({ owner: 'blue team', empty: '' });
    expect(created.creationTime).toBeGreaterThanOrEqual(before - 5_000);
    expect(await storeOf().getExperiment(created.experimentId)).toEqual(created);
    expect(await storeOf().getExperimentByName(name)).toEqual(created);
  });

  it('refuses a taken name, a deleted experiment’s too', async () => {
    const name = uniqueName('taken');
    const { experimentId } = await storeOf().createExperiment(name);
    const error = await expectCode(storeOf().createExperiment(name), 'ALREADY_EXISTS');
    expect(error.message).toContain(name);
    await storeOf().deleteExperiment(experimentId);
    await expectCode(storeOf().createExperiment(name), 'ALREADY_EXISTS');
  });

  it('refuses an empty name', async () => {
    await expectCode(storeOf().createExperiment(''), 'INVALID_PARAMETER');
  });

  it('says what does not exist', async () => {
    const error = await expectCode(storeOf().getExperiment('987654321'), 'NOT_FOUND');
    expect(error.message).toContain('987654321');
    expect(await storeOf().getExperimentByName(uniqueName('absent'))).toBeUndefined();
    await expectCode(storeOf().deleteExperiment('987654321'), 'NOT_FOUND');
    await expectCode(storeOf().restoreExperiment('987654321'), 'NOT_FOUND');
  });

  it('refuses an id that is not a whole number', async () => {
    await expectCode(storeOf().getExperiment("1' OR '1'='1"), 'INVALID_PARAMETER');
  });

  it('deletes and restores an experiment with its runs', async () => {
    const name = uniqueName('cycle');
    const { experimentId } = await storeOf().createExperiment(name);
    const run = await storeOf().createRun({ experimentId });
    await storeOf().deleteExperiment(experimentId);
    expect((await storeOf().getExperiment(experimentId)).lifecycleStage).toBe('deleted');
    expect((await storeOf().getExperimentByName(name))?.lifecycleStage).toBe('deleted');
    expect((await storeOf().getRun(run.info.runId)).info.lifecycleStage).toBe('deleted');
    await expectCode(storeOf().deleteExperiment(experimentId), 'NOT_FOUND');
    await storeOf().restoreExperiment(experimentId);
    expect((await storeOf().getExperiment(experimentId)).lifecycleStage).toBe('active');
    expect((await storeOf().getRun(run.info.runId)).info.lifecycleStage).toBe('active');
    await expectCode(storeOf().restoreExperiment(experimentId), 'NOT_FOUND');
  });

  it('starts no run in a deleted experiment', async () => {
    const { experimentId } = await storeOf().createExperiment(uniqueName('gone'));
    await storeOf().deleteExperiment(experimentId);
    const error = await expectCode(storeOf().createRun({ experimentId }), 'CONFLICT');
    expect(error.message).toMatch(/deleted/);
  });

  it('lists by life cycle, active ones by default', async () => {
    const kept = await storeOf().createExperiment(uniqueName('kept'));
    const dropped = await storeOf().createExperiment(uniqueName('dropped'));
    await storeOf().deleteExperiment(dropped.experimentId);
    const all = (viewType?: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL') =>
      collectPages((page) =>
        storeOf().searchExperiments({ ...page, ...(viewType === undefined ? {} : { viewType }) }),
      );
    const names = async (view?: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL') =>
      (await all(view)).map((e) => e.name);
    expect(await names()).toEqual(expect.arrayContaining(['Default', kept.name]));
    expect(await names()).not.toContain(dropped.name);
    expect(await names('ACTIVE_ONLY')).not.toContain(dropped.name);
    expect(await names('DELETED_ONLY')).toContain(dropped.name);
    expect(await names('DELETED_ONLY')).not.toContain(kept.name);
    expect(await names('ALL')).toEqual(expect.arrayContaining([kept.name, dropped.name]));
    expect(await all('ALL')).toContainEqual(kept);
  });

  it('keeps the artifact location it is given', async () => {
    const place = 's3://bucket/some/where';
    const created = await storeOf().createExperiment(uniqueName('located'), {}, place);
    expect(created.artifactLocation).toBe(place);
    const { info } = await storeOf().createRun({ experimentId: created.experimentId });
    expect(info.artifactUri).toBe(`${place}/${info.runId}/artifacts`);
  });

  it('renames an experiment, not to a name that is taken, nor when it is deleted', async () => {
    const [taken, before, after] = [uniqueName('taken'), uniqueName('before'), uniqueName('after')];
    await storeOf().createExperiment(taken);
    const { experimentId } = await storeOf().createExperiment(before);
    await storeOf().renameExperiment(experimentId, after);
    await storeOf().renameExperiment(experimentId, after);
    expect((await storeOf().getExperiment(experimentId)).name).toBe(after);
    expect(await storeOf().getExperimentByName(before)).toBeUndefined();
    await expectCode(storeOf().renameExperiment(experimentId, taken), 'ALREADY_EXISTS');
    await expectCode(storeOf().renameExperiment(experimentId, ''), 'INVALID_PARAMETER');
    await expectCode(storeOf().renameExperiment('987654321', 'x'), 'NOT_FOUND');
    await storeOf().deleteExperiment(experimentId);
    await expectCode(storeOf().renameExperiment(experimentId, before), 'CONFLICT');
  });

  it('sets and removes tags, not of a deleted experiment', async () => {
    const { experimentId } = await storeOf().createExperiment(uniqueName('tagged'), { a: '1' });
    await storeOf().setExperimentTag(experimentId, 'b', '2');
    await storeOf().setExperimentTag(experimentId, 'a', '');
    expect({ ...(await storeOf().getExperiment(experimentId)).tags }).toEqual({ a: '', b: '2' });
    await storeOf().deleteExperimentTag(experimentId, 'a');
    await expectCode(storeOf().deleteExperimentTag(experimentId, 'a'), 'NOT_FOUND');
    await expectCode(storeOf().setExperimentTag(experimentId, '../up', '1'), 'INVALID_PARAMETER');
    await expectCode(storeOf().setExperimentTag(experimentId, 'a', 'x'.repeat(20_001)), 'INVALID_PARAMETER');
    await expectCode(storeOf().setExperimentTag('987654321', 'a', '1'), 'NOT_FOUND');
    await storeOf().deleteExperiment(experimentId);
    await expectCode(storeOf().setExperimentTag(experimentId, 'a', '1'), 'CONFLICT');
    await expectCode(storeOf().deleteExperimentTag(experimentId, 'b'), 'CONFLICT');
  });
}
