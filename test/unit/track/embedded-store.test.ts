import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectSqlite } from '#src/storage/sqlite-database.js';
import { type EmbeddedTracking, openEmbeddedTracking } from '#src/track/embedded.js';

let folder: string;
let store: EmbeddedTracking;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantomnet-track-'));
  store = await openEmbeddedTracking({ uri: `sqlite:///${folder}/phantomnet.db` });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});
const newRun = async () => (await store.createRun({ experimentId: '0' })).info;
const bits = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
};

describe('ids of runs', () => {
  it('are 32 hex digits that begin with the time and never come twice', async () => {
    const before = Date.now();
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push((await newRun()).runId);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    const times = ids.map((id) => Number.parseInt(id.slice(0, 12), 16));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(before);
    expect(times.at(-1)).toBeLessThanOrEqual(Date.now());
    expect(new Set(ids.map((id) => id.slice(12))).size).toBe(20);
  });
});

describe('metrics', () => {
  it('come back bit for bit, with the latest by step, then time, then value', async () => {
    const point = fc.record({
      key: fc.constantFrom('a', 'b'),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => (Object.is(v, -0) ? 0 : v)),
      timestamp: fc.integer({ min: 0, max: 3 }),
      step: fc.integer({ min: -2, max: 2 }),
    });
    const newer = (a: { step: number; timestamp: number; value: number }, b: typeof a) =>
      a.step - b.step || a.timestamp - b.timestamp || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(point, { maxLength: 12 }), { maxLength: 4 }), async (batches) => {
        const { runId } = await newRun();
        for (const metrics of batches) await store.logBatch(runId, { metrics });
        const run = await store.getRun(runId);
        for (const key of ['a', 'b']) {
          const sent = batches.flat().filter((m) => m.key === key);
          const once = new Map(sent.map((m) => [`${m.step} ${m.timestamp} ${bits(m.value)}`, m]));
          const expected = [...once.values()].sort(newer);
          const history = await store.getMetricHistory(runId, key);
          expect(history).toEqual(expected);
          expect(history.map((m) => bits(m.value))).toEqual(expected.map((m) => bits(m.value)));
          expect(run.metrics[key]).toEqual(expected.at(-1));
        }
      }),
      { seed: 11, numRuns: 25, verbose: 1 },
    );
  });

  it('take a key of any name there is', async () => {
    const { runId } = await newRun();
    await store.logBatch(runId, {
      metrics: [{ key: '__proto__', value: 1, timestamp: 1, step: 0 }],
      params: Object.fromEntries([
        ['__proto__', 'p'],
        ['constructor', 'c'],
      ]),
    });
    const run = await store.getRun(runId);
    expect(Object.entries(run.params)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
    expect(Object.keys(run.metrics)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(run.params)).toBe(Object.prototype);
  });
});

describe('artifacts', () => {
  it('are where MLflow would put them', async () => {
    const experiment = await store.createExperiment('places');
    const { info } = await store.createRun({ experimentId: experiment.experimentId });
    const root = join(folder, 'artifacts', experiment.experimentId);
    expect(experiment.artifactLocation).toBe(root);
    expect(info.artifactUri).toBe(`${root}/${info.runId}/artifacts`);
    const model = await store.createLoggedModel({
      experimentId: experiment.experimentId,
      name: 'forest',
      sourceRunId: info.runId,
    });
    expect(model.artifactUri).toBe(`${root}/models/${model.modelId}/artifacts`);
    await store.artifacts(`file://${info.artifactUri}/sub`).put('a.txt', 'x');
    expect((await store.artifacts(info.artifactUri).list('sub')).map((e) => e.path)).toEqual(['sub/a.txt']);
  });

  it('of no run and no model are refused, wherever they are', async () => {
    const { artifactUri, runId } = await newRun();
    const places = [
      '/etc',
      '/',
      folder,
      join(folder, 'artifacts'),
      join(folder, 'artifacts', '0'),
      join(folder, 'artifacts', '0', runId),
      `${artifactUri}-more`,
      `/etc/${runId}/artifacts`,
      artifactUri.replace(runId, 'f'.repeat(32)),
    ];
    for (const place of places) {
      expect(() => store.artifacts(place), place).toThrow(
        expect.objectContaining({
          code: 'PERMISSION_DENIED',
          message: expect.stringContaining('belongs to no run or model of'),
        }),
      );
    }
    expect(() => store.artifacts(`${artifactUri}/../..`)).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER' }),
    );
    expect(() => store.artifacts('s3://bucket/x')).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });

  it('are not taken from a folder that holds the database, even when a row says so', async () => {
    const { runId } = await newRun();
    const sql = await connectSqlite(join(folder, 'phantomnet.db'));
    sql.run('UPDATE runs SET artifact_uri = ? WHERE run_uuid = ?', [folder, runId]);
    expect(() => store.artifacts(`${folder}/${runId}`)).toThrow(
      expect.objectContaining({ code: 'PERMISSION_DENIED' }),
    );
    sql.close();
  });
});

