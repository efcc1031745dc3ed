import { expect, it } from 'vitest';
import { artifactStoreCases } from './artifact-store.contract.js';
import { expectCode, uniqueName } from './expect-code.js';
import type { StoreOf } from './tracking-store.contract.js';

const absentModel = `m-${'0'.repeat(32)}`;

/** What the port promises of logged models. */
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
    expect((await storeOf().getRun(run.info.runId)).modelOutputs).toEqual([
      { modelId: model.modelId, step: 0 },
    ]);
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

  it('creates a model without a run, and makes up a name', async () => {
    const { experimentId } = await storeOf().createExperiment(uniqueName('models'));
    const model = await storeOf().createLoggedModel({ experimentId, modelType: 'forest' });
    expect(model).toMatchObject({ sourceRunId: '', modelType: 'forest', status: 'PENDING', metrics: [] });
    expect(model.name).toMatch(/^[a-z]+-[a-z]+-\d{1,3}$/);
  });

  it('links a model to its run once, at a step', async () => {
    const { experimentId } = await storeOf().createExperiment(uniqueName('models'));
    const { info } = await storeOf().createRun({ experimentId });
    const { modelId } = await storeOf().createLoggedModel({
      experimentId,
      sourceRunId: info.runId,
      isOutput: false,
    });
    expect((await storeOf().getRun(info.runId)).modelOutputs).toEqual([]);
    await storeOf().logOutputs(info.runId, [{ modelId, step: 7 }]);
    await expectCode(storeOf().logOutputs(info.runId, [{ modelId, step: 8 }]), 'ALREADY_EXISTS');
    await storeOf().logInputs(info.runId, [], [modelId]);
    await storeOf().logInputs(info.runId, [], [modelId]);
    const run = await storeOf().getRun(info.runId);
    expect(run.modelOutputs).toEqual([{ modelId, step: 7 }]);
    expect(run.modelInputs).toEqual([modelId]);
  });

  it('keeps the points that name a model with the model too', async () => {
    const { run, model } = await newModel();
    const { runId } = run.info;
    const { modelId } = model;
    const point = { key: 'acc', value: 0.75, timestamp: 6, step: 2 };
    const onSet = { ...point, value: 0.5, step: 1, datasetName: 'week6', datasetDigest: 'ab' };
    await storeOf().logBatch(runId, { metrics: [{ ...onSet, modelId }] });
    await storeOf().logBatch(runId, {
      metrics: [
        { ...point, modelId },
        { ...point, key: 'plain' },
      ],
    });
    await storeOf().logBatch(runId, { metrics: [{ ...point, modelId }] });
    const { metrics } = await storeOf().getLoggedModel(modelId);
    expect(metrics).toEqual([
      { ...onSet, modelId, runId },
      { ...point, modelId, runId },
    ]);
    expect((await storeOf().getRun(runId)).metrics['acc']).toEqual(point);
    const absent = { ...point, key: 'stray', modelId: absentModel };
    await expectCode(storeOf().logBatch(runId, { metrics: [absent] }), 'NOT_FOUND', 'INVALID_PARAMETER');
  });

  it('adds params once, and removes tags', async () => {
    const { model } = await newModel();
    const { modelId } = model;
    await storeOf().logLoggedModelParams(modelId, { depth: '3' });
    await expectCode(storeOf().logLoggedModelParams(modelId, { depth: '3' }), 'ALREADY_EXISTS');
    await storeOf().deleteLoggedModelTag(modelId, 'family');
    await expectCode(storeOf().deleteLoggedModelTag(modelId, 'family'), 'NOT_FOUND');
    const read = await storeOf().getLoggedModel(modelId);
    expect({ ...read.params }).toEqual({ depth: '3', nEstimators: '200' });
    expect({ ...read.tags }).toEqual({});
  });

  it('shows a deleted model only where that is asked for', async () => {
    const { model } = await newModel();
    await storeOf().deleteLoggedModel(model.modelId);
    await storeOf().deleteLoggedModel(model.modelId);
    await expectCode(storeOf().getLoggedModel(model.modelId), 'NOT_FOUND');
    const deleted = await storeOf().getLoggedModel(model.modelId, { allowDeleted: true });
    expect(deleted).toMatchObject({ modelId: model.modelId, name: 'detector' });
  });
}

/** What the port promises of the artifacts of runs and models. */
export function artifactCases(storeOf: StoreOf): void {
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

  it('purges a model with its artifacts', async () => {
    const { model } = await newModel();
    const artifacts = storeOf().artifacts(model.artifactUri);
    await artifacts.put('MLmodel', 'flavors: {}\n');
    await storeOf().purgeLoggedModel(model.modelId);
    await expectCode(storeOf().getLoggedModel(model.modelId), 'NOT_FOUND');
    expect(await artifacts.list()).toEqual([]);
    await expectCode(storeOf().purgeLoggedModel(model.modelId), 'NOT_FOUND');
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
