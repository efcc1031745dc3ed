import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedTracking } from '#src/track/embedded.js';
import { expectThrown } from '../../support/expect-thrown.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantomnet-proxied-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Opens the store as a server does, whose experiments record `mlflow-artifacts:`, or as a command does. */
const open = (who: 'server' | 'command', root = 'artifacts') =>
  openEmbeddedTracking({
    uri: `sqlite:///${folder}/p.db`,
    artifactRoot: join(folder, root),
    ...(who === 'server' ? { artifactRootUri: 'mlflow-artifacts:' } : {}),
  });

describe('a store that a server used', () => {
  it('opens the artifacts of its runs and models without the server, and removes them with the run', async () => {
    const served = await open('server');
    const { experimentId } = await served.createExperiment('x');
    const { runId, artifactUri } = (await served.createRun({ experimentId })).info;
    const model = await served.createLoggedModel({ experimentId, name: 'm', sourceRunId: runId });
    expect([artifactUri, model.artifactUri]).toEqual([
      `mlflow-artifacts:/${experimentId}/${runId}/artifacts`,
      `mlflow-artifacts:/${experimentId}/models/${model.modelId}/artifacts`,
    ]);
    await served.close();

    const store = await open('command');
    await store.artifacts(artifactUri).put('a.txt', 'run');
    await store.artifacts(`${model.artifactUri}/data`).put('w.bin', 'model');
    const home = join(folder, 'artifacts', experimentId);
    expect(await readFile(join(home, runId, 'artifacts', 'a.txt'), 'utf8')).toBe('run');
    expect(await readFile(join(home, 'models', model.modelId, 'artifacts', 'data', 'w.bin'), 'utf8')).toBe(
      'model',
    );
    const other = artifactUri.replace('mlflow-artifacts:', 'mlflow-artifacts://other.example:5000');
    expect((await store.artifacts(other).list()).map((entry) => entry.path)).toEqual(['a.txt']);
    await store.purgeLoggedModel(model.modelId);
    await store.deleteRun(runId);
    await store.purgeRun(runId);
    expect(await readdir(home)).toEqual(['models']);
    expect(await readdir(join(home, 'models'))).toEqual([]);
    await store.close();
  });

  it.each([
    'mlflow-artifacts:/',
    'mlflow-artifacts:',
    'mlflow-artifacts:/0',
    `mlflow-artifacts:/0/${'a'.repeat(32)}/artifacts`,
  ])('opens %s for no run', async (uri) => {
    const store = await open('command');
    expectThrown(() => store.artifacts(uri), 'PERMISSION_DENIED');
    await store.close();
  });

  it.each([
    'mlflow-artifacts:/../x',
    'mlflow-artifacts:/0/%2e%2e/x',
    'mlflow-artifacts:/a?b',
    'mlflow-artifacts:/a#b',
  ])('does not climb by %s', async (uri) => {
    const store = await open('server');
    expectThrown(() => store.artifacts(uri), 'INVALID_PARAMETER');
    expectThrown(() => store.servedArtifacts(uri), 'INVALID_PARAMETER');
    await store.close();
  });
});

describe('what a server gives out', () => {
  it('is what lies below its artifact root, however its uri is spelt', async () => {
    const store = await open('server');
    await store.servedArtifacts().put('a/b/c.txt', 'x');
    for (const uri of [
      'mlflow-artifacts:/a/b',
      'mlflow-artifacts:/a/b/',
      'mlflow-artifacts://host:5000/a/b',
      join(folder, 'artifacts', 'a', 'b'),
      `file://${join(folder, 'artifacts', 'a', 'b')}`,
    ]) {
      expect((await store.servedArtifacts(uri).list()).map((entry) => entry.path)).toEqual(['c.txt']);
    }
    await store.close();
  });

  it.each([
    '/etc',
    '/',
    'file:///etc',
    's3://bucket/x',
    'https://host/api/2.0/mlflow-artifacts/artifacts/x',
    'BESIDE',
    'ABOVE',
  ])('is nothing at %s', async (place) => {
    const store = await open('server');
    const uri = place.replace('BESIDE', join(folder, 'artifacts-too')).replace('ABOVE', folder);
    const error = expectThrown(() => store.servedArtifacts(uri), 'INVALID_PARAMETER');
    expect(error.message).toContain('--artifacts');
    await store.close();
  });
});
