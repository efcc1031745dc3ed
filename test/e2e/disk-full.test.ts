import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { phantomnet, scratch } from '../support/cli.js';
import { artifactUrl, createRun, get, history, must, post } from './server-calls.js';
import { startServerProcess } from './server-process.js';

/** Sets how large any file of a process may grow, as a full disk would. */
function limitFiles(pid: number, bytes: number | 'unlimited'): boolean {
  return spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]).status === 0;
}
const canLimit = limitFiles(process.pid, 'unlimited');
const why = canLimit ? '' : ' (skipped: no prlimit here)';
if (!canLimit) console.log(`disk-full${why}`);

describe.skipIf(!canLimit)(`a server whose disk is full${why}`, () => {
  const { folder: cwd, remove } = scratch();
  afterAll(remove);

  it('says so, goes on reading, and writes again when there is room', async () => {
    const server = await startServerProcess(cwd);
    const { uri, child } = server;
    const runId = await createRun(uri);
    const write = (step: number) => {
      const metrics = Array.from({ length: 100 }, (_, i) => ({
        key: `k${i}`,
        value: step,
        timestamp: 1,
        step,
      }));
      return post(uri, 'runs/log-batch', { run_id: runId, metrics, params: [], tags: [] });
    };
    await must(write(0));
    limitFiles(child.pid!, 3 * 1024 * 1024);
    let step = 1;
    let answer = await write(step);
    while (answer.status === 200 && step < 1_000) answer = await write(++step);
    expect(answer).toMatchObject({ status: 503, body: { error_code: 'TEMPORARILY_UNAVAILABLE' } });
    expect(answer.body.message).toMatch(/the disk is full|could not be read or written/);
    expect(answer.body.message).not.toMatch(/\bat .*\.js/);

    const upload = async (bytes: number) => {
      const url = artifactUrl(uri, `0/${runId}/artifacts/big.bin`);
      const response = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes) });
      return { status: response.status, body: await response.text() };
    };
    const refused = await upload(4 * 1024 * 1024);
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.body)).toMatchObject({ error_code: 'TEMPORARILY_UNAVAILABLE' });
    expect(await must(get(uri, 'artifacts/list', { run_id: runId }))).not.toHaveProperty('files.0');

    // What was acknowledged is there, the refused batch left nothing, and reading needs no room.
    const kept = Array.from({ length: step }, (_, i) => i);
    for (const key of ['k0', 'k99'])
      expect((await history(uri, runId, key)).map((m) => m.step)).toEqual(kept);

    limitFiles(child.pid!, 'unlimited');
    await must(write(step));
    expect((await upload(4 * 1024 * 1024)).status).toBe(200);
    expect((await history(uri, runId, 'k99')).map((m) => m.step)).toEqual([...kept, step]);
    expect(await server.stop()).toBe(0);
    const verified = await phantomnet(['doctor', '--verify', '--json'], { cwd });
    expect(verified.json()).toMatchObject({ passed: true, problems: [] });
  });
});
