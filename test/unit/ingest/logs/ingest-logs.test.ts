import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventFields } from '#src/data/index.js';
import { type IngestLogsOptions, ingestLogs } from '#src/ingest/logs/ingest-logs.js';
import { readEventFile } from '#src/ingest/logs/read-event-file.js';
import { LOG_SOURCES } from '#src/ingest/sensors/log-sources.js';
import { expectCode } from '../../../contract/expect-code.js';
import { scratch } from '../../../support/cli.js';

const { folder, remove } = scratch();
afterAll(() => {
  vi.unstubAllEnvs();
  remove();
});

let own = '';
let n = 0;
beforeEach(() => {
  own = join(folder, `case-${n++}`);
  for (const name of ['logs', 'tmp', 'cache']) mkdirSync(join(own, name), { recursive: true });
  vi.stubEnv('PHANTOMNET_SECRET_KEY', '07'.repeat(32));
  vi.stubEnv('XDG_CACHE_HOME', join(own, 'cache'));
  vi.stubEnv('TMPDIR', join(own, 'tmp'));
});

const command = (second: number, input: string, sensor = 's1'): string =>
  JSON.stringify({
    eventid: 'cowrie.command.input',
    input,
    sensor,
    session: 'a',
    src_ip: '192.0.2.1',
    timestamp: new Date(Date.UTC(2018, 4, 20) + second * 1000).toISOString(),
  });

