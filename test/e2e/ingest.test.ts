import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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
/** Whether the files of a process can be kept small, as a full disk would. */
const canLimit = spawnSync('prlimit', ['--fsize=unlimited:', 'true']).status === 0;
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
  const interrupt = async (signal: NodeJS.Signals = 'SIGINT') => {
    child.kill(signal);
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

  it('takes the place of no file that its results go to', async () => {
    writeFileSync(join(folder, 'printed.log'), line('ls'));
    symlinkSync('/proc/self/fd/1', join(folder, 'stdout'));
    for (const out of ['stdout', 'printed']) {
      const printed = openSync(join(folder, 'printed'), 'w');
      const done = spawnSync(process.execPath, [MAIN, 'ingest', 'printed.log', '--out', out], {
        ...{ cwd: folder, env: { ...cleanEnv(), ...env }, encoding: 'utf8' as const },
        stdio: ['ignore', printed, 'pipe'],
      });
      closeSync(printed);
      expect([done.status, done.stderr]).toEqual([
        2,
        expect.stringContaining(`"${out}" is what is printed to`),
      ]);
      expect(readFileSync(join(folder, 'printed'), 'utf8')).toBe('');
    }
    expect(readlinkSync(join(folder, 'stdout'))).toBe('/proc/self/fd/1');
  });

  it.each(['SIGINT', 'SIGHUP'] as const)(
    'leaves nothing behind where %s ends it while it waits',
    async (signal) => {
      const run = started(['ingest', '-', '--out', 'never.parquet']);
      run.child.stdin.write(line('ls').repeat(5000));
      await waitFor(() => readdirSync(env.TMPDIR).length > 0);
      const { code, text } = await run.interrupt(signal);
      expect(code).toBe(130);
      expect(text).toContain(`interrupted by ${signal}`);
      expect(existsSync(join(folder, 'never.parquet'))).toBe(false);
      expect(readdirSync(env.TMPDIR)).toEqual([]);
    },
  );

  it('follows a log until it is interrupted, and adds to the file', async () => {
    const log = join(folder, 'live.log');
    writeFileSync(log, line('one'));
    const out = join(folder, 'live.jsonl');
    writeFileSync(out, '{"before":1}\n');
    const run = started(['ingest', log, '--follow', '--out', out, '--rejects', join(folder, 'live.rejects')]);
    await waitFor(() => readFileSync(out, 'utf8').split('\n').length === 3);
    appendFileSync(log, `bad\n${line('two')}`);
    await waitFor(() => readFileSync(out, 'utf8').split('\n').length === 4);
    // What is rejected is there while the log is still followed.
    expect(readFileSync(join(folder, 'live.rejects'), 'utf8')).toContain('"line":2');
    const { text } = await run.interrupt();
    expect(text).toContain(`following ${log}: Ctrl-C ends`);
    const events = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row) as Record<string, unknown>);
    expect(events.map((event) => event['process.command_line'])).toEqual([undefined, 'one', 'two']);
    expect(text).toContain('2 events, 1 lines rejected');
    // Whoever starts again reads the log from its first line, which a reading of what was written tells.
    const again = started(['ingest', log, '--follow', '--out', out]);
    await waitFor(() => readFileSync(out, 'utf8').split('\n').length === 6);
    await again.interrupt();
    writeFileSync(out, readFileSync(out, 'utf8').replace('{"before":1}\n', ''));
    const all = await phantomnet(['ingest', out, '--out', 'all.parquet', '--json'], { cwd: folder, env });
    expect(all.json()).toMatchObject({ events: 2, repeats: 2 });
  });

  it('writes over no log that it reads', async () => {
    const content = line('one');
    const log = join(folder, 'same.log');
    writeFileSync(log, content);
    for (const args of [
      ['--rejects', log],
      ['--follow', '--rejects', log],
      ['--follow', '--out', log],
    ]) {
      const done = await phantomnet(['ingest', log, ...args], { cwd: folder, env });
      expect([done.code, done.stderr]).toEqual([
        2,
        expect.stringContaining('is to be written, and is read as'),
      ]);
    }
    for (const follow of [[], ['--follow']]) {
      const twice = [...follow, '--out', 'one.parquet', '--rejects', join(folder, 'one.parquet')];
      const done = await phantomnet(['ingest', log, ...twice], { cwd: folder, env });
      expect([done.code, done.stderr]).toEqual([
        2,
        'error: --out and --rejects both name "one.parquet"\nhelp: name another file for the rejects\n',
      ]);
      expect(existsSync(join(folder, 'one.parquet'))).toBe(false);
    }
    const table = join(folder, 'same.csv');
    writeFileSync(table, 'timestamp,event,label\n2026-01-01T00:00:00Z,x,1\n');
    const train = await phantomnet(['train', table, '--rejects', table], { cwd: folder, env });
    expect([train.code, train.stderr]).toEqual([
      2,
      expect.stringContaining('is to be written, and is read as'),
    ]);
    expect(readFileSync(table, 'utf8')).toContain('2026-01-01');
    expect(readFileSync(log, 'utf8')).toBe(content);
  });

  it('adds to no file that holds anything but lines of JSON, and ends a line that was cut off', async () => {
    const log = join(folder, 'added.log');
    writeFileSync(log, line('one'));
    const table = join(folder, 'added.parquet');
    const made = await phantomnet(['ingest', log, '--out', table], { cwd: folder, env });
    expect(made.code).toBe(0);
    const content = readFileSync(table);
    for (const flag of ['--out', '--rejects']) {
      const done = await phantomnet(['ingest', log, '--follow', flag, table], { cwd: folder, env });
      expect([done.code, done.stderr]).toEqual([
        2,
        expect.stringContaining('added.parquet" is there and holds no lines of JSON to add to'),
      ]);
    }
    expect(readFileSync(table).equals(content)).toBe(true);
    const cut = join(folder, 'cut.jsonl');
    writeFileSync(cut, '{"event.action":"x');
    const run = started(['ingest', log, '--follow', '--out', cut]);
    await waitFor(() => readFileSync(cut, 'utf8').split('\n').length === 3);
    await run.interrupt();
    expect(readFileSync(cut, 'utf8')).toMatch(/^\{"event.action":"x\n\{.*\}\n$/);
  });

  it('says that a log to follow is not there yet, and reads it once it is', async () => {
    const log = join(folder, 'later.log');
    const out = join(folder, 'later.jsonl');
    const run = started(['ingest', log, '--follow', '--out', out, '--source', 'cowrie']);
    await waitFor(() => existsSync(out));
    writeFileSync(log, line('one'));
    await waitFor(() => readFileSync(out, 'utf8') !== '');
    const { text } = await run.interrupt();
    expect(text).toContain(`following ${log}, which is not there yet: Ctrl-C ends`);
  });

  it('says what is full', async () => {
    const log = join(folder, 'full.log');
    writeFileSync(log, `${line('one')}bad\n`);
    const cases = [
      ['--follow', '--out', '/dev/full'],
      ['--follow', '--rejects', '/dev/full'],
      ['--rejects', '/dev/full'],
    ];
    for (const args of cases) {
      const done = await phantomnet(['ingest', log, ...args], { cwd: folder, env });
      expect([done.code, done.stderr]).toEqual([
        6,
        expect.stringMatching(
          /"\/dev\/full" cannot be written: there is no room left\n(.*\n)*help: make room/,
        ),
      ]);
    }
  });

  it.skipIf(!canLimit)('says which folder for temporary files is full', async () => {
    const log = join(folder, 'large.log');
    writeFileSync(log, Array.from({ length: 20_000 }, (_, i) => line(`command ${i}`)).join(''));
    const args = ['--fsize=100000', process.execPath, MAIN, 'ingest', log, '--out', 'large.parquet'];
    const done = spawnSync('prlimit', args, {
      cwd: folder,
      env: { ...cleanEnv(), ...env },
      encoding: 'utf8',
    });
    expect([done.status, done.stderr]).toEqual([6, expect.stringContaining('there is no room left')]);
    expect(done.stderr).toContain('the temporary folder');
    expect(done.stderr).toContain('TMPDIR');
    expect(readdirSync(env.TMPDIR)).toEqual([]);
    // From the cache, it is the file itself that does not fit.
    expect((await phantomnet(['ingest', log], { cwd: folder, env })).code).toBe(0);
    const copied = spawnSync('prlimit', ['--fsize=1000', ...args.slice(1)], {
      cwd: folder,
      env: { ...cleanEnv(), ...env },
      encoding: 'utf8',
    });
    expect([copied.status, copied.stderr]).toEqual([
      6,
      expect.stringContaining('"large.parquet" cannot be written: there is no room left'),
    ]);
    expect(readdirSync(folder).filter((name) => name.startsWith('large.parquet'))).toEqual([]);
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
