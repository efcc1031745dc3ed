import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { EVENT_FIELDS, type EventFieldName, type EventFields } from '#src/data/index.js';
import { readEventFile } from '#src/ingest/logs/read-event-file.js';
import { scratch } from '../../../support/cli.js';

const { folder, remove } = scratch();
afterAll(remove);

/** Writes a file with these texts in two of its columns, apart from our own writer. */
async function fileOf(rows: readonly (readonly [string | null, string | null])[]): Promise<string> {
  return fileFrom(async (connection) => {
    await connection.run('CREATE TABLE t (i INTEGER, a VARCHAR, b VARCHAR)');
    for (const [i, [a, b]] of rows.entries())
      await connection.run('INSERT INTO t VALUES (?, ?, ?)', [i, a, b]);
  });
}

/** Writes a file of what is made of a table `t` with a number and two texts. */
async function fileFrom(make: (connection: DuckDBConnection) => Promise<unknown>): Promise<string> {
  const file = join(folder, 'events.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await make(connection);
  const columns = EVENT_FIELDS.map(({ name, type }) => {
    if (name === 'process.command_line') return `a AS "${name}"`;
    if (name === 'user.name') return `b AS "${name}"`;
    if (name === 'source.port') return `CASE WHEN i % 3 > 0 THEN i END AS "${name}"`;
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

  it('come in order over many batches, short and long, in all alphabets', async () => {
    const file = await fileFrom((connection) =>
      connection.run(
        `CREATE TABLE t AS SELECT i::INTEGER AS i, CASE WHEN i % 5 > 0 THEN repeat('x', i % 17) || i END AS a,
          CASE WHEN i % 7 > 0 THEN repeat(CASE WHEN i % 4000 < 2000 THEN 'y' ELSE 'é' END, i % 90) END AS b FROM range(9000) AS r(i)`,
      ),
    );
    const expected = Array.from({ length: 9000 }, (_, i) => ({
      ...(i % 5 > 0 ? { 'process.command_line': 'x'.repeat(i % 17) + i } : {}),
      ...(i % 7 > 0 ? { 'user.name': (i % 4000 < 2000 ? 'y' : 'é').repeat(i % 90) } : {}),
      ...(i % 3 > 0 ? { 'source.port': i } : {}),
    }));
    expect(await read(file, ['process.command_line', 'user.name', 'source.port'])).toEqual(expected);
  });

  it('may be longer than what is fetched at once', async () => {
    const lengths = [2_500_000, 3, 2_500_000, 2_000_000, 1_000_000, 13];
    const file = await fileOf(lengths.map((n, i) => [String(i).repeat(n), null] as const));
    const found = await read(file, ['process.command_line']);
    expect(found.map((event) => event['process.command_line'])).toEqual(
      lengths.map((n, i) => String(i).repeat(n)),
    );
  });

  it('come in order where some are too large to be read with others', async () => {
    const file = await fileFrom((connection) =>
      connection.run(
        "CREATE TABLE t AS SELECT i::INTEGER AS i, CASE WHEN i % 300 = 7 THEN repeat('é', 1000000) || i ELSE 'a' || i END AS a, NULL::VARCHAR AS b FROM range(6000) AS r(i)",
      ),
    );
    let [row, batches] = [0, 0];
    for await (const batch of readEventFile(file, ['process.command_line', 'source.port'])) {
      batches++;
      for (const event of batch) {
        const text = event['process.command_line'] as string;
        if (row % 300 === 7)
          expect([text.length, text.slice(1_000_000)]).toEqual([1_000_000 + `${row}`.length, `${row}`]);
        else expect(text).toBe(`a${row}`);
        expect(event['source.port']).toBe(row % 3 > 0 ? row : undefined);
        row++;
      }
    }
    expect(row).toBe(6000);
    // No more than 16 MiB at once.
    expect(batches).toBeGreaterThanOrEqual(3);
  });

  it('need not be read to their end', async () => {
    const file = await fileFrom((connection) =>
      connection.run("CREATE TABLE t AS SELECT i::INTEGER AS i, 'a' AS a, 'b' AS b FROM range(9000) AS r(i)"),
    );
    for await (const batch of readEventFile(file, ['user.name'])) {
      expect(batch[0]).toEqual({ 'user.name': 'b' });
      break;
    }
    expect(await read(file, ['user.name'])).toHaveLength(9000);
  });
});

describe('a file of events that nobody should have written', () => {
  /** Writes a file of one row with other columns in place of ours. */
  async function oddFile(columns: string): Promise<string> {
    const file = join(folder, 'odd.parquet');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (SELECT ${columns} FROM range(3) t(i)) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    return file;
  }
  const failure = async (file: string, field: EventFieldName) =>
    read(file, [field]).then(
      () => expect.fail('it was read'),
      (error: Error) => error,
    );

  it('names the row of an event without a time', async () => {
    for (const time of ['NULL::TIMESTAMPTZ', "'infinity'::TIMESTAMPTZ"]) {
      const file = await oddFile(
        `CASE WHEN i = 1 THEN ${time} ELSE make_timestamptz(1526774400000000) END AS "@timestamp"`,
      );
      expect((await failure(file, '@timestamp')).message).toBe(`"${file}", row 2: the event has no time`);
    }
  });

  it('names the row of an event that is too large', async () => {
    const file = await oddFile(`repeat('x', 9000000) AS payload`);
    expect((await failure(file, 'payload')).message).toBe(
      `"${file}", row 1: the event is larger than is allowed`,
    );
  });

  it('is quoted nowhere', async () => {
    const file = await oddFile(`'Hunter2secret' || chr(27) || '[31mRED' AS "source.port"`);
    const error = await failure(file, 'source.port');
    expect(error.message).toBe(`"${file}" cannot be read as a file of events (Conversion Error)`);
    expect(`${error.stack}${JSON.stringify(error)}${error.cause}`).not.toMatch(/Hunter2|RED/);
  });
});
