import { expect, it } from 'vitest';
import { quoteFilterKey, quoteFilterText } from '#src/mlflow/index.js';
import { expectCode, uniqueName } from './expect-code.js';
import type { StoreOf } from './tracking-store.contract.js';

const absentRun = 'f'.repeat(32);

/** What the port promises of runs: start, change, delete, restore, list, purge. */
export function runCases(storeOf: StoreOf, purge: 'supported' | 'unsupported'): void {
  const newExperiment = async () => (await storeOf().createExperiment(uniqueName('runs'))).experimentId;

  it('starts a run and gives it back', async () => {
    const experimentId = await newExperiment();
    const run = await storeOf().createRun({
      experimentId,
      runName: 'forest on payload_length',
      startTime: 1_700_000_000_123,
      userId: 'analyst',
      tags: { 'mlflow.source.name': 'train', note: 'line\nbreak' },
    });
    expect(run.info).toMatchObject({
      runName: 'forest on payload_length',
      experimentId,
      userId: 'analyst',
      status: 'RUNNING',
      startTime: 1_700_000_000_123,
      endTime: null,
      lifecycleStage: 'active',
    });
    expect(run.info.runId).toMatch(/^[0-9a-f]{32}$/);
    expect(run.info.artifactUri).toContain(`${run.info.runId}/artifacts`);
    expect({ ...run.tags }).toEqual({
      'mlflow.runName': 'forest on payload_length',
      'mlflow.source.name': 'train',
      note: 'line\nbreak',
    });
    expect({ ...run.metrics }).toEqual({});
    expect({ ...run.params }).toEqual({});
    expect(run.datasets).toEqual([]);
    expect(run.modelOutputs).toEqual([]);
    expect(await storeOf().getRun(run.info.runId)).toEqual(run);
  });

  it('makes up a name like honorable-vole-850, and takes the time from the clock', async () => {
    const before = Date.now();
    const run = await storeOf().createRun({ experimentId: await newExperiment() });
    expect(run.info.runName).toMatch(/^[a-z]+-[a-z]+-\d{1,3}$/);
    expect(run.tags['mlflow.runName']).toBe(run.info.runName);
    expect(run.info.startTime).toBeGreaterThanOrEqual(before - 5_000);
    expect(run.info.startTime).toBeLessThanOrEqual(Date.now() + 5_000);
  });

  it('changes status, end and name', async () => {
    const { info } = await storeOf().createRun({ experimentId: await newExperiment(), runName: 'first' });
    await storeOf().updateRun(info.runId, { status: 'FAILED', endTime: 1_700_000_001_000 });
    const failed = await storeOf().getRun(info.runId);
    expect(failed.info).toMatchObject({ status: 'FAILED', endTime: 1_700_000_001_000, runName: 'first' });
    await storeOf().updateRun(info.runId, { runName: 'second' });
    const renamed = await storeOf().getRun(info.runId);
    expect(renamed.info).toMatchObject({ status: 'FAILED', endTime: 1_700_000_001_000, runName: 'second' });
    expect(renamed.tags['mlflow.runName']).toBe('second');
    for (const status of ['RUNNING', 'SCHEDULED', 'FINISHED', 'KILLED'] as const) {
      await storeOf().updateRun(info.runId, { status });
      expect((await storeOf().getRun(info.runId)).info.status).toBe(status);
    }
  });

  it('renames a run whose tag mlflow.runName is set', async () => {
    const { info } = await storeOf().createRun({ experimentId: await newExperiment(), runName: 'first' });
    await storeOf().logBatch(info.runId, { tags: { 'mlflow.runName': 'by tag' } });
    const run = await storeOf().getRun(info.runId);
    expect(run.info.runName).toBe('by tag');
    expect(run.tags['mlflow.runName']).toBe('by tag');
  });

  it('deletes and restores a run; a deleted one stays readable and refuses writes', async () => {
    const { info } = await storeOf().createRun({ experimentId: await newExperiment() });
    await storeOf().logBatch(info.runId, { params: { kept: 'yes' } });
    await storeOf().deleteRun(info.runId);
    const deleted = await storeOf().getRun(info.runId);
    expect(deleted.info.lifecycleStage).toBe('deleted');
    expect({ ...deleted.params }).toEqual({ kept: 'yes' });
    const write = await expectCode(storeOf().logBatch(info.runId, { params: { a: '1' } }), 'CONFLICT');
    expect(write.message).toContain(info.runId);
    await expectCode(storeOf().logBatch(info.runId, { tags: { a: '1' } }), 'CONFLICT');
    await expectCode(storeOf().updateRun(info.runId, { status: 'FINISHED' }), 'CONFLICT');
    await storeOf().restoreRun(info.runId);
    expect((await storeOf().getRun(info.runId)).info.lifecycleStage).toBe('active');
    await storeOf().logBatch(info.runId, { params: { a: '1' } });
  });

  it('says what run does not exist', async () => {
    const error = await expectCode(storeOf().getRun(absentRun), 'NOT_FOUND');
    expect(error.message).toContain(absentRun);
    await expectCode(storeOf().updateRun(absentRun, { status: 'FINISHED' }), 'NOT_FOUND');
    await expectCode(storeOf().deleteRun(absentRun), 'NOT_FOUND');
    await expectCode(storeOf().restoreRun(absentRun), 'NOT_FOUND');
    await expectCode(storeOf().logBatch(absentRun, { tags: { a: 'b' } }), 'NOT_FOUND');
    await expectCode(storeOf().createRun({ experimentId: '987654321' }), 'NOT_FOUND');
  });

  it('lists newest first, filtered by life cycle, status, tags and number', async () => {
    const experimentId = await newExperiment();
    const other = await newExperiment();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const tags = { parity: i % 2 === 0 ? 'even' : 'odd', 'odd/key: 1': 'a "b" c' };
      const run = await storeOf().createRun({ experimentId, startTime: 1_700_000_000_000 + i, tags });
      ids.push(run.info.runId);
    }
    const elsewhere = await storeOf().createRun({ experimentId: other, startTime: 1_600_000_000_000 });
    await storeOf().updateRun(ids[1]!, { status: 'FINISHED', endTime: 1_700_000_000_500 });
    await storeOf().deleteRun(ids[4]!);
    const list = async (query: object) =>
      (await storeOf().searchRuns({ experimentIds: [experimentId], ...query })).items.map((r) =>
        ids.indexOf(r.info.runId),
      );
    expect(await list({})).toEqual([3, 2, 1, 0]);
    expect(await list({ viewType: 'ALL' })).toEqual([4, 3, 2, 1, 0]);
    expect(await list({ viewType: 'DELETED_ONLY' })).toEqual([4]);
    expect(await list({ filter: "status = 'FINISHED'" })).toEqual([1]);
    expect(await list({ filter: "tags.parity = 'even'" })).toEqual([2, 0]);
    expect(
      await list({
        filter: `tags.parity = 'even' AND tags.${quoteFilterKey('odd/key: 1')} = ${quoteFilterText('a "b" c')}`,
      }),
    ).toEqual([2, 0]);
    expect(await list({ filter: "tags.parity = 'EVEN'" })).toEqual([]);
    expect(await list({ maxResults: 2 })).toEqual([3, 2]);
    expect(await list({ experimentIds: [] })).toEqual([]);
    const both = (await storeOf().searchRuns({ experimentIds: [other, experimentId] })).items;
    expect(both.map((r) => r.info.runId)).toEqual([ids[3], ids[2], ids[1], ids[0], elsewhere.info.runId]);
    expect(both[0]).toEqual(await storeOf().getRun(ids[3]!));
  });

  it('orders runs of one start time by id', async () => {
    const experimentId = await newExperiment();
    const made: string[] = [];
    for (let i = 0; i < 4; i++) {
      made.push((await storeOf().createRun({ experimentId, startTime: 1_700_000_000_000 })).info.runId);
    }
    const listed = (await storeOf().searchRuns({ experimentIds: [experimentId] })).items.map(
      (r) => r.info.runId,
    );
    expect(listed).toEqual(made.sort());
  });

  if (purge === 'unsupported') {
    it('says that its wire cannot remove a run for good', async () => {
      const { info } = await storeOf().createRun({ experimentId: await newExperiment() });
      await storeOf().deleteRun(info.runId);
      await expectCode(storeOf().purgeRun(info.runId), 'UNSUPPORTED');
    });
    return;
  }
  it('removes a deleted run and its artifacts for good, and never an active one', async () => {
    const { info } = await storeOf().createRun({ experimentId: await newExperiment() });
    const artifacts = storeOf().artifacts(info.artifactUri);
    await artifacts.put('note.txt', 'bytes');
    await storeOf().logBatch(info.runId, {
      params: { a: '1' },
      tags: { b: '2' },
      metrics: [{ key: 'c', value: 1, timestamp: 1, step: 0 }],
    });
    await storeOf().logInputs(info.runId, [
      {
        name: 'd',
        digest: '1',
        sourceType: 'local',
        source: '{}',
        tags: { 'mlflow.data.context': 'training' },
      },
    ]);
    await expectCode(storeOf().purgeRun(info.runId), 'CONFLICT');
    expect((await storeOf().getRun(info.runId)).params['a']).toBe('1');
    await storeOf().deleteRun(info.runId);
    await storeOf().purgeRun(info.runId);
    await expectCode(storeOf().getRun(info.runId), 'NOT_FOUND');
    await expectCode(storeOf().purgeRun(info.runId), 'NOT_FOUND');
    expect(await artifacts.list()).toEqual([]);
  });
}
