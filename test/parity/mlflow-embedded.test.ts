import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedRegistry } from '#src/register/embedded.js';
import type { RegistryStore } from '#src/register/index.js';
import { openMlflowDatabase, PHANTOMNET_INDEXES } from '#src/storage/index.js';
import { OLDER_REVISIONS } from '#src/storage/mlflow-schema.js';
import { type EmbeddedTracking, openEmbeddedTracking } from '#src/track/embedded.js';
import { needsPython, PythonClient, python } from './python-client.js';

if (needsPython !== '') console.log(`mlflow-embedded${needsPython}`);

const hex = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
};
/** MLflow writes the constraints of some tables in an order that changes from start to start. */
const canonical = (sql: unknown) =>
  String(sql)
    .split('\n')
    .map((line) => line.trim().replace(/,$/, ''))
    .sort();
/** What Python says of a run, its model and its registry. */
interface Seen {
  readonly experiment: object;
  readonly info: object;
  readonly params: object;
  readonly tags: Record<string, string>;
  readonly metrics: object;
  readonly history: Record<string, unknown>;
  readonly datasets: object[];
  readonly artifacts: string[];
  readonly artifactText: string;
  readonly loggedModel: { readonly tags: Record<string, string> };
  readonly registered: { readonly latest: object };
  readonly versions: object[];
  readonly byAlias: number;
  readonly modelFiles: string[];
}
const MODEL = 'PhantomNet_Attack_Detector';
const points = [
  { key: 'accuracy', value: 0.1 + 0.2, timestamp: 1_700_000_000_123, step: 0 },
  { key: 'accuracy', value: 5e-324, timestamp: 1_700_000_000_124, step: 1 },
  { key: 'loss', value: Number.NaN, timestamp: 7, step: 3 },
  { key: 'top', value: Number.POSITIVE_INFINITY, timestamp: 7, step: -1 },
  { key: 'bottom', value: Number.NEGATIVE_INFINITY, timestamp: 9_007_199_254_740_991, step: 0 },
  { key: 'largest', value: Number.MAX_VALUE, timestamp: 0, step: 9_007_199_254_740_991 },
];
const sentPoints = points.map((p) => ({ ...p, value: hex(p.value) }));