function write(name: string, content: string | Buffer): string {
  const file = join(own, 'logs', name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** The command, file and line of each event of a file, in its order. */
async function eventsOf(file: string): Promise<string[]> {
  const found: EventFields[] = [];
  for await (const batch of readEventFile(file, ['process.command_line', 'log.file.path', 'log.line']))
    found.push(...batch);
  return found.map(
    (e) =>
      `${e['process.command_line']} ${String(e['log.file.path']).slice(own.length + 6)}:${e['log.line']}`,
  );
}

async function ingest(inputs: readonly string[], options: IngestLogsOptions = {}) {
  const out = join(own, 'events.parquet');
  const report = await ingestLogs(inputs, { out, threads: 2, ...options });
  // Nothing is left but what was asked for.
  expect(readdirSync(join(own, 'tmp'))).toEqual([]);
  return { report, events: await eventsOf(report.file!) };
}

const cached = (): string[] => {
  const at = join(own, 'cache', 'phantomnet', 'events');
  return existsSync(at) ? readdirSync(at).sort() : [];
};

describe('ingestLogs', () => {
  it('reads files of all kinds at once: plain, gzip, zstd, with names of any kind, empty ones too', async () => {
    write('plain.log', `\ufeff${command(5, 'e')}\r\n\r\n${command(1, 'a')}`);
    write('with space*.gz', gzipSync(`${command(2, 'b')}\n`));
    // One line of ours as zstd 1.5 writes it: its block is not compressed.
    write('sub/z.zst', zstdOf(`${command(3, 'c')}\n`));
    write('empty.log', '');
    const { report, events } = await ingest([join(own, 'logs')]);
    expect(events).toEqual(['a plain.log:3', 'b with space*.gz:1', 'c sub/z.zst:1', 'e plain.log:1']);
    expect(report).toMatchObject({
      events: 4,
      rowsRead: 4,
      blankLines: 1,
      rejected: 0,
      repeats: 0,
      cached: false,
    });
    expect(
      report.files.map(({ file, source, events: found }) => [file.slice(own.length + 6), source, found]),
    ).toEqual([
      ['empty.log', null, 0],
      ['plain.log', 'cowrie', 2],
      ['sub/z.zst', 'cowrie', 1],
      ['with space*.gz', 'cowrie', 1],
    ]);
    expect(report.actions).toEqual([
      { dataset: 'cowrie', action: 'cowrie.command.input', events: 4, isKnown: true },
    ]);
    expect(report.days).toEqual([{ day: '2018-05-20', events: 4 }]);
    expect((await ingest([join(own, 'logs', 'with space*.gz')])).events).toEqual(['b with space*.gz:1']);
    expect((await ingest([join(own, 'logs', '*.log')])).events).toHaveLength(2);
  });

  it('passes over what a folder or a pattern names and is no log, and says so', async () => {
    const log = write('mixed/a.log', `${command(1, 'a')}\n`);
    const stray = write('mixed/README.md', '# Logs of May\n');
    const rows = write('mixed/KDDTest.txt', `0,tcp,http,SF,${Array(37).fill('0').join()},normal,21\n`);
    for (const input of [join(own, 'logs', 'mixed'), join(own, 'logs', 'mixed', '*')]) {
      const { report, events } = await ingest([input]);
      expect(events).toEqual(['a mixed/a.log:1']);
      expect(report.files).toMatchObject([
        { file: rows, source: null, events: 0, passedOver: expect.stringContaining('is NSL-KDD') },
        { file: stray, source: null, events: 0, passedOver: `"${stray}" is a log of no known source` },
        { file: log, source: 'cowrie', events: 1 },
      ]);
      expect(report.files[2]).not.toHaveProperty('passedOver');
    }
    // Who names a file means it, and none of all is no answer.
    await expectCode(ingest([log, stray]), 'BAD_DATA');
    rmSync(log);
    const { message } = await expectCode(ingest([join(own, 'logs', 'mixed')]), 'BAD_DATA');
    expect(message).toContain('2 files are no logs: ');
  });

  it('reads a compressed log as far as it can be expanded, names where that ends, and goes on', async () => {
    const text = Array.from({ length: 3000 }, (_, i) => `${command(i, `${i * 2654435761}`)}\n`).join('');
    const packed = gzipSync(text);
    const part = packed.subarray(0, packed.length / 2);
    const whole = gunzipSync(part, { finishFlush: constants.Z_SYNC_FLUSH }).toString().split('\n').length - 1;
    expect(whole).toBeGreaterThan(1000);
    const cut = write('broken/b.gz', part);
    const bare = write('broken/c.gz', packed.subarray(0, 15));
    const sum = write('broken/d.gz', Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)]));
    const next = write('broken/e.log', `${command(9000, 'z')}\n`);
    const { report, events } = await ingest([join(own, 'logs', 'broken')], { repeats: 'keep' });
    expect(report.files).toMatchObject([
      { file: cut, events: whole, rejected: 2, brokenAt: whole + 2 },
      { file: bare, source: null, passedOver: `"${bare}" ends inside its gzip data` },
      { file: sum, rejected: 2 },
      { file: next, events: 1, rejected: 0 },
    ]);
    expect(report.files[3]).not.toHaveProperty('brokenAt');
    // What comes last before a wrong checksum is not given out.
    const ofSum = report.files[2]!.events;
    expect([ofSum > 2000 && ofSum < 3000, report.files[2]!.brokenAt]).toEqual([true, ofSum + 2]);
    expect([events.length, report.rejectsByReason]).toEqual([whole + ofSum + 1, { cut: 2, broken: 2 }]);
    expect(report.firstRejects.map(({ file, line, reason }) => [file, line, reason])).toEqual([
      [cut, whole + 1, 'the file ends inside the line'],
      [cut, whole + 2, 'the file ends inside its gzip data; from here on it was not read'],
      [sum, ofSum + 1, 'the file ends inside the line'],
      [sum, ofSum + 2, 'the file holds damaged gzip data; from here on it was not read'],
    ]);
    expect((await ingest([join(own, 'logs', 'broken')], { repeats: 'keep' })).report).toMatchObject({
      ...{ cached: true, files: report.files, firstRejects: report.firstRejects },
    });
    await expectCode(ingest([cut], { maxRejects: 0 }), 'BAD_DATA');
    await expectCode(ingest([bare]), 'BAD_DATA');
  });

  it('counts the lines that give no event, so that the counts add up', async () => {
    write('conn.log', readFileSync('test/fixtures/logs/zeek.log', 'utf8'));
    const { report } = await ingest([join(own, 'logs', 'conn.log')], { maxRejects: 1 });
    expect(report.withoutEvent).toBeGreaterThan(0);
    expect(report.events + report.repeats + report.rejected + report.withoutEvent).toBe(report.rowsRead);
  });

  it('refuses a name that promises another format', async () => {
    const log = write('a.log', `${command(1, 'a')}\n`);
    for (const name of ['events.jsonl', 'events.CSV', 'events.parquet.gz']) {
      const { message } = await expectCode(ingestLogs([log], { out: join(own, name) }), 'INVALID_PARAMETER');
      expect(message).toContain(`events are written as Parquet, not as "${join(own, name)}" says`);
      expect(existsSync(join(own, name))).toBe(false);
    }
  });

  it('reads logs of every source there is, each found out by itself', async () => {
    const names = readdirSync('test/fixtures/logs').filter((name) =>
      existsSync(`test/fixtures/logs/${name}.golden.jsonl`),
    );
    const files = names.map((name) => `test/fixtures/logs/${name}`);
    const report = await ingestLogs(files, {
      cache: 'none',
      out: join(own, 'all.parquet'),
      timeBaseMs: 1_526_774_400_000,
      maxRejects: 1,
    });
    const found = new Set(report.files.map(({ source }) => source));
    expect(LOG_SOURCES.map(({ name }) => name).filter((name) => !found.has(name))).toEqual([]);
    expect(report.events + report.repeats).toBe(report.files.reduce((sum, file) => sum + file.events, 0));
  });

  it('gives the same file whatever the threads and the chunks', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => command((i * 7919) % 3000, `c${i}`, `s${i % 3}`));
    write('a.log', `${lines.slice(0, 12_000).join('\n')}\n`);
    write('b.log', `${lines.slice(9000).join('\n')}\n`);
    const one = await ingest([join(own, 'logs')], { threads: 1, cache: 'none' });
    const bytes = readFileSync(one.report.file!);
    const three = await ingest([join(own, 'logs')], { threads: 3, cache: 'none' });
    expect(one.report).toMatchObject({ events: 20_000, repeats: 3000, rowsRead: 23_000 });
    expect(readFileSync(three.report.file!).equals(bytes)).toBe(true);
    expect((await ingest([join(own, 'logs')], { repeats: 'keep' })).report).toMatchObject({
      events: 23_000,
      repeats: 0,
    });
  });

  it('rejects lines with file, line and reason, and goes on', async () => {
    const file = write(
      'a.log',
      `${command(1, 'a')}\nbad\n{"eventid":"cowrie.x","timestamp":"never"}\n[1]\n${command(2, 'b')}\n{"even`,
    );
    const rejects: unknown[] = [];
    const { report, events } = await ingest([file], {
      maxRejects: 0.8,
      onReject: (reject) => rejects.push(reject),
    });
    expect(events).toEqual(['a a.log:1', 'b a.log:5']);
    expect(rejects).toEqual(
      [
        [2, 'bad-json', 'the line is no JSON object'],
        [3, 'bad-time', 'the field is no time between the years 1990 and 2100'],
        [4, 'not-an-object', 'the line holds a JSON value that is not an object'],
        [6, 'cut', 'the file ends inside the line'],
      ].map(([line, code, reason]) => ({
        ...{ file, line, lastLine: line, position: Number(line) - 1, code, reason },
        ...(line === 3 ? { column: 'timestamp' } : {}),
      })),
    );
    expect(report.firstRejects).toEqual(rejects);
    expect(report.rejectsByReason).toEqual({ 'bad-json': 1, 'bad-time': 1, 'not-an-object': 1, cut: 1 });
    const error = await expectCode(ingestLogs([file], { maxRejects: 0.5, cache: 'none' }), 'BAD_DATA');
    expect(error.message).toContain('a.log": 4 of 6 lines rejected, more than the allowed share of 0.5:\n');
    expect(error.message).toContain('line 2: the line is no JSON object (bad-json)');
  });

  it('stops early in a log that is something else', async () => {
    const file = write('a.log', `${command(1, 'a')}\n${'bad\n'.repeat(100_000)}`);
    const error = await expectCode(ingest([file], { threads: 1 }), 'BAD_DATA');
    expect(error.message).toContain('lines rejected so far, so reading stopped');
  });

  it('says what cannot be read or written, and writes nothing then', async () => {
    const good = write('good.log', `${command(1, 'a')}\n`);
    const out = join(own, 'out.parquet');
    const failing = async (inputs: string[], options: IngestLogsOptions = {}) => {
      const error = await expectCode(
        ingestLogs(inputs, { out, ...options }),
        'BAD_DATA',
        'NOT_FOUND',
        'INVALID_PARAMETER',
      );
      expect(existsSync(out)).toBe(false);
      expect(readdirSync(join(own, 'tmp'))).toEqual([]);
      return error.message.replaceAll(`${own}/logs/`, '');
    };
    expect(await failing([good, write('odd.log', 'a b c\n')])).toBe('"odd.log" is a log of no known source');
    expect(await failing([write('empty.log', '')])).toBe('"empty.log" is empty');
    expect(await failing([join(own, 'logs', 'nothing')])).toBe('no file is named by "nothing"');
    expect(await failing([good], { source: 'cowri' })).toBe('no log source "cowri"');
    // Less than a line.
    expect(await failing([write('cut.gz', gzipSync(command(1, 'a').repeat(9)).subarray(0, 60))])).toBe(
      '"cut.gz" ends inside its gzip data',
    );
    expect(await failing([good], { maxRejects: 2 })).toContain('maxRejects');
    expect(await failing([good], { memoryBytes: 1e6 })).toContain('at least 200,000,000 bytes');
    expect(await failing([good], { out: join(own, 'no', 'such', 'out.parquet') })).toBe(
      `"${own}/no/such/out.parquet" cannot be written`,
    );
  });

  it('looks whether its file can be written before it reads', async () => {
    let rejected = 0;
    const options = {
      out: join(folder, 'no', 'such', 'out.parquet'),
      onReject: () => rejected++,
      maxRejects: 1,
    };
    const log = write('before.log', `${command(1, 'a')}\n${command(2, 'b')}\nbad\n`);
    await expectCode(ingestLogs([log], options), 'INVALID_PARAMETER');
    expect(rejected).toBe(0);
    await ingestLogs([log], { ...options, out: join(folder, 'before.parquet') });
    expect(rejected).toBe(1);
  });

  it('finds out a source behind lines that are too long or blank', async () => {
    const long = JSON.stringify({ input: 'x'.repeat(1_100_000) });
    const log = write('long.log', `${long}\n${'\n'.repeat(300)}${command(1, 'a')}\n`);
    const { report } = await ingest([log]);
    expect(report).toMatchObject({ events: 1, rejected: 1, rejectsByReason: { 'too-large': 1 } });
    expect(report.files).toMatchObject([{ source: 'cowrie' }]);
  });

  it('passes over a file of a folder whose name is no UTF-8, and says so', async () => {
    write('good.log', `${command(1, 'a')}\n`);
    const name = Buffer.concat([Buffer.from(join(own, 'logs', 'bad')), Buffer.from([0xff])]);
    writeFileSync(name, `${command(2, 'b')}\n`);
    const { report } = await ingest([join(own, 'logs')]);
    expect(report.events).toBe(1);
    expect(report.files.map(({ passedOver }) => passedOver)).toEqual([
      `"${own}/logs/bad\ufffd" has a name that is no UTF-8`,
      undefined,
    ]);
  });

  it('hints at what most rejects lack', async () => {
    const row = (uid: number) =>
      `{"ts":${uid}.5,"uid":"C${uid}","id.orig_h":"192.0.2.1","id.resp_h":"192.0.2.2","id.orig_p":1,"id.resp_p":22,"proto":"tcp"}\n`;
    const log = write('conn.log', row(1) + row(2));
    const { message, hint } = await expectCode(ingest([log]), 'BAD_DATA');
    expect(message).toContain('say when that was with --time-base');
    expect(hint).toMatch(/^say when the times began with --time-base, or allow more with --max-rejects/);
    const bad = await expectCode(ingest([write('a.log', `${command(1, 'a')}\nbad\nbad\n`)]), 'BAD_DATA');
    expect(bad.hint).toMatch(/^name the right source with --source/);
  });

  it('writes over no log that it reads, and over nothing that is no file', async () => {
    const content = `${command(1, 'a')}\n`;
    const log = write('a.events', content);
    const other = join(own, 'logs', 'other-name');
    linkSync(log, other);
    symlinkSync(log, join(own, 'link'));
    for (const out of [log, other, join(own, 'link')]) {
      const { message } = await expectCode(ingestLogs([log], { out }), 'INVALID_PARAMETER');
      expect(message).toContain(`is to be written, and is read as "${log}"`);
    }
    expect(readFileSync(log, 'utf8')).toBe(content);
    symlinkSync('/dev/null', join(own, 'device'));
    const device = await expectCode(ingestLogs([log], { out: join(own, 'device') }), 'INVALID_PARAMETER');
    expect(device.message).toContain('is there and no regular file');
    expect(readlinkSync(join(own, 'device'))).toBe('/dev/null');
  });

  it('writes where a link leads to', async () => {
    const log = write('a.log', `${command(1, 'a')}\n`);
    const [out, link] = [join(own, 'events.parquet'), join(own, 'link.parquet')];
    writeFileSync(out, 'before');
    symlinkSync(out, link);
    for (const cached of [false, true]) {
      const report = await ingestLogs([log], { out: link });
      expect([report.cached, report.file]).toEqual([cached, link]);
      expect(readlinkSync(link)).toBe(out);
      expect(await eventsOf(out)).toEqual(['a a.log:1']);
    }
  });

  it('hands the file of events on, also where no cache can be written', async () => {
    const log = write('a.log', `${command(1, 'a')}\n`);
    writeFileSync(join(own, 'no-folder'), '');
    for (const [cache, cached] of [
      ['no-folder', false],
      ['cache', false],
      ['cache', true],
    ] as const) {
      vi.stubEnv('XDG_CACHE_HOME', join(own, cache));
      const told: string[] = [];
      const takeFile = async (file: string): Promise<void> => {
        told.push(...(await eventsOf(file)));
      };
      const report = await ingestLogs([log], { use: { fields: [], take: () => undefined, takeFile } });
      expect([report.cached, told]).toEqual([cached, ['a a.log:1']]);
    }
    expect(readdirSync(join(own, 'tmp'))).toEqual([]);
  });

  it('may run several times at once, on the same logs and to the same file', async () => {
    const log = write('a.log', `${command(1, 'a')}\n`);
    const out = join(own, 'events.parquet');
    const all = await Promise.all(Array.from({ length: 6 }, () => ingestLogs([log], { out, threads: 1 })));
    expect(all.map(({ events, file }) => [events, file])).toEqual(new Array(6).fill([1, out]));
    expect(await eventsOf(out)).toEqual(['a a.log:1']);
    expect(readdirSync(own).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('says which folder for temporary files is not there', async () => {
    const log = write('a.log', `${command(1, 'a')}\n`);
    vi.stubEnv('TMPDIR', join(own, 'no'));
    const { message, hint } = await expectCode(ingestLogs([log], { cache: 'none' }), 'UNAVAILABLE');
    expect(message).toBe(`no temporary folder can be made in "${own}/no"`);
    expect(hint).toContain('TMPDIR');
  });

  it('hands the events on while it writes them, and from the cache, the same as the file has them', async () => {
    const lines = [
      command(3, 'é\n\u001e\u001f'),
      command(1, 'x'.repeat(600_000)),
      command(2, 'wget http://192.0.2.9/a'),
    ];
    const log = write('cowrie.json', lines.map((line) => `${line}\n`).join(''));
    const out = join(own, 'events.parquet');
    const fields = ['process.command_line', '@timestamp', 'log.line', 'user.name'] as const;
    for (const cached of [false, true]) {
      const events: EventFields[] = [];
      const report = await ingestLogs([log], { out, use: { fields, take: (some) => events.push(...some) } });
      expect(report.cached).toBe(cached);
      const read: EventFields[] = [];
      for await (const batch of readEventFile(out, fields)) read.push(...batch);
      expect(events).toEqual(read);
      expect(events.map((event) => event['log.line'])).toEqual([2, 3, 1]);
      expect(events[2]!['process.command_line']).toBe('é\n\u001e\u001f');
    }
  });

  it('writes and keeps the events though who uses them fails, and says why', async () => {
    const log = write('cowrie.json', [command(1, 'ls'), command(2, 'id')].join('\n'));
    const out = join(own, 'events.parquet');
    const failure = new Error('of the use');
    const use = {
      fields: ['@timestamp'] as const,
      take() {
        throw failure;
      },
    };
    await expect(ingestLogs([log], { out, use })).rejects.toBe(failure);
    expect(await eventsOf(out)).toHaveLength(2);
    expect((await ingestLogs([log], { out })).cached).toBe(true);
    await expect(ingestLogs([log], { out, use })).rejects.toBe(failure);
    expect(readdirSync(join(own, 'tmp'))).toEqual([]);
  });

  it('stops where the signal says so, and leaves nothing behind', async () => {
    const file = write(
      'a.log',
      `${Array.from({ length: 30_000 }, (_, i) => command(i, 'x'.repeat(300))).join('\n')}\n`,
    );
    const controller = new AbortController();
    const reason = new Error('enough');
    const work = ingest([file], { signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(work).rejects.toBe(reason);
    expect(readdirSync(join(own, 'tmp'))).toEqual([]);
    expect(cached()).toEqual([]);
    expect(existsSync(join(own, 'events.parquet'))).toBe(false);
  });
});

describe('the cache of ingestLogs', () => {
  it('gives again what was read, and reads again after any change of bytes, name or option', async () => {
    const file = write('a.log', `${command(1, 'a')}\n${command(1, 'a')}\nbad\n`);
    const first = await ingest([file]);
    const second = await ingest([file]);
    expect(first.report.cached).toBe(false);
    expect(second).toEqual({ events: first.events, report: { ...first.report, cached: true } });
    expect(cached()).toHaveLength(2);
    const options: IngestLogsOptions[] = [
      { repeats: 'keep' },
      { keepOriginal: true },
      { pseudonymiseIp: true },
      { keepSecrets: true },
      { zoneMinutes: 60 },
      { timeBaseMs: 0 },
      { maxRecordBytes: 1000 },
      { source: 'cowrie' },
    ];
    for (const option of options)
      expect((await ingest([file], option)).report.cached, JSON.stringify(option)).toBe(false);
    vi.stubEnv('PHANTOMNET_SECRET_KEY', '08'.repeat(32));
    expect((await ingest([file])).report.cached).toBe(false);
    vi.stubEnv('PHANTOMNET_SECRET_KEY', '07'.repeat(32));
    expect((await ingest([file], { cache: 'none' })).report.cached).toBe(false);
    // Who wants to hear of rejects hears of them.
    const rejects: number[] = [];
    await ingest([file], { onReject: ({ line }) => rejects.push(line) });
    expect(rejects).toEqual([3]);
    expect((await ingest([file])).report.cached).toBe(true);
    appendFileSync(file, ' ');
    expect((await ingest([file])).report.cached).toBe(false);
    expect((await ingest([write('b.log', readFileSync(file))])).report.cached).toBe(false);
  });

  it('is readable by its owner only, and tells where it is where no file was asked for', async () => {
    const { report } = await ingest([write('a.log', `${command(1, 'a')}\n`)], { out: undefined });
    const [parquet, json] = cached().map((name) => join(own, 'cache', 'phantomnet', 'events', name));
    expect([report.out, report.file]).toEqual([null, parquet]);
    expect([parquet, json].map((file) => statSync(file!).mode & 0o077)).toEqual([0, 0]);
  });

  it('is not taken where some of it is missing', async () => {
    const file = write('a.log', `${command(1, 'a')}\n`);
    const { events } = await ingest([file]);
    const [parquet, json] = cached().map((name) => join(own, 'cache', 'phantomnet', 'events', name));
    for (const spoil of [
      () => truncateSync(parquet!, 100),
      () => writeFileSync(parquet!, flipped(readFileSync(parquet!))),
      () => truncateSync(json!, 20),
      () => writeFileSync(json!, '{}'),
      () => writeFileSync(json!, 'null'),
    ]) {
      spoil();
      const again = await ingest([file]);
      expect([again.report.cached, again.events]).toEqual([false, events]);
      expect((await ingest([file])).report.cached).toBe(true);
    }
  });

  it('is not needed where the events have another place', async () => {
    const file = write('a.log', `${command(1, 'a')}\n`);
    vi.stubEnv('XDG_CACHE_HOME', file);
    expect((await ingest([file])).events).toEqual(['a a.log:1']);
    const error = await expectCode(ingestLogs([file]), 'PERMISSION_DENIED');
    expect(error.message).toBe(`the cache "${file}/phantomnet/events" cannot be written`);
    await expect(ingest([file], { out: undefined, cache: 'none' })).rejects.toThrow();
  });
});

function flipped(bytes: Buffer): Buffer {
  bytes[60]! ^= 1;
  return bytes;
}

/** Returns text as a zstd frame of one block that is not compressed. */
function zstdOf(text: string): Buffer {
  const content = Buffer.from(text);
  const head = Buffer.alloc(3);
  head.writeUIntLE((content.length << 3) | 1, 0, 3);
  return Buffer.concat([Buffer.from('28b52ffd0058', 'hex'), head, content]);
}
