import { spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { scratch } from '../../../support/cli.js';

const { folder, remove } = scratch();
afterAll(remove);

const MiB = 2 ** 20;
const INGEST = new URL('../../../../dist/ingest/logs/ingest-logs.js', import.meta.url).href;

interface Outcome {
  readonly rssBytes: number;
  readonly error?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a report, of which each test looks at a part
  readonly report?: any;
}

/** The program of the process; a file, since threads take over the arguments of Node. */
const CHILD = `import { ingestLogs } from '${INGEST}';
    const tell = (outcome) => process.stdout.write(JSON.stringify({ ...outcome, rssBytes: process.resourceUsage().maxRSS * 1024 }));
    try { tell({ report: await ingestLogs([process.argv[2]], { out: process.argv[2] + '.parquet', cache: 'none', threads: 1, maxRejects: 1, memoryBytes: 200e6 }) }); }
    catch (error) { tell({ error: error.message }); }`;
writeFileSync(join(folder, 'ingest.mjs'), CHILD);

/** Ingests a file in a process of its own with a small heap, and tells what memory it took at its peak. */
function ingestApart(file: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--max-old-space-size=256', join(folder, 'ingest.mjs'), file], {
      env: { ...process.env, PHANTOMNET_SECRET_KEY: '07'.repeat(32), TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status !== 0) reject(new Error(`ended with ${status}: ${text.slice(0, 500)}`));
      else resolve(JSON.parse(text) as Outcome);
    });
  });
}

const base = {
  eventid: 'cowrie.command.input',
  input: 'ls',
  session: 'a',
  src_ip: '192.0.2.1',
  timestamp: '2018-05-20T00:05:34Z',
};
const line = (changes: object = {}): string => JSON.stringify({ ...base, ...changes });
const raw = (member: string): string => `${line().slice(0, -1)},${member}}`;

/** Lines nobody should have written, each with the reason it is rejected for; those without one are read. */
const LINES: readonly (readonly [text: string | Buffer, code?: string])[] = [
  [line()],
  [`{"a":${'['.repeat(400_000)}`, 'bad-json'],
  [raw(`"a":${'['.repeat(400_000)}${']'.repeat(400_000)}`)],
  [raw(`"username":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`), 'too-deep'],
  [raw('"__proto__":{"src_ip":"x","polluted":1},"constructor":{"prototype":1}')],
  [`{"__proto__":${line()}}`, 'missing-value'],
  [raw(`"keys":{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join(',')}}`)],
  [`{${Array.from({ length: 100_000 }, (_, i) => `"${i}":1`).join(',')}}`, 'missing-value'],
  [line({ input: 'a\0b' }), 'nul'],
  [`${line()}\0`, 'bad-json'],
  [Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'bad-utf8'],
  [line().replace('"ls"', '"\\ud800"'), 'bad-text'],
  [line({ eventid: '\ud800' }), 'bad-text'],
  ...[
    '1969-12-31T23:59:59Z',
    '2100-01-01T00:00:00Z',
    '2018-02-30T00:00:00Z',
    '2018-05-20T24:00:00Z',
    '',
    'now',
    1e300,
    -1,
    null,
    {},
    '9'.repeat(10_000),
  ].map((timestamp) => [line({ timestamp }), 'bad-time'] as const),
  ...[-1, 65_536, 1.5, 1e300, '1e3', 'ssh', [], true].map(
    (port) => [line({ src_port: port }), 'bad-port'] as const,
  ),
  ...['1.2.3', '256.1.1.1', '::g', '1.2.3.4/8', 'x'.repeat(10_000), 7, {}].map(
    (ip) => [line({ src_ip: ip }), 'bad-address'] as const,
  ),
  [raw('"duration":1e999'), 'bad-number'],
  [raw('"duration":-5'), 'bad-number'],
  [line({ username: `password=x;`.repeat(90_000) })],
  [line({ input: `password=x;`.repeat(90_000) }), 'too-large'],
  [line({ input: 'x'.repeat(MiB) }), 'too-large'],
  ['{}', 'missing-value'],
  ['[]', 'not-an-object'],
  ['"text"', 'not-an-object'],
  [line({ input: 'the last' })],
];

