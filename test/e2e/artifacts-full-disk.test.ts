import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROXY = '/api/2.0/mlflow-artifacts/artifacts';

/** No file of this process may grow beyond 16 MiB, as if the disk were full by then. */
const LIMIT_KIB = 16 * 1024;

let folder = '';
let uri = '';
let stop = async () => {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantomnet-full-'));
  const args = `--store sqlite:///${folder}/p.db --artifacts ${folder}/artifacts server --port 0`;
  const child = spawn('bash', [
    '-c',
    `ulimit -f ${LIMIT_KIB}; exec "${process.execPath}" "${resolve('dist/cli/main.js')}" ${args}`,
  ]);
  stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  for await (const line of createInterface({ input: child.stderr })) {
    uri = /(http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1] ?? '';
    if (uri !== '') break;
  }
});
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a server whose disk is full', () => {
  it('says so, keeps nothing of the upload, and goes on', async () => {
    const put = (path: string, sizeBytes: number) =>
      fetch(`${uri}${PROXY}/${path}`, { method: 'PUT', body: Buffer.alloc(sizeBytes, 1) });
    expect((await put('first/small.bin', 1_000)).status).toBe(200);
    for (let turn = 0; turn < 2; turn++) {
      const refused = await put('large/model.bin', 20 * 1024 * 1024);
      expect(refused.status).toBe(503);
      const { error_code, message } = (await refused.json()) as { error_code: string; message: string };
      expect(error_code).toBe('TEMPORARILY_UNAVAILABLE');
      expect(message).toMatch(/artifact "large\/model\.bin" cannot be written: no room left \(EFBIG\)/);
    }
    expect(await readdir(join(folder, 'artifacts'))).toEqual(['first']);
    expect((await put('large/small.bin', 1_000)).status).toBe(200);
    const back = await (await fetch(`${uri}${PROXY}/large/small.bin`)).arrayBuffer();
    expect(back.byteLength).toBe(1_000);
  });
});
