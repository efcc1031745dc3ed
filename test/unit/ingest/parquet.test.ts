import { mkdtemp, open, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Reject, readAllEvents, readEvents } from '#src/ingest/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parquet-'));
});

async function writeParquet(name: string, select: string): Promise<string> {
  const path = join(folder, name);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  return path;
}

const ROW = `SELECT 'ssh' AS honeypot_type, 'command' AS event`;

describe('Parquet', () => {
  it('makes the event the same row makes elsewhere', async () => {
    const path = await writeParquet(
      'types.parquet',
      `${ROW}, 22 AS port, 1.5::DOUBLE AS ratio, true AS ok, NULL::INTEGER AS none, 'NaN'::DOUBLE AS nan,
       TIMESTAMP '2026-01-30 02:34:44.487182' AS naive, TIMESTAMP '1969-12-31 23:59:59' AS old,
       TIMESTAMPTZ '2026-01-30 02:34:44.487182+00' AS timestamp, 12.50::DECIMAL(9,2) AS price, '\\xFF'::BLOB AS raw,
       MAP {'k': 1} AS map, [1.0::DOUBLE, NULL] AS list,
       {'command': 'PASS', 'arg': 'hunter2', 'n': 5, 'f': 5.0::DOUBLE, 'none': NULL::VARCHAR, 'l': ['x']} AS data`,
    );
    const { events, report } = await readAllEvents(path);
    expect(report).toMatchObject({ format: 'parquet', rowsRead: 1, accepted: 1 });
    expect(events).toEqual([
      expect.objectContaining({
        file: path,
        line: 1,
        position: 0,
        fields: {
          'network.protocol': 'ssh',
          'event.action': 'command',
          'destination.port': 22,
          ratio: '1.5',
          ok: 'True',
          none: null,
          nan: null,
          naive: '2026-01-30T02:34:44.487182',
          old: '1969-12-31T23:59:59',
          '@timestamp': Date.parse('2026-01-30T02:34:44.487Z'),
          price: '12.50',
          raw: String.raw`b'\xff'`,
          map: "{'k': 1}",
          list: '[1.0, None]',
          payload: "{'command': 'PASS', 'arg': '[redacted:7]', 'n': 5, 'f': 5.0, 'none': None, 'l': ['x']}",
        },
      }),
    ]);
    expect(events[0]!.payload!.length).toBe(
      `{'command': 'PASS', 'arg': 'hunter2', 'n': 5, 'f': 5.0, 'none': None, 'l': ['x']}`.length,
    );
  });

  it('gives rows in file order over many chunks, and rejects by row', async () => {
    const path = await writeParquet(
      'many.parquet',
      `SELECT 'ssh' AS honeypot_type, CASE WHEN i = 5000 THEN NULL ELSE 'command' END AS event, i AS n,
       CASE WHEN i = 7000 THEN 'hunter2' WHEN i % 2 = 0 THEN NULL ELSE '' END AS data FROM range(10000) t(i)`,
    );
    const rejects: Reject[] = [];
    const numbers: unknown[] = [];
    for await (const batch of readEvents(path, { onReject: (r) => rejects.push(r), maxRejects: 0.01 }))
      numbers.push(...batch.map((e) => e.fields['n']));
    expect(numbers).toEqual(
      Array.from({ length: 10000 }, (_, i) => String(i)).filter((n) => n !== '5000' && n !== '7000'),
    );
    expect(rejects.map((r) => [r.line, r.position, r.code, r.column])).toEqual([
      [5001, 5000, 'missing-value', 'event'],
      [7001, 7000, 'bad-data', 'data'],
    ]);
    const { events } = await readAllEvents(path, { maxRejects: 0.01 });
    expect(events.slice(0, 2).map((e) => [e.fields.payload, e.payload?.length])).toEqual([
      [null, undefined],
      ['', 0],
    ]);
  });

  it('takes a path as the name of one file, not as a pattern', async () => {
    await writeParquet('a1.parquet', `${ROW}, 'one' AS path, '' AS data`);
    const path = await writeParquet('a[1]*.parquet', `${ROW}, 'pattern' AS path, '' AS data`);
    expect((await readAllEvents(path)).events.map((e) => e.fields['url.original'])).toEqual(['pattern']);
  });

  it('refuses a file without the columns, without rows, and one that is damaged', async () => {
    const failure = (path: string) => readAllEvents(path).catch((error: unknown) => error);
    const other = await writeParquet('other.parquet', `SELECT 'ssh' AS honeypot_type, 1 AS evnt, '' AS data`);
    expect(await failure(other)).toMatchObject({
      code: 'BAD_DATA',
      message: `"${other}": the header has no column "event"`,
      hint: "did you mean 'evnt'?",
    });
    const none = await writeParquet('none.parquet', `SELECT * FROM (${ROW}, '' AS data) WHERE false`);
    expect(await failure(none)).toMatchObject({ code: 'BAD_DATA', message: `"${none}" has no rows` });
    const whole = await readFile(await writeParquet('whole.parquet', `${ROW}, 'hunter2' AS data`));
    const cut = join(folder, 'cut.parquet');
    await writeFile(cut, whole.subarray(0, whole.length - 20));
    expect(await failure(cut)).toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringMatching(
        /cut.parquet" cannot be read as Parquet after row 0: Invalid Input Error$/,
      ),
      hint: 'check that the file was copied whole, or write it anew',
    });
    await (await open(cut)).close();
  });

  it('puts the row into a reject only where secrets are kept', async () => {
    const path = await writeParquet('reject.parquet', `${ROW}, 'hunter2' AS data`);
    const rejects: Reject[] = [];
    for (const keepSecrets of [false, true])
      await readAllEvents(path, { keepSecrets, maxRejects: 1, onReject: (r) => rejects.push(r) });
    expect(rejects.map((r) => r.text)).toEqual([undefined, '["ssh","command","hunter2"]']);
  });

  it('loses rows that are too large, whatever they are compressed to, and keeps the others in order', async () => {
    const path = await writeParquet(
      'large.parquet',
      `SELECT 'ssh' AS honeypot_type, 'command' AS event, i AS port, '{}' AS data, 0 AS row_bytes,
         CASE WHEN i % 1000 = 3 THEN repeat('x', 1100000) WHEN i % 1000 = 5 THEN repeat('y', 300000) ELSE 'z' END AS user_agent,
         CASE WHEN i % 1000 = 7 THEN ['a', NULL, repeat('x', 1100000)] ELSE ['b'] END AS list,
         CASE WHEN i % 1000 = 9 THEN MAP {'k': {'l': repeat('x', 1100000)}} ELSE MAP {} END AS map
       FROM range(5000) t(i)`,
    );
    const rejects: Reject[] = [];
    const { events, report } = await readAllEvents(path, {
      maxRejects: 1,
      onReject: (reject) => rejects.push(reject),
    });
    expect(report).toMatchObject({ rowsRead: 5000, accepted: 4985, rejected: 15 });
    expect(rejects.map(({ line, code }) => [line, code])).toEqual(
      [0, 1, 2, 3, 4].flatMap((k) => [4, 8, 10].map((line) => [k * 1000 + line, 'too-large'])),
    );
    expect(events.map(({ line }) => line)).toEqual(
      Array.from({ length: 5000 }, (_, i) => i + 1).filter((line) => ![4, 8, 10].includes(line % 1000)),
    );
    expect(events.every((event) => event.fields['destination.port'] === event.line - 1)).toBe(true);
    expect(events[4]!.fields['user_agent.original']).toBe('y'.repeat(300_000));
  });

  it('keeps large rows of a file that has a column of the name by which rows are counted', async () => {
    const path = await writeParquet(
      'numbered.parquet',
      `SELECT 'ssh' AS honeypot_type, 'command' AS event, i AS port, '{}' AS data, 5000 - i AS "File_Row_Number",
         CASE WHEN i % 1000 = 5 THEN repeat('y', 300000) ELSE 'z' END AS user_agent FROM range(5000) t(i)`,
    );
    const { events } = await readAllEvents(path);
    const ports = events.map(({ fields }) => fields['destination.port']);
    expect(ports).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    expect(events[4005]!.fields['user_agent.original']).toBe('y'.repeat(300_000));
  });

  it('takes very many columns', async () => {
    const columns = Array.from({ length: 1500 }, (_, i) => `'v${i}' AS c${i}`).join(', ');
    const path = await writeParquet(
      'wide.parquet',
      `${ROW}, '{}' AS data, ${columns}, {${columns.replace(/('v\d+') AS (c\d+)/g, "'$2': $1")}} AS whole FROM range(3)`,
    );
    const { events } = await readAllEvents(path);
    expect(events.map(({ fields }) => fields['event.action'])).toEqual(['command', 'command', 'command']);
  });
});