describe('a hostile log', () => {
  it('loses its hostile lines, each with file, line and reason, and nothing else', async () => {
    const file = join(folder, 'lines.log');
    writeFileSync(file, Buffer.concat(LINES.flatMap(([text]) => [Buffer.from(text), Buffer.from('\n')])));
    const { report, rssBytes, error } = await ingestApart(file);
    expect(error).toBe(undefined);
    const expected: Record<string, number> = {};
    for (const [, code] of LINES) if (code !== undefined) expected[code] = (expected[code] ?? 0) + 1;
    expect(report.rejectsByReason).toEqual(expected);
    expect(report.events + report.repeats).toBe(LINES.filter(([, code]) => code === undefined).length);
    const first = LINES.flatMap(([, code], i) => (code === undefined ? [] : [[file, i + 1, code]])).slice(
      0,
      20,
    );
    expect(
      report.firstRejects.map((reject: Record<string, unknown>) => [
        reject['file'],
        reject['line'],
        reject['code'],
      ]),
    ).toEqual(first);
    expect(rssBytes).toBeLessThan(600 * MiB);
  });

  it('of one line of 100 MB takes no memory for it', async () => {
    const file = join(folder, 'long.log');
    const out = openSync(file, 'w');
    writeSync(out, `${line()}\n{"input":"`);
    const piece = Buffer.alloc(MiB, 'x');
    for (let i = 0; i < 100; i++) writeSync(out, piece);
    writeSync(out, `"}\n${line({ input: 'after' })}\n`);
    closeSync(out);
    const { report, rssBytes, error } = await ingestApart(file);
    expect(error).toBe(undefined);
    expect(report).toMatchObject({ events: 2, rejected: 1, rowsRead: 3 });
    expect(report.firstRejects).toMatchObject([{ file, line: 2, code: 'too-large' }]);
    expect(rssBytes).toBeLessThan(450 * MiB);
  });

  it('of nothing but rejects takes no memory for them', async () => {
    const file = join(folder, 'rejects.log');
    writeFileSync(file, `${line()}\n${'[\n'.repeat(600_000)}`);
    const { report, rssBytes, error } = await ingestApart(file);
    expect(error).toBe(undefined);
    expect(report).toMatchObject({ events: 1, rejected: 600_000 });
    expect(rssBytes).toBeLessThan(700 * MiB);
  });

  it('of many large lines takes no memory for their number', async () => {
    const file = join(folder, 'large.log');
    const out = openSync(file, 'w');
    for (let i = 0; i < 150; i++) writeSync(out, `${line({ input: `${i}${'"é'.repeat(240_000)}` })}\n`);
    closeSync(out);
    const { report, rssBytes, error } = await ingestApart(file);
    expect(error).toBe(undefined);
    expect(report).toMatchObject({ events: 150, rejected: 0 });
    expect(rssBytes).toBeLessThan(600 * MiB);
  });

  it('that expands to too much ends there', async () => {
    const file = join(folder, 'bomb.gz');
    const lines = ['a', 'b', 'c'].map((input) => `${line({ input })}\n`).join('');
    writeFileSync(file, gzipSync(Buffer.concat([Buffer.from(lines), Buffer.alloc(200 * MiB, 'x')])));
    const { report, error, rssBytes } = await ingestApart(file);
    expect(error).toBe(undefined);
    expect(report).toMatchObject({ events: 3, rejectsByReason: { 'too-large': 1, broken: 1 } });
    expect(report.firstRejects[1]).toMatchObject({
      ...{ line: 5, code: 'broken' },
      reason: 'the file expands to more than 200 bytes for each of its own; from here on it was not read',
    });
    expect(rssBytes).toBeLessThan(450 * MiB);
  });
});

