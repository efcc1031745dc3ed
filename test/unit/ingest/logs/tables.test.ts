import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EVENT_FIELDS, type EventFieldName, type EventFields } from '#src/data/index.js';
import { explainLine } from '#src/ingest/logs/explain-line.js';
import { type IngestLogsOptions, ingestLogs } from '#src/ingest/logs/ingest-logs.js';
import { readEventFile } from '#src/ingest/logs/read-event-file.js';
import { readLogEvents } from '#src/ingest/logs/read-log.js';
import { recogniseLog } from '#src/ingest/logs/recognise-log.js';
import { expectCode } from '../../../contract/expect-code.js';
import { scratch } from '../../../support/cli.js';
import { nslKddRow } from '../../../support/nsl-kdd.js';

const FIXTURES = 'test/fixtures/logs';
const { folder, remove } = scratch();
beforeAll(() => {
  vi.stubEnv('PHANTOMNET_SECRET_KEY', '07'.repeat(32));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  remove();
});

let n = 0;
function write(content: string | Buffer, name = `table-${n++}.csv`): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function duckdb(sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

const FIELDS: readonly EventFieldName[] = EVENT_FIELDS.map(({ name }) => name);

/** Ingests and returns the report and every field of every event. */
async function ingest(inputs: readonly string[], options: IngestLogsOptions = {}) {
  const out = join(folder, `out-${n++}.parquet`);
  const report = await ingestLogs(inputs, {
    ...{ out, cache: 'none', threads: 2, maxRejects: 1, timeBaseMs: 1_526_774_400_000 },
    ...options,
  });
  const events: EventFields[] = [];
  for await (const batch of readEventFile(out, FIELDS)) events.push(...batch);
  return { out, report, events };
}

/** Events without what tells the file they came from. */
const unplaced = (events: readonly EventFields[]) =>
  events.map(({ 'event.hash': _hash, 'log.file.path': _file, 'log.line': _line, ...fields }) => fields);

async function readAll(input: string | Readable, source?: string) {
  const events: EventFields[] = [];
  const faults: string[] = [];
  for await (const batch of readLogEvents(input, { source })) {
    events.push(...batch.events);
    faults.push(...batch.faults.map(({ line, code, column }) => `${line} ${code} ${column}`));
  }
  return { events, faults };
}

const LOGS = [
  'cowrie.log',
  'dionaea.log',
  'suricata.log',
  'tpot.log',
  'week6.log',
  'events.log',
  'zeek.log',
].map((name) => `${FIXTURES}/${name}`);

describe('a file that ingest wrote', () => {
  it.each([{}, { keepSecrets: true, keepOriginal: true }])(
    'gives the same events again, with %o',
    async (options) => {
      const first = await ingest(LOGS, options);
      const again = await ingest([first.out], options);
      expect(first.events.length).toBeGreaterThan(80);
      expect(again.report).toMatchObject({ rejected: 0, repeats: 0, rowsRead: first.events.length });
      expect(again.report.files).toMatchObject([{ source: 'events' }]);
      expect(again.events).toEqual(first.events);
      expect(readFileSync(again.out).equals(readFileSync(first.out))).toBe(true);
    },
  );

  it('is merged with another as if the logs of both were read at once, repeats too', async () => {
    const lines = readFileSync(`${FIXTURES}/dionaea.log`, 'utf8').trimEnd().split('\n');
    const logs = [lines.slice(0, -1), lines.slice(2)].map((part, i) =>
      write(`${part.join('\n')}\n`, `part-${i}.log`),
    );
    const whole = await ingest(logs);
    const [a, b] = [await ingest([logs[0]!]), await ingest([logs[1]!])];
    const merged = await ingest([a.out, b.out]);
    expect(whole.report.repeats).toBeGreaterThan(0);
    expect(merged.events).toEqual(whole.events);
    expect(merged.report.repeats).toBe(whole.report.repeats);
    // A log and the events of it repeat each other too, and which of them is read does not matter.
    const beside = await ingest([logs[0]!, a.out]);
    expect([beside.events, beside.report.repeats]).toEqual([a.events, a.events.length]);
  });

  it('may be JSON lines, as --follow writes them', async () => {
    const first = await ingest([`${FIXTURES}/cowrie.log`]);
    const { events } = await readAll(`${FIXTURES}/cowrie.log`);
    const file = write(events.map((event) => `${JSON.stringify(event)}\n`).join(''), 'followed.jsonl');
    expect((await ingest([file])).events).toEqual(first.events);
  });

  it('loses its passwords where they were kept', async () => {
    const kept = await ingest([`${FIXTURES}/cowrie.log`], { keepSecrets: true });
    expect(JSON.stringify(kept.events)).toContain('S3cret!pass');
    const hidden = await ingest([kept.out]);
    expect(JSON.stringify(hidden.events)).not.toContain('S3cret!pass');
    expect(hidden.events).toEqual((await ingest([`${FIXTURES}/cowrie.log`])).events);
  });
});

describe('a table', () => {
  it('of week 6 gives what the same rows give as JSON lines and as Parquet', async () => {
    const csv = `${FIXTURES}/week6.csv`;
    const parquet = join(folder, 'week6.parquet');
    const jsonl = join(folder, 'week6.jsonl');
    const rows = `SELECT * FROM read_csv('${csv}', all_varchar = true)`;
    await duckdb(`COPY (${rows}) TO '${parquet}'; COPY (${rows}) TO '${jsonl}' (FORMAT json);`);
    const [fromCsv, fromParquet, fromLines] = [
      await readAll(csv),
      await readAll(parquet),
      await readAll(jsonl),
    ];
    expect(fromCsv.events).toHaveLength(8);
    expect(unplaced(fromParquet.events)).toEqual(unplaced(fromCsv.events));
    expect(unplaced(fromLines.events)).toEqual(unplaced(fromCsv.events));
    expect(fromCsv.events.map((event) => event['log.line'])).toEqual([2, 3, 4, 5, 6, 7, 8, 15]);
    expect(fromParquet.events.map((event) => event['log.line'])).toEqual([1, 2, 3, 4, 5, 6, 7, 14]);
  });

  it('of typed columns is read from Parquet: times, whole numbers, NaN, objects', async () => {
    const parquet = join(folder, 'typed.parquet');
    await duckdb(`COPY (SELECT TIMESTAMPTZ '2026-01-02 03:04:05.678+00' AS "timestamp", 'login' AS action,
      22::UTINYINT AS dst_port, 'NaN'::DOUBLE AS src_port, 9007199254740993::BIGINT AS "event.id",
      {'user': 'root', 'n': [1, NULL]} AS payload, 1.5::DOUBLE AS extra) TO '${parquet}'`);
    const { report, events } = await ingest([parquet]);
    expect(events).toMatchObject([
      {
        '@timestamp': Date.UTC(2026, 0, 2, 3, 4, 5, 678),
        ...{ 'event.dataset': 'events', 'event.action': 'login', 'event.id': '9007199254740993' },
        ...{ 'destination.port': 22, payload: '{"user":"root","n":[1,null]}', 'log.line': 1 },
      },
    ]);
    expect(events[0]).not.toHaveProperty('source.port');
    expect(report.files).toMatchObject([{ unreadColumns: ['extra'], rowsRead: 1 }]);
  });

  it('keeps the lines of its file, and tells rows from blank lines', async () => {
    const file = `${FIXTURES}/events.csv`;
    const { report } = await ingest([file]);
    expect(report).toMatchObject({ events: 4, rejected: 6, rowsRead: 10, blankLines: 2 });
    expect(report.files).toMatchObject([{ source: 'events', unreadColumns: ['asn', '__proto__'] }]);
    expect(report.firstRejects.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '8 too-few-columns',
      '9 too-many-columns',
      '10 stray-quote',
      '11 bad-time',
      '12 missing-value',
      '13 unclosed-quote',
    ]);
    const zipped = write(gzipSync(readFileSync(file)), 'events.csv.gz');
    expect((await ingest([zipped])).report.rejectsByReason).toEqual(report.rejectsByReason);
    expect((await readAll(Readable.from([readFileSync(file)]))).faults).toHaveLength(6);
  });

  it('is explained by the line of the file', async () => {
    const file = `${FIXTURES}/events.csv`;
    const row = await explainLine(file, 4);
    const told = new Map(row.events[0]!.map(({ field, value, from }) => [field, [value, from]]));
    expect([row.source, told.get('source.port'), told.get('network.protocol')]).toEqual([
      'events',
      [1234, 'src_port'],
      ['ssh', 'protocol'],
    ]);
    expect([row.secrets, row.unread]).toEqual([['password'], ['asn', '__proto__']]);
    expect(JSON.stringify(row)).not.toContain('Csv!pw78');
    for (const line of [1, 2, 5, 6]) expect((await explainLine(file, line)).events).toEqual([]);
    expect((await explainLine(file, 9)).fault).toMatchObject({ line: 9, code: 'too-many-columns' });
    const { fault } = await explainLine(file, 8, { keepSecrets: true });
    expect(fault?.text).toBe('2026-01-02T03:04:05Z,192.0.2.1');
  });

  it('of a sensor is read by the source of that sensor', async () => {
    const parquet = join(folder, 'cowrie.parquet');
    const [line] = readFileSync(`${FIXTURES}/cowrie.log`, 'utf8').split('\n');
    const jsonl = write(`${line}\n`, 'one.jsonl');
    await duckdb(`COPY (SELECT * FROM read_json('${jsonl}')) TO '${parquet}'`);
    const { report, events } = await ingest([parquet]);
    expect(report.files).toMatchObject([{ source: 'cowrie' }]);
    expect(unplaced(events)).toEqual(unplaced((await ingest([jsonl])).events));
  });

  it('that is empty is passed over', async () => {
    const empty = write('timestamp,action\n');
    const { report } = await ingest([empty, `${FIXTURES}/events.csv`]);
    expect(report.files).toMatchObject([{ source: null, rowsRead: 0 }, { source: 'events' }]);
    await expectCode(readAll(empty), 'BAD_DATA');
  });

  it('is no log that nobody labelled, so train goes on reading it as rows', async () => {
    for (const name of ['events.csv', 'week6.csv', 'events.log'])
      expect([name, await recogniseLog(`${FIXTURES}/${name}`)]).toEqual([name, undefined]);
    expect(await recogniseLog(`${FIXTURES}/week6.log`)).toBe('week6');
  });
});

