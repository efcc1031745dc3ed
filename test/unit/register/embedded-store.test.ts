import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedRegistry } from '#src/register/embedded.js';
import type { RegistryStore, Stage } from '#src/register/index.js';
import { connectSqlite } from '#src/storage/sqlite-database.js';
import { type EmbeddedTracking, openEmbeddedTracking } from '#src/track/embedded.js';

let folder: string;
let tracking: EmbeddedTracking;
let registry: RegistryStore;
let source: string;
let modelId: string;
let runId: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantomnet-register-'));
  const uri = `sqlite:///${folder}/phantomnet.db`;
  tracking = await openEmbeddedTracking({ uri });
  registry = await openEmbeddedRegistry({ uri });
  runId = (await tracking.createRun({ experimentId: '0' })).info.runId;
  modelId = (await tracking.createLoggedModel({ experimentId: '0', name: 'm', sourceRunId: runId })).modelId;
  source = `models:/${modelId}`;
  await registry.createRegisteredModel('detector');
});
afterAll(async () => {
  await registry.close();
  await tracking.close();
  await rm(folder, { recursive: true });
});

describe('the embedded registry', () => {
  it('never gives the number of a deleted version again, and blots out what it was', async () => {
    const first = await registry.createModelVersion({ name: 'detector', source });
    expect(first).toMatchObject({ version: '1', runId, modelId });
    await registry.deleteModelVersion('detector', '1');
    expect((await registry.createModelVersion({ name: 'detector', source })).version).toBe('2');
    const sql = await connectSqlite(join(folder, 'phantomnet.db'));
    expect(sql.get("SELECT * FROM model_versions WHERE name = 'detector' AND version = 1")).toMatchObject({
      current_stage: 'Deleted_Internal',
      source: 'REDACTED-SOURCE-PATH',
      run_id: 'REDACTED-RUN-ID',
    });
    sql.close();
  });

  it('finds the files of a logged model, and notes the versions on it', async () => {
    const { artifactUri, tags } = await tracking.getLoggedModel(modelId);
    expect(await registry.getDownloadUri('detector', '2')).toBe(artifactUri);
    expect(JSON.parse(tags['mlflow.modelVersions'] ?? '')).toEqual([
      { name: 'detector', version: 1 },
      { name: 'detector', version: 2 },
    ]);
  });

  it('keeps an artifact uri as source', async () => {
    const { info } = await tracking.getRun(runId);
    const version = await registry.createModelVersion({
      name: 'detector',
      source: `${info.artifactUri}/model`,
      modelId,
    });
    expect(version).toMatchObject({ runId, modelId: '' });
    expect(await registry.getDownloadUri('detector', version.version)).toBe(`${info.artifactUri}/model`);
  });

  it('takes stages in any case, and knows latest', async () => {
    const moved = await registry.transitionStage('detector', '2', 'production' as Stage, {
      archiveExisting: true,
    });
    expect(moved.stage).toBe('Production');
    expect((await registry.getLatestVersions('detector', ['PRODUCTION' as Stage]))[0]?.version).toBe('2');
    expect((await registry.getVersionByAlias('detector', 'Latest')).version).toBe('3');
  });

  it('says which command shows the versions and aliases there are', async () => {
    await expect(registry.getModelVersion('detector', '9')).rejects.toMatchObject({
      hint: 'see the versions of the model: phantomnet models show "detector"',
    });
    await expect(registry.getVersionByAlias('detector', 'gone')).rejects.toMatchObject({
      hint: expect.stringContaining('phantomnet models show "detector"'),
    });
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['NOT_FOUND', 'no registered model named "x"', () => registry.getRegisteredModel('x')],
    [
      'NOT_FOUND',
      'registered model "detector" has no version 9',
      () => registry.getModelVersion('detector', '9'),
    ],
    [
      'NOT_FOUND',
      'registered model "detector" has no alias "gone"',
      () => registry.getVersionByAlias('detector', 'gone'),
    ],
    [
      'ALREADY_EXISTS',
      'a registered model named "detector" exists already',
      () => registry.createRegisteredModel('detector'),
    ],
    [
      'INVALID_PARAMETER',
      'model version must be a whole number from 1, got "one"',
      () => registry.getModelVersion('detector', 'one'),
    ],
    [
      'INVALID_PARAMETER',
      'stage must be None, Staging, Production, Archived, got "Prod"',
      () => registry.transitionStage('detector', '2', 'Prod' as Stage, { archiveExisting: false }),
    ],
    [
      'INVALID_PARAMETER',
      'existing versions cannot be archived on the way to stage Archived',
      () => registry.transitionStage('detector', '2', 'Archived', { archiveExisting: true }),
    ],
    [
      'NOT_FOUND',
      `no logged model with id "m-${'0'.repeat(32)}" to register`,
      () => registry.createModelVersion({ name: 'detector', source: `models:/m-${'0'.repeat(32)}` }),
    ],
    [
      'INVALID_PARAMETER',
      'source of a model version must not be empty',
      () => registry.createModelVersion({ name: 'detector', source: '' }),
    ],
    [
      'INVALID_PARAMETER',
      'tag "k" must be at most 100000 characters',
      () => registry.setRegisteredModelTags('detector', { k: 'x'.repeat(100_001) }),
    ],
  ])('%s: %s', async (code, message, call) => {
    await expect(call()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
  });
});
