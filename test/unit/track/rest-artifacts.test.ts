import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTrackingStore } from '#src/track/index.js';
import { expectThrown } from '../../support/expect-thrown.js';

const runId = 'a'.repeat(32);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantomnet-artifacts-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});
const artifacts = async (uri: string, server = 'http://127.0.0.1:1') => {
  const store = await openTrackingStore({ uri: server, env: {} });
  return () => store.artifacts(uri);
};

describe('artifact uris that a server hands out', () => {
  it.each(['', 'file://'])('opens a folder of a server on this machine (%j)', async (scheme) => {
    const root = join(folder, 'mlruns', '1', runId, 'artifacts');
    const store = (await artifacts(scheme + root))();
    await store.put('a.txt', 'here');
    expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('here');
    expect((await store.list()).map((entry) => entry.path)).toEqual(['a.txt']);
  });

  it.each<[string, string, RegExp]>([
    [`/srv/1/${runId}/artifacts`, 'http://mlflow.example', /is a folder on the disk of the server/],
    [`file:///srv/1/${runId}/artifacts`, 'http://10.0.0.1', /is a folder on the disk of the server/],
    ['/etc', 'http://127.0.0.1:1', /is a folder on the disk of the server/],
    ['s3://bucket/1', 'http://127.0.0.1:1', /needs a client that this version does not have/],
    [`mlflow-artifacts://other:5000/1/${runId}`, 'http://127.0.0.1:1', /are on another server/],
  ])('does not open %s of %s', async (uri, server, message) => {
    const error = expectThrown(await artifacts(uri, server), 'UNSUPPORTED');
    expect(error.message).toMatch(message);
  });

  it.each([
    `/srv/1/${runId}/artifacts/../../..`,
    `file:///srv/1/${runId}/artifacts/%2e%2e/%2e%2e`,
    `mlflow-artifacts:/1/${runId}/artifacts/../../2`,
    `mlflow-artifacts:/1/%2e%2e/x`,
  ])('does not climb by %s', async (uri) => {
    const open = await artifacts(uri);
    let code = '';
    try {
      open();
    } catch (error) {
      code = (error as { code: string }).code;
    }
    expect(['INVALID_PARAMETER', 'UNSUPPORTED']).toContain(code);
  });
});