describe('what is no table of events', () => {
  const refused = async (content: string, source?: string) =>
    expectCode(readAll(write(content), source), 'BAD_DATA', 'UNSUPPORTED');

  it('is quoted nowhere where its first line may be a row', async () => {
    const { message, hint } = await refused('root,password,hunter2secret\nadmin,password,hunter3secret\n');
    expect(message).toMatch(/of its 3 columns only these are known: "password"$/);
    expect(message + hint).not.toMatch(/hunter|root/);
  });

  it('is refused where the name of a column is longer than a row should be', async () => {
    const { message } = await refused(`timestamp,action,${'x'.repeat(1001)}\n2026-01-02T03:04:05Z,x,\n`);
    expect(message).toMatch(/line 1: the name of column 3 is longer than 1000 characters$/);
  });

  it('is refused with the columns it has and those that are needed', async () => {
    const { message, hint } = await refused('timestamp,src_ip,score\n2026-01-02T03:04:05Z,192.0.2.1,1\n');
    expect(message).toMatch(
      /is a log of no known source: of its 3 columns only these are known: "timestamp", "src_ip"$/,
    );
    expect(hint).toMatch(
      /^events need a time \(@timestamp, timestamp, .*\) and an action \(event\.action, .*\) or message/,
    );
    const twice = await refused('timestamp,action,action\n1,2,3\n');
    expect(twice.message).toMatch(/, line 1: the header has the column "action" twice$/);
  });

  it('is not quoted where its first line may be a row', async () => {
    for (const row of [
      'root,hunter22\n',
      '2026-01-02T03:04:05Z,login,root,hunter22\n',
      'x\n',
      '"\n',
      '"a","\n',
    ]) {
      const { message, hint } = await refused(row);
      expect(message).toMatch(/is a log of no known source$/);
      expect(`${message}${hint}`).not.toContain('hunter22');
    }
  });

  it('is refused where it is NSL-KDD, with what to do', async () => {
    const row = nslKddRow({ attack: 'neptune' });
    for (const source of [undefined, 'events', 'week6']) {
      const error = await refused(`${row}\n${row}\n`, source);
      expect(error.code).toBe('UNSUPPORTED');
      expect(error.message).toMatch(/is NSL-KDD: its rows have no time, source or action/);
      expect(error.hint).toMatch(/phantomnet train .* --format nsl-kdd$/);
    }
  });

  it('cannot pass for the table reader in a log', async () => {
    const lost = `!${JSON.stringify({ fault: { code: 'nul', reason: 'forged' }, text: 'x' })}`;
    const line = '{"timestamp":"2026-01-02T03:04:05Z","action":"x"}';
    const { events, faults } = await readAll(Readable.from([`${line}\n${lost}\n\n${line}\n`]));
    expect(events.map((event) => event['log.line'])).toEqual([1, 4]);
    expect(faults).toEqual(['2 bad-json undefined']);
    const cell = write(`timestamp,action\n"!x",${JSON.stringify(lost.replaceAll('"', '""'))}\n`);
    expect((await readAll(cell, 'events')).faults.map((fault) => fault.split(' ')[1])).not.toContain('nul');
  });
});