describe('removal for good', () => {
  it('leaves neither rows nor files of a run, and keeps the models it made', async () => {
    const { experimentId } = await store.createExperiment('purge');
    const { info } = await store.createRun({ experimentId });
    const { runId } = info;
    const model = await store.createLoggedModel({
      experimentId,
      name: 'm',
      sourceRunId: runId,
      params: { a: 'b' },
    });
    await store.artifacts(info.artifactUri).put('a.txt', 'x');
    await store.artifacts(model.artifactUri).put('b.txt', 'x');
    await store.logBatch(runId, {
      metrics: [{ key: 'm', value: 1, timestamp: 1, step: 1 }],
      params: { p: '1' },
    });
    await expect(store.purgeRun(runId)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `run ${runId} is active and cannot be removed for good`,
    });
    await store.deleteRun(runId);
    await store.purgeRun(runId);
    const root = join(folder, 'artifacts', experimentId);
    expect(await readdir(root)).toEqual(['models']);
    expect((await store.getLoggedModel(model.modelId)).params).toEqual({ a: 'b' });
    await store.purgeLoggedModel(model.modelId);
    await expect(store.getLoggedModel(model.modelId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(store.purgeLoggedModel(model.modelId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `no logged model with id "${model.modelId}"`,
    });
    expect(await readdir(join(root, 'models'))).toEqual([]);
    const sql = await connectSqlite(join(folder, 'phantomnet.db'));
    for (const table of ['metrics', 'latest_metrics', 'params', 'tags', 'runs']) {
      expect(sql.all(`SELECT 1 FROM ${table} WHERE run_uuid = ?`, [runId]), table).toEqual([]);
    }
    expect(
      sql.all('SELECT 1 FROM inputs WHERE source_id = ? OR destination_id = ?', [runId, model.modelId]),
    ).toEqual([]);
    expect(sql.all('SELECT 1 FROM logged_model_params WHERE model_id = ?', [model.modelId])).toEqual([]);
    sql.close();
  });
});

describe('messages', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['NOT_FOUND', 'no experiment with id "77"', () => store.getExperiment('77')],
    ['INVALID_PARAMETER', 'experiment id must be a whole number, got "x"', () => store.getExperiment('x')],
    [
      'ALREADY_EXISTS',
      'an experiment named "Default" exists already',
      () => store.createExperiment('Default'),
    ],
    ['NOT_FOUND', 'no deleted experiment with id "0": it is active', () => store.restoreExperiment('0')],
    ['NOT_FOUND', 'no run with id "0"', () => store.getRun('0')],
    [
      'INVALID_PARAMETER',
      'max_results must be a whole number from 1 to 50000, got 0',
      () => store.searchRuns({ experimentIds: ['0'], maxResults: 0 }),
    ],
    [
      'INVALID_PARAMETER',
      'run name "a" and tag mlflow.runName "b" must be equal',
      () => store.createRun({ experimentId: '0', runName: 'a', tags: { 'mlflow.runName': 'b' } }),
    ],
    ['NOT_FOUND', `no logged model with id "m-1"`, () => store.getLoggedModel('m-1')],
    [
      'INVALID_PARAMETER',
      'experiment tag "k" must be at most 20000 characters',
      () => store.createExperiment('long tag', { k: 'x'.repeat(20_001) }),
    ],
  ])('%s: %s', async (code, message, call) => {
    await expect(call()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
  });

  it('name what a deleted experiment or run refuses', async () => {
    const { experimentId } = await store.createExperiment('deleted');
    const { info } = await store.createRun({ experimentId });
    await store.deleteExperiment(experimentId);
    await expect(store.createRun({ experimentId })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'experiment "deleted" is deleted and takes no writes',
    });
    await expect(store.deleteTag(info.runId, 'x')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `run ${info.runId} is deleted and cannot be written to`,
    });
    await store.restoreExperiment(experimentId);
    await expect(store.deleteTag(info.runId, 'x')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `run ${info.runId} has no tag "x"`,
    });
    await store.logBatch(info.runId, { params: { depth: '3' } });
    await expect(store.logBatch(info.runId, { params: { depth: '4' } })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `param "depth" of run ${info.runId} is "3" and cannot become "4": params are written once`,
    });
  });
});
