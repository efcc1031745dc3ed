import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { EVENT_FIELDS, type EventFieldName, type EventFields } from '#src/data/index.js';
import { readEventFile } from '#src/ingest/logs/read-event-file.js';
import { scratch } from '../../../support/cli.js';

const { folder, remove } = scratch();
afterAll(remove);

/** Writes a file with these texts in two of its columns, apart from our own writer. */
async function fileOf(rows: readonly (readonly [string | null, string | null])[]): Promise<string> {
  const file = join(folder, 'events.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('CREATE TABLE t (i INTEGER, a VARCHAR, b VARCHAR)');
  for (const [i, [a, b]] of rows.entries()) await connection.run('INSERT INTO t VALUES (?, ?, ?)', [i, a, b]);
  const columns = EVENT_FIELDS.map(({ name, type }) => {
    if (name === 'process.command_line') return `a AS "${name}"`;
    if (name === 'user.name') return `b AS "${name}"`;
    if (type === 'time') return `make_timestamptz(1526774400000000 + i) AS "${name}"`;
    return `NULL::${['text', 'address'].includes(type) ? 'VARCHAR' : 'DOUBLE'} AS "${name}"`;
  });
  await connection.run(`COPY (SELECT ${columns.join(', ')} FROM t ORDER BY i) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  return file;
}

async function read(file: string, fields: readonly EventFieldName[]): Promise<EventFields[]> {
  const events: EventFields[] = [];
  for await (const batch of readEventFile(file, fields)) events.push(...batch);
  return events;
}

describe('texts of a file of events', () => {
  const texts = [
    'x',
    '',
    '\x1e',
    '\x1f',
    '\x1fu',
    '\x1fc\x1e\x1fn',
    '\n\r',
    '\ufeff',
    '\ufeffls',
    'é\ud83d\ude00',
    '"\',\\',
  ];

  it('come as they are, and those that are null not at all', async () => {
    const rows = [...texts, null].flatMap((a) => [...texts, null].map((b) => [a, b] as const));
    const file = await fileOf(rows);
    expect(await read(file, ['process.command_line', 'user.name'])).toEqual(
      rows.map(([a, b]) => ({
        ...(a === null ? {} : { 'process.command_line': a }),
        ...(b === null ? {} : { 'user.name': b }),
      })),
    );
    expect(await read(file, ['@timestamp'])).toEqual(rows.map(() => ({ '@timestamp': 1526774400000 })));
  });
});
