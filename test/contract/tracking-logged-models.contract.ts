import { expect, it } from 'vitest';
import { artifactStoreCases } from './artifact-store.contract.js';
import { expectCode, uniqueName } from './expect-code.js';
import type { StoreOf } from './tracking-store.contract.js';

const absentModel = `m-${'0'.repeat(32)}`;

/** What the port promises of logged models and of the artifacts of runs and models. */
export function loggedModelCases(storeOf: StoreOf): void {
  const newModel = async () => {
    const { experimentId } = await storeOf().createExperiment(uniqueName('models'));
    const run = await storeOf().createRun({ experimentId });
    const model = await storeOf().createLoggedModel({
      experimentId,
      name: 'detector',
      sourceRunId: run.info.runId,
      params: { nEstimators: '200' },
      tags: { family: 'forest' },
    });
    return { run, model };
  };

  it('creates a pending model, linked to its run', async () => {
    const { run, model } = await newModel();
    expect(model.modelId).toMatch(/^m-[0-9a-f]{32}$/);
    expect(model).toMatchObject({
      name: 'detector',
      experimentId: run.info.experimentId,
      sourceRunId: run.info.runId,
      status: 'PENDING',
    });
    expect(model.artifactUri).toContain(`${model.modelId}/artifacts`);
    expect({ ...model.params }).toEqual({ nEstimators: '200' });
    expect({ ...model.tags }).toEqual({ family: 'forest' });
    expect(await storeOf().getLoggedModel(model.modelId)).toEqual(model);
    expect((await storeOf().getRun(run.info.runId)).modelOutputs).toEqual([{ modelId: model.modelId, step: 0 }]);
  });

  it('finishes a model as ready or failed', async () => {
    const { model } = await newModel();
    expect((await storeOf().finalizeLoggedModel(model.modelId, 'READY')).status).toBe('READY');
    expect((await storeOf().getLoggedModel(model.modelId)).status).toBe('READY');
    await storeOf().finalizeLoggedModel(model.modelId, 'UPLOAD_FAILED');
    expect((await storeOf().getLoggedModel(model.modelId)).status).toBe('UPLOAD_FAILED');
  });

  it('sets tags, overwriting', async () => {
    const { model } = await newModel();
    await storeOf().setLoggedModelTags(model.modelId, { family: 'stump', digest: 'ab' });
    expect({ ...(await storeOf().getLoggedModel(model.modelId)).tags }).toEqual({
      family: 'stump',
      digest: 'ab',
    });
  });

  it('says what model does not exist', async () => {
    const error = await expectCode(storeOf().getLoggedModel(absentModel), 'NOT_FOUND');
    expect(error.message).toContain(absentModel);
    await expectCode(storeOf().finalizeLoggedModel(absentModel, 'READY'), 'NOT_FOUND');
    await expectCode(storeOf().setLoggedModelTags(absentModel, { a: 'b' }), 'NOT_FOUND');
    await expectCode(storeOf().deleteLoggedModel(absentModel), 'NOT_FOUND');
  });

  it('creates no model without a good name, or in an experiment or for a run that does not exist', async () => {
    const { run } = await newModel();
    const { experimentId, runId } = run.info;
    const create = (change: object) =>
      storeOf().createLoggedModel({ experimentId, name: 'detector', sourceRunId: runId, ...change });
    await expectCode(create({ name: 'a/b' }), 'INVALID_PARAMETER');
    await expectCode(create({ name: '' }), 'INVALID_PARAMETER');
    await expectCode(create({ experimentId: '987654321' }), 'NOT_FOUND');
    await expectCode(create({ sourceRunId: 'f'.repeat(32) }), 'NOT_FOUND');
  });

  it('deletes a model with its artifacts', async () => {
    const { model } = await newModel();
    const artifacts = storeOf().artifacts(model.artifactUri);
    await artifacts.put('MLmodel', 'flavors: {}\n');
    await storeOf().deleteLoggedModel(model.modelId);
    await expectCode(storeOf().getLoggedModel(model.modelId), 'NOT_FOUND');
    expect(await artifacts.list()).toEqual([]);
    await expectCode(storeOf().deleteLoggedModel(model.modelId), 'NOT_FOUND');
  });

  it('keeps the artifacts of a run and of its model apart', async () => {
    const { run, model } = await newModel();
    await storeOf().artifacts(run.info.artifactUri).put('where.txt', 'run');
    await storeOf().artifacts(model.artifactUri).put('where.txt', 'model');
    const read = async (uri: string) =>
      new TextDecoder().decode(await storeOf().artifacts(uri).get('where.txt'));
    expect(await read(run.info.artifactUri)).toBe('run');
    expect(await read(model.artifactUri)).toBe('model');
  });

  it('refuses an artifact uri that climbs or that it cannot serve', async () => {
    const { run } = await newModel();
    const list = async (uri: string) => storeOf().artifacts(uri).list();
    await expectCode(list(`${run.info.artifactUri}/../../..`), 'INVALID_PARAMETER');
    await expectCode(list('s3://bucket/prefix'), 'UNSUPPORTED');
  });

  artifactStoreCases(async () => storeOf().artifacts((await newModel()).run.info.artifactUri));
}
