import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistryStore } from '#src/register/index.js';
import { openTrackingStore } from '#src/track/index.js';
import { expectCode } from '../../contract/expect-code.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantomnet-open-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('opening stores', () => {
  it('opens what the uri names, or the environment', async () => {
    const file = `sqlite:///${join(folder, 'a.db')}`;
    const embedded = await openTrackingStore({ env: { MLFLOW_TRACKING_URI: file } });
    expect(embedded.uri).toBe(file);
    expect(embedded.recoveredRuns).toEqual([]);
    await embedded.close();
    const env = { MLFLOW_TRACKING_URI: 'http://127.0.0.1:1/mlflow/', MLFLOW_TRACKING_TOKEN: 'x' };
    const rest = await openTrackingStore({ env });
    expect(rest.uri).toBe('http://127.0.0.1:1/mlflow');
    expect(rest.recoveredRuns).toEqual([]);
    await rest.close();
    const chosen = await openTrackingStore({ uri: file, env });
    expect(chosen.uri).toBe(file);
    await chosen.close();
  });

  it('opens the registry beside the tracking store unless another is named', async () => {
    const tracking = 'http://127.0.0.1:1';
    const uriOf = async (options: Parameters<typeof openRegistryStore>[0]) => {
      const store = await openRegistryStore(options);
      await store.close();
      return store.uri;
    };
    const registry = 'http://127.0.0.1:2';
    expect(await uriOf({ env: { MLFLOW_TRACKING_URI: tracking } })).toBe(tracking);
    expect(await uriOf({ env: { MLFLOW_TRACKING_URI: tracking, MLFLOW_REGISTRY_URI: registry } })).toBe(
      registry,
    );
    expect(await uriOf({ trackingUri: tracking, env: {} })).toBe(tracking);
    expect(await uriOf({ uri: registry, env: { MLFLOW_REGISTRY_URI: tracking } })).toBe(registry);
    const file = `sqlite:///${join(folder, 'b.db')}`;
    expect(await uriOf({ trackingUri: file, env: {} })).toBe(file);
  });

  it('uses phantomnet.db of the working directory by default', () => {
    const script =
      'const { openTrackingStore } = await import(process.argv[1]); const s = await openTrackingStore({ env: {} });' +
      'console.log(s.uri); await s.close();';
    const module = join(process.cwd(), 'dist/track/index.js');
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script, module], {
      cwd: folder,
    });
    expect(printed.toString().trim()).toBe('sqlite:///phantomnet.db');
  });

  it.each([
    ['sqlite:///lazy.db', 'track/embedded.js', 'track/rest.js'],
    ['http://127.0.0.1:1', 'track/rest.js', 'track/embedded.js'],
  ])('loads for %s only the code it needs', (uri, needed, unneeded) => {
    const hook =
      "import { writeSync } from 'node:fs'; export async function load(url, context, next) {" +
      "if (url.includes('/dist/')) writeSync(1, url + '\\n'); return next(url, context); }";
    const script =
      "const { register } = await import('node:module'); register('data:text/javascript,' + process.argv[2]);" +
      'const { openTrackingStore } = await import(process.argv[1]);' +
      'await (await openTrackingStore({ uri: process.argv[3], env: {} })).close();';
    const module = join(process.cwd(), 'dist/track/index.js');
    const args = ['--input-type=module', '-e', script, module, encodeURIComponent(hook), uri];
    const loaded = execFileSync(process.execPath, args, { cwd: folder }).toString();
    expect(loaded).toContain(needed);
    expect(loaded).not.toContain(unneeded);
  });

  it('refuses other uris', async () => {
    await expectCode(openTrackingStore({ uri: './mlruns' }), 'UNSUPPORTED');
    await expectCode(openRegistryStore({ uri: 'databricks-uc' }), 'UNSUPPORTED');
  });
});
