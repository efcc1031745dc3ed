import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { cleanEnv, MAIN, phantomnet, scratch } from '../support/cli.js';

const { folder, remove } = scratch();
afterAll(remove);
mkdirSync(join(folder, 'tmp'));

const env = {
  PHANTOMNET_SECRET_KEY: '07'.repeat(32),
  XDG_CACHE_HOME: join(folder, 'cache'),
  TMPDIR: join(folder, 'tmp'),
};
const line = (input: string): string =>
  `${JSON.stringify({ eventid: 'cowrie.command.input', input, session: 'a', src_ip: '192.0.2.1', timestamp: '2018-05-20T00:05:34Z' })}\n`;

/** Starts the program, and ends it with SIGINT when told to. */
function started(args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: { ...cleanEnv(), ...env } });
  // Who is interrupted may leave some of its input unread.
  child.stdin.on('error', () => undefined);
  const told: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => told.push(chunk));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const interrupt = async () => {
    child.kill('SIGINT');
    return { code: await ended, text: Buffer.concat(told).toString() };
  };
  return { child, ended, interrupt };
}

const waitFor = (check: () => boolean) =>
  vi.waitFor(() => expect(check()).toBe(true), { timeout: 40_000, interval: 20 });

describe('phantomnet ingest', () => {
  it('reads standard input, which is never cached', async () => {
    const args = ['ingest', '-', '--out', 'e.parquet', '--json'];
    const done = await phantomnet(args, { cwd: folder, env, input: line('ls') + line('ls') + line('pwd') });
    expect([done.code, done.stderr]).toEqual([0, expect.not.stringContaining('error')]);
    expect(done.json()).toMatchObject({
      events: 2,
      repeats: 1,
      rowsRead: 3,
      files: [{ file: '-', source: 'cowrie' }],
    });
    expect(existsSync(join(folder, 'cache'))).toBe(false);
  });

  it('leaves nothing behind where it is interrupted while it waits', async () => {
    const run = started(['ingest', '-', '--out', 'never.parquet']);
    run.child.stdin.write(line('ls').repeat(5000));
    await waitFor(() => readdirSync(env.TMPDIR).length > 0);
    const { code, text } = await run.interrupt();
    expect(code).toBe(130);
    expect(text).toContain('interrupted by SIGINT');
    expect(existsSync(join(folder, 'never.parquet'))).toBe(false);
    expect(readdirSync(env.TMPDIR)).toEqual([]);
  });

  it('follows a log until it is interrupted, and adds to the file', async () => {
    const log = join(folder, 'live.log');
    writeFileSync(log, line('one'));
    const out = join(folder, 'live.jsonl');
    writeFileSync(out, '{"before":1}\n');
    const run = started(['ingest', log, '--follow', '--out', out, '--rejects', join(folder, 'live.rejects')]);
    await waitFor(() => readFileSync(out, 'utf8').split('\n').length === 3);
    appendFileSync(log, `bad\n${line('two')}`);
    await waitFor(() => readFileSync(out, 'utf8').split('\n').length === 4);
    const { text } = await run.interrupt();
    const events = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row) as Record<string, unknown>);
    expect(events.map((event) => event['process.command_line'])).toEqual([undefined, 'one', 'two']);
    expect(text).toContain('2 events, 1 lines rejected');
    expect(readFileSync(join(folder, 'live.rejects'), 'utf8')).toContain('"line":2');
  });

  it('says what cannot be followed or written', async () => {
    const two = await phantomnet(['ingest', 'a', 'b', '--follow'], { cwd: folder, env });
    expect(two.stderr).toContain('--follow takes one log file');
    const nowhere = await phantomnet(['ingest', 'live.log', '--follow', '--out', 'no/such/file'], {
      cwd: folder,
      env,
    });
    expect(nowhere.code).not.toBe(0);
    expect(nowhere.stderr).toContain('"no/such/file" cannot be written');
  });
});