describe.skipIf(python === undefined)(`the embedded store and MLflow's client${needsPython}`, () => {
  let client: PythonClient;
  let folder: string;
  let uri: string;
  let tracking: EmbeddedTracking;
  let registry: RegistryStore;

  beforeAll(async () => {
    // A name that urls and MLflow's client could both misread.
    folder = await mkdtemp(join(tmpdir(), 'phantomnet parity '));
    client = new PythonClient(folder);
    uri = `sqlite:///${folder}/phantomnet.db`;
    tracking = await openEmbeddedTracking({ uri, artifactRoot: join(folder, '100%41 art') });
    registry = await openEmbeddedRegistry({ uri });
  });
  afterAll(async () => {
    await client.close();
    await registry.close();
    await tracking.close();
    await rm(folder, { recursive: true });
  });

  it('have the same fresh database: schema, revision and first rows', async () => {
    type Fresh = {
      revision: string;
      older: string[];
      objects: { type: string; name: string; sql: string }[];
      rows: Record<string, (string | number | null)[][]>;
    };
    const theirs = await client.ask<Fresh>('schema');
    const path = join(folder, 'fresh.db');
    const { sql, close } = await openMlflowDatabase({ uri: `sqlite:///${path}` });
    const names = (objects: readonly { name: unknown }[]) => objects.map((o) => String(o.name)).sort();
    const ours = sql.all('SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL');
    // Indexes of our own come beside MLflow's.
    const shared = ours.filter((o) => !String(o['name']).startsWith('phantomnet_'));
    expect(ours.length - shared.length).toBe(PHANTOMNET_INDEXES.length);
    expect(names(shared as { name: unknown }[])).toEqual(names(theirs.objects));
    for (const object of theirs.objects) {
      const own = ours.find((o) => o['name'] === object.name);
      expect(own?.['type']).toBe(object.type);
      expect(canonical(own?.['sql'])).toEqual(canonical(object.sql));
    }
    expect([...OLDER_REVISIONS].sort()).toEqual([...theirs.older].sort());
    const rows: Record<string, unknown> = {};
    for (const { type, name } of theirs.objects) {
      if (type !== 'table') continue;
      const found = sql.all(`SELECT * FROM "${name}"`);
      if (found.length > 0) rows[name] = found.map((row) => Object.values(row));
    }
    const timeless = (all: Record<string, unknown>) => {
      const [experiment] = all['experiments'] as unknown[][];
      expect(experiment).toHaveLength(7);
      const [id, name, location, stage, created, updated, workspace] = experiment!;
      expect(typeof created).toBe('number');
      expect(updated).toBe(created);
      expect(String(location)).toMatch(/\/artifacts\/0$/);
      return { ...all, experiments: [id, name, stage, workspace] };
    };
    expect(timeless(rows)).toEqual(timeless(theirs.rows));
    await close();
  });

  it('reads from Python all that was written here', async () => {
    const experiment = await tracking.createExperiment('week6', { team: 'blue' });
    const { experimentId } = experiment;
    const tags = { 'mlflow.source.name': 'train', kept: 'yes' };
    const run = await tracking.createRun({ experimentId, runName: 'forest', userId: 'analyst', tags });
    const { runId } = run.info;
    await tracking.logBatch(runId, { metrics: points, params: { nEstimators: '200', 'ünï code': 'é漢' } });
    const dataset = {
      name: 'week6',
      digest: 'abc',
      sourceType: 'local',
      source: '{"uri":"x"}',
      schema: '{}',
    };
    await tracking.logInputs(runId, [{ ...dataset, tags: { 'mlflow.data.context': 'training' } }]);
    await tracking.artifacts(run.info.artifactUri).put('plots/a b é.txt', 'réseau\n');
    const model = await tracking.createLoggedModel({
      experimentId,
      name: 'detector',
      sourceRunId: runId,
      params: { p: '1' },
      tags: { t: '2' },
    });
    await tracking.artifacts(model.artifactUri).put('MLmodel', 'flavors: {}\n');
    await tracking.finalizeLoggedModel(model.modelId, 'READY');
    await registry.createRegisteredModel(MODEL, { description: 'attack or not', tags: { a: 'b' } });
    const source = `models:/${model.modelId}`;
    for (const description of ['first', 'second']) {
      await registry.createModelVersion({ name: MODEL, source, description, tags: { validated: 'true' } });
      await registry.transitionStage(MODEL, description === 'first' ? '1' : '2', 'Staging', {
        archiveExisting: true,
      });
    }
    await registry.setAlias(MODEL, 'champion', '1');
    await tracking.updateRun(runId, { status: 'FINISHED', endTime: 1_800_000_000_000 });

    const seen = await client.ask<Seen>('read', {
      uri,
      experiment: 'week6',
      filter: "params.nEstimators = '200' and tags.kept = 'yes' and metrics.top > 1e300",
      model: MODEL,
      alias: 'champion',
      artifact: 'plots/a b é.txt',
    });
    expect(seen.experiment).toMatchObject({ experiment_id: experimentId, tags: { team: 'blue' } });
    expect(seen.info).toMatchObject({
      run_id: runId,
      run_name: 'forest',
      user_id: 'analyst',
      status: 'FINISHED',
      end_time: 1_800_000_000_000,
      artifact_uri: run.info.artifactUri,
    });
    expect(seen.params).toEqual({ nEstimators: '200', 'ünï code': 'é漢' });
    expect(seen.tags).toMatchObject({ 'mlflow.runName': 'forest', kept: 'yes' });
    const max = Number.MAX_VALUE;
    expect(seen.metrics).toEqual({
      accuracy: hex(5e-324),
      loss: hex(Number.NaN),
      top: hex(max),
      bottom: hex(-max),
      largest: hex(max),
    });
    expect(seen.history['accuracy']).toEqual(sentPoints.slice(0, 2));
    expect(seen.datasets).toMatchObject([
      { name: 'week6', digest: 'abc', source_type: 'local', tags: { 'mlflow.data.context': 'training' } },
    ]);
    expect(seen.artifacts).toEqual(['plots']);
    expect(seen.artifactText).toBe('réseau\n');
    expect(seen.loggedModel).toMatchObject({
      modelId: model.modelId,
      name: 'detector',
      status: 'READY',
      params: { p: '1' },
      location: model.artifactUri,
      sourceRunId: runId,
    });
    expect(JSON.parse(seen.loggedModel.tags['mlflow.modelVersions'] ?? '')).toEqual([
      { name: MODEL, version: 1 },
      { name: MODEL, version: 2 },
    ]);
    expect(seen.registered).toMatchObject({ description: 'attack or not', tags: { a: 'b' } });
    expect(seen.registered.latest).toEqual({ Archived: 1, Staging: 2 });
    expect(seen.versions).toMatchObject([
      { version: 2, stage: 'Staging', source, runId, description: 'second', tags: { validated: 'true' } },
      { version: 1, stage: 'Archived', source, runId, description: 'first' },
    ]);
    expect(seen.byAlias).toBe(1);
    expect(seen.modelFiles).toContain('MLmodel');
  });

  const expectPythonsWork = async (
    stores: { tracking: EmbeddedTracking; registry: RegistryStore },
    written: { runId: string; modelId: string },
  ) => {
    const run = await stores.tracking.getRun(written.runId);
    expect(run.info).toMatchObject({ runName: 'from python', status: 'FINISHED' });
    expect(run.params).toEqual({ depth: '3' });
    expect(run.tags).toMatchObject({ t: 'v', 'mlflow.runName': 'from python' });
    expect(run.metrics['accuracy']).toEqual(points[1]);
    expect(run.metrics['loss']).toEqual(points[2]);
    expect(run.metrics['top']).toEqual({ ...points[3], value: Number.MAX_VALUE });
    expect(await stores.tracking.getMetricHistory(written.runId, 'accuracy')).toEqual(points.slice(0, 2));
    expect(run.datasets).toEqual([
      {
        name: 'week6',
        digest: 'd1',
        sourceType: 'local',
        source: '{}',
        schema: '{}',
        profile: '{"num_rows": 220}',
        tags: { 'mlflow.data.context': 'training' },
      },
    ]);
    expect(run.modelOutputs).toEqual([{ modelId: written.modelId, step: 0 }]);
    const text = await stores.tracking.artifacts(run.info.artifactUri).get('conf/a.json');
    expect(JSON.parse(Buffer.from(text).toString())).toEqual({ k: 1 });
    const version = await stores.registry.getVersionByAlias('from python', 'champion');
    expect(version).toMatchObject({
      version: '1',
      stage: 'Production',
      tags: { q: '1' },
      modelId: written.modelId,
    });
    const files = stores.tracking.artifacts(await stores.registry.getDownloadUri('from python', '1'));
    expect(await files.list()).toEqual([{ path: 'MLmodel', isDirectory: false, sizeBytes: 12 }]);
    expect(await stores.tracking.getLoggedModel(written.modelId)).toMatchObject({
      name: 'forest',
      status: 'READY',
      params: { trees: '200' },
    });
  };

  it('reads here all that Python wrote into our database', async () => {
    const request = { uri, experiment: 'from python', metrics: sentPoints, model: 'from python', folder };
    const written = await client.ask<{ runId: string; modelId: string }>('write', request);
    await expectPythonsWork({ tracking, registry }, written);
  });

  it('loses nothing when both write at once', async () => {
    const { experimentId } = await tracking.createExperiment('both');
    const { runId } = (await tracking.createRun({ experimentId })).info;
    const theirs = client.ask('log_points', { uri, runId, key: 'python', count: 40 });
    // A bounded number: SQLite does not queue writers, so an endless one could starve the other.
    const ours = 150;
    for (let i = 0; i < ours; i++) {
      await tracking.logBatch(runId, { metrics: [{ key: 'node', value: i, timestamp: i, step: i }] });
      await nextTurn();
    }
    expect(await theirs).toBe(40);
    expect(await tracking.getMetricHistory(runId, 'python')).toHaveLength(40);
    expect(await tracking.getMetricHistory(runId, 'node')).toHaveLength(ours);
    expect((await tracking.getRun(runId)).metrics['node']?.step).toBe(ours - 1);
  });

  it('passes `mlflow db upgrade`', async () => {
    const result = await client.ask<{ exitCode: number; error: string }>('upgrade', { uri });
    expect(result).toMatchObject({ exitCode: 0, error: 'None' });
    expect(await tracking.getExperimentByName('week6')).toBeDefined();
  });

  it('works on a database that MLflow made, and leaves its journal as it is', async () => {
    const theirs = `sqlite:///${folder}/mlflow.db`;
    const request = { uri: theirs, experiment: 'made', metrics: sentPoints, model: 'from python' };
    const written = await client.ask<{ runId: string; modelId: string; experimentId: string }>('write', {
      ...request,
      folder: join(folder, 'second'),
    });
    const stores = {
      tracking: await openEmbeddedTracking({ uri: theirs }),
      registry: await openEmbeddedRegistry({ uri: theirs }),
    };
    await expectPythonsWork(stores, written);
    const run = await stores.tracking.createRun({ experimentId: written.experimentId });
    await stores.tracking.artifacts(run.info.artifactUri).put('a.txt', 'x');
    await stores.tracking.updateRun(run.info.runId, { status: 'FINISHED', endTime: Date.now() });
    await stores.registry.close();
    await stores.tracking.close();
    // Bytes 18 and 19 of the header are 1 with a rollback journal and 2 with WAL.
    expect([...(await readFile(join(folder, 'mlflow.db'))).subarray(18, 20)]).toEqual([1, 1]);
    expect([...(await readFile(join(folder, 'phantomnet.db'))).subarray(18, 20)]).toEqual([2, 2]);
  });
});