const REAL = '../shared/data';
describe.skipIf(!existsSync(REAL))(`real data (skips where ${REAL} is absent)`, () => {
  it('gives the same events from what was made of the logs of all sensors', async () => {
    const logs = ['dionaea', 'opencanary', 'suricata', 'zeek'].map((name) => `${REAL}/${name}`);
    const first = await ingest([...logs, `${REAL}/cowrie/cowrie.json.2026-04-26.gz`]);
    const again = await ingest([first.out]);
    expect(first.events.length).toBeGreaterThan(10_000);
    expect(readFileSync(again.out).equals(readFileSync(first.out))).toBe(true);
  }, 120_000);

  it('reads every row of week 6, and refuses labelled tables', async () => {
    for (const name of ['week6_test_events.csv', 'week6_test_events_v1.csv']) {
      const { report } = await ingest([`${REAL}/week6/${name}`]);
      expect(report).toMatchObject({ events: 220, rejected: 0, rowsRead: 220, blankLines: 0 });
    }
    for (const file of ['nsl-kdd/KDDTest+.txt.gz', 'leaky/ground_truth.csv', 'nsl-kdd/Field_Names.csv'])
      await expectCode(readAll(`${REAL}/${file}`), 'BAD_DATA', 'UNSUPPORTED');
  });
});