describe('a hostile table', () => {
  const HEAD = 'timestamp,action,command,__proto__\n';
  const row = (command: string, action = 'x'): string => `2026-01-02T03:04:05Z,${action},${command},1\n`;

  it('loses its hostile rows, each with line and reason, and nothing else', async () => {
    const rows: readonly (readonly [text: string | Buffer, code?: string])[] = [
      [row('first')],
      [row('a\0b'), 'nul'],
      [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(row('c'))]), 'bad-utf8'],
      [row('"lone'), 'stray-quote'],
      [row('a"b'), 'stray-quote'],
      [row('a,b'), 'too-many-columns'],
      [row('a').replace(',1', ''), 'too-few-columns'],
      [row('"quoted ""text"", with a comma"')],
      [row('x'.repeat(MiB)), 'too-large'],
      [row('\x01'.repeat(MiB / 4)), 'too-large'],
      [row('', '__proto__')],
      [row('', 'constructor')],
      [row('!{"fault":{"code":"nul"}}'), 'stray-quote'],
      [row('the last')],
    ];
    const file = join(folder, 'rows.csv');
    writeFileSync(file, Buffer.concat([Buffer.from(HEAD), ...rows.map(([text]) => Buffer.from(text))]));
    const { report, error } = await ingestApart(file);
    expect(error).toBe(undefined);
    const faults = rows.flatMap(([, code], i) => (code === undefined ? [] : [[i + 2, code]]));
    expect(
      report.firstRejects.map((reject: Record<string, unknown>) => [reject['line'], reject['code']]),
    ).toEqual(faults);
    expect(report.events).toBe(rows.length - faults.length);
  });

  it('of a cell of 100 MB, of lone quotes and of blank lines takes no memory for them', async () => {
    const file = join(folder, 'cells.csv');
    const out = openSync(file, 'w');
    writeSync(out, `${HEAD}${row('before')}2026-01-02T03:04:05Z,x,`);
    const piece = Buffer.alloc(MiB, 'x');
    for (let i = 0; i < 100; i++) writeSync(out, piece);
    writeSync(out, `,1\n${'\n'.repeat(3 * MiB)}${row('between')}`);
    for (let i = 0; i < 20; i++) writeSync(out, `"lone ${i}${'\n'.repeat(1000)}`);
    writeSync(out, row('after'));
    closeSync(out);
    const { report, rssBytes, error } = await ingestApart(file);
    expect(error).toBe(undefined);
    expect(report).toMatchObject({ events: 3, rejected: 21, blankLines: 3 * MiB + 20 * 999 });
    expect(report.firstRejects[0]).toMatchObject({ line: 3, code: 'too-large' });
    expect(report.firstRejects[1]).toMatchObject({ line: 3 * MiB + 5, code: 'stray-quote' });
    expect(rssBytes).toBeLessThan(450 * MiB);
  });

  it('of many rows takes no memory for their number, and what expands to too much is refused', async () => {
    const file = join(folder, 'many.csv');
    const out = openSync(file, 'w');
    writeSync(out, HEAD);
    for (let i = 0; i < 100; i++) writeSync(out, row('y'.repeat(200)).repeat(4000));
    closeSync(out);
    const many = await ingestApart(file);
    expect(many.error).toBe(undefined);
    expect(many.report).toMatchObject({ events: 1, repeats: 399_999, rejected: 0 });
    expect(many.rssBytes).toBeLessThan(450 * MiB);
    const bomb = join(folder, 'bomb.csv.gz');
    writeFileSync(bomb, gzipSync(Buffer.concat([Buffer.from(HEAD), Buffer.alloc(200 * MiB, 'x')])));
    expect((await ingestApart(bomb)).error).toContain('expands to more than 200 bytes for each of its own');
  });
});
