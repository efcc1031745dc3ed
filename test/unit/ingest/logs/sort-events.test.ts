import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { EVENT_FIELDS, type EventFields } from '#src/data/index.js';
import { EventRowWriter } from '#src/ingest/logs/event-rows.js';
import { readEventFile } from '#src/ingest/logs/read-event-file.js';
import { readRows } from '#src/ingest/logs/read-rows.js';
import type { Run } from '#src/ingest/logs/row-cursor.js';
import { sortEvents } from '#src/ingest/logs/sort-events.js';
import { scratch } from '../../../support/cli.js';

const { folder, remove } = scratch();
afterAll(remove);

const NAMES = EVENT_FIELDS.map(({ name }) => name);

let n = 0;
const hex = (value: number): string => value.toString(16).padStart(32, '0');

/** Returns an event in its place. */
function event(line: number, fields: EventFields = {}): EventFields {
  const place = { 'event.hash': hex(line), 'log.file.path': 'x.log', 'log.line': line };
  return {
    '@timestamp': Date.UTC(2018, 4, 20),
    'event.dataset': 'cowrie',
    'event.action': 'a',
    ...place,
    ...fields,
  };
}

/**
 * Writes the events of each file as rows, in runs of so many lines, sorts them, and returns what the Parquet file holds. The
 * same must come of the rows that are used meanwhile, if they are.
 */
async function sorted(
  files: readonly (readonly (readonly EventFields[])[])[],
  options: { repeats?: 'drop' | 'keep'; memoryBytes?: number; linesOfRun?: number; isUsed?: boolean } = {},
) {
  const own = join(folder, `sort-${n++}`);
  const { repeats = 'drop', memoryBytes = 200e6, linesOfRun = 7, isUsed = true } = options;
  const runs: Run[] = [];
  for (const [i, lines] of files.entries()) {
    const writer = new EventRowWriter(i);
    const file = `${own}-${i}.rows`;
    const parts: Buffer[] = [];
    let offset = 0;
    for (let from = 0; from < lines.length; from += linesOfRun) {
      for (const [i, events] of lines.slice(from, from + linesOfRun).entries())
        writer.write(events, from + i + 1);
      const { bytes: written, ...about } = writer.take()!;
      const bytes = Buffer.from(written);
      runs.push({ ...about, file, offset, bytes: bytes.length });
      parts.push(bytes);
      offset += bytes.length;
    }
    writeFileSync(file, Buffer.concat(parts));
  }
  const out = `${own}.parquet`;
  const used: EventFields[] = [];
  const useRows = async (file: string): Promise<void> => {
    for await (const batch of readRows(file, NAMES)) used.push(...batch);
  };
  const sort = { runs, out, temporaryFolder: folder, memoryBytes, repeats };
  const counts = await sortEvents({ ...sort, useRows: isUsed ? useRows : undefined });
  const rows = await readBack(out);
  if (isUsed) expect(used).toEqual(rows);
  expect(counts.days.reduce((sum, { events }) => sum + events, 0)).toBe(counts.events);
  return { ...counts, rows };
}

/** Reads a Parquet file of events apart from our own reader. */
async function readBack(file: string): Promise<EventFields[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const columns = EVENT_FIELDS.map(({ name, type }) =>
    type === 'time'
      ? `epoch_ms("${name}")::DOUBLE`
      : ['text', 'address'].includes(type)
        ? `"${name}"`
        : `"${name}"::DOUBLE`,
  );
  const rows = (await connection.runAndReadAll(`SELECT ${columns.join(', ')} FROM '${file}'`)).getRows();
  connection.closeSync();
  return rows.map((row) =>
    Object.fromEntries(EVENT_FIELDS.flatMap(({ name }, i) => (row[i] === null ? [] : [[name, row[i]]]))),
  ) as EventFields[];
}

const hostileUnit = fc.oneof(
  fc.constantFrom(
    '\n',
    '\r',
    '"',
    ',',
    '\x1e',
    '\x1f',
    'n',
    'd',
    'u',
    'r',
    "'",
    '\\',
    '\t',
    ' ',
    '\u2028',
    '\ufeff',
    '#',
    '\x01',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((text) => text !== '\0'),
);
/** The driver takes a leading mark of UTF-8 away when it reads; the file has it. */
const text = fc
  .string({ unit: hostileUnit, minLength: 1, maxLength: 40 })
  .filter((value) => value.isWellFormed() && !value.startsWith('\ufeff'));

describe('events through rows, sort and Parquet', () => {
  it('come out as they went in, whatever their texts hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 100 }),
        fc.boolean(),
        async (texts, isUsed) => {
          const events = texts.map(([command, name, url], i) =>
            event(i + 1, {
              'process.command_line': command,
              'user.name': name,
              'url.original': url,
              'event.original': `${command}${url}`,
              'log.file.path': name,
            }),
          );
          expect((await sorted([events.map((e) => [e])], { isUsed })).rows).toEqual(events);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('keep every number and every field of the form', async () => {
    const whole: EventFields = Object.fromEntries(
      EVENT_FIELDS.map(({ name, type }, i) => {
        if (type === 'time') return [name, Date.UTC(2018, 4, 20, 0, 5, 34, 123)];
        if (type === 'port') return [name, 65_535];
        if (type === 'integer') return [name, name === 'log.line' ? 1 : Number.MAX_SAFE_INTEGER - i];
        if (type === 'number') return [name, 2.321928094887362];
        return [name, name === 'event.hash' ? hex(1) : `${name} "x"`];
      }),
    );
    expect((await sorted([[[whole]]])).rows).toEqual([whole]);
  });

  it('stand by time, then sensor, then file, line and place in the line', async () => {
    const at = (ms: number, sensor: string | undefined, line: number): EventFields =>
      event(line, {
        '@timestamp': 1e12 + ms,
        'observer.name': sensor ?? null,
        'event.hash': hex(line * 10 + ms),
      });
    const name = (file: string, fields: EventFields) => ({
      ...fields,
      'log.file.path': file,
      'event.hash': hex(Number.parseInt(file, 36) * 1000 + Number(fields['log.line'])),
    });
    const first = [[at(2, 'b', 1)], [at(1, 'b', 2), at(1, 'b', 2)], [at(1, 'a', 3)], [at(1, undefined, 4)]];
    const second = [[at(1, 'b', 1)], [at(0, 'z', 2)]];
    const { rows } = await sorted([
      first.map((line) => line.map((e) => name('x', e))),
      second.map((line) => line.map((e) => name('y', e))),
    ]);
    expect(
      rows.map(
        (e) =>
          `${Number(e['@timestamp']) - 1e12} ${e['observer.name'] ?? '-'} ${e['log.file.path']}${e['log.line']}`,
      ),
    ).toEqual(['0 z y2', '1 - x4', '1 a x3', '1 b x2', '1 b x2', '1 b y1', '2 b x1']);
  });

  it('stand by the bytes of the sensor, also where a cell would escape them', async () => {
    const ofSensor = (line: number, sensor: string) => [event(line, { 'observer.name': sensor })];
    const { rows } = await sorted([[ofSensor(1, 'a\u0010')], [ofSensor(2, 'a\n')], [ofSensor(3, 'a\r')]]);
    expect(rows.map((e) => e['log.line'])).toEqual([2, 3, 1]);
  });

  it('leave out every repeat but the first, and none where they are kept', async () => {
    const lines = [1, 2, 1, 3, 1, 2].map((digest, i) => {
      const one = event(i + 1, { 'event.hash': hex(digest) });
      return digest === 2 ? [one, { ...one, 'user.name': 'second' }] : [one];
    });
    const dropped = await sorted([lines.slice(0, 3), lines.slice(3)]);
    expect(dropped.rows.map((e) => e['log.line'])).toEqual([1, 2, 2, 4].map((line) => line));
    expect([dropped.events, dropped.repeats]).toEqual([4, 4]);
    const kept = await sorted([lines.slice(0, 3), lines.slice(3)], { repeats: 'keep' });
    expect([kept.events, kept.repeats]).toEqual([8, 0]);
  });

  it('have no empty text, whatever stood in its place before', async () => {
    const users = ['root', '', 'root', '', '', 'x'].map((user, i) => [event(i + 1, { 'user.name': user })]);
    for (const linesOfRun of [1, 2, 6]) {
      const { rows } = await sorted([users], { linesOfRun });
      expect(rows.map((e) => e['user.name'])).toEqual(['root', undefined, 'root', undefined, undefined, 'x']);
    }
  });

  it('may be none at all', async () => {
    expect(await sorted([[], []])).toEqual({
      ...{ events: 0, repeats: 0, rows: [], actions: [], days: [] },
      otherActions: { actions: 0, events: 0 },
    });
  });

  it('are sorted as one list would be, whatever the runs, however small the buffers', async () => {
    const sensors = [
      undefined,
      ...['a', 'a\u0001', 'a-', '\n'.repeat(260), 'b', 'é', '\ud83d\ude00', '\uffff', 'x'.repeat(300)],
    ];
    const row = fc.record({
      ms: fc.nat(5),
      sensor: fc.constantFrom(...sensors),
      digest: fc.nat(12),
      length: fc.constantFrom(0, 10, 5000),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { maxLength: 40 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 20 }),
        async (files, linesOfRun) => {
          const all = files.map((rows, f) =>
            rows.map(({ ms, sensor, digest, length }, i) => [
              event(i + 1, {
                '@timestamp': 1e12 + ms,
                'observer.name': sensor ?? null,
                'process.command_line': 'é"'.repeat(length) || null,
                // Equal lines have equal times and sensors, so a hash belongs to one of each.
                'event.hash': hex((digest * 6 + ms) * sensors.length + sensors.indexOf(sensor)),
                'log.file.path': String(f),
              }),
            ]),
          );
          const bytes = (e: EventFields) => Buffer.from(String(e['observer.name'] ?? '').slice(0, 255));
          const flat = all.flat(2).map((e, position) => ({ e, position }));
          flat.sort(
            (a, b) =>
              Number(a.e['@timestamp']) - Number(b.e['@timestamp']) ||
              Buffer.compare(bytes(a.e), bytes(b.e)) ||
              a.position - b.position,
          );
          const seen = new Set<unknown>();
          const expected = flat.flatMap(({ e }) => {
            const isRepeat = seen.has(e['event.hash']);
            seen.add(e['event.hash']);
            return isRepeat ? [] : [`${e['log.file.path']}:${e['log.line']}`];
          });
          const result = await sorted(all, { linesOfRun });
          expect(result.rows.map((e) => `${e['log.file.path']}:${e['log.line']}`)).toEqual(expected);
          expect(result.repeats).toBe(flat.length - expected.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('keep their order over many groups of rows, in little memory', async () => {
    const filler = 'x'.repeat(20_000);
    const lines = Array.from({ length: 8000 }, (_, i) => [
      event(i + 1, { '@timestamp': 1e12 + ((i * 7919) % 8000), 'process.command_line': `${i} ${filler}` }),
    ]);
    const { events, rows } = await sorted([lines], { linesOfRun: 50 });
    expect(events).toBe(8000);
    expect(rows.map((e) => Number(e['@timestamp']) - 1e12)).toEqual(
      Array.from({ length: 8000 }, (_, i) => i),
    );
    expect(readdirSync(folder).filter((name) => name.startsWith(`sort-${n - 1}`))).toEqual([
      `sort-${n - 1}.parquet`,
    ]);
  });

  it('keep their order over many groups of rows that two threads write', async () => {
    const length = 100_000;
    const lines = Array.from({ length }, (_, i) => [
      event(i + 1, { '@timestamp': 1e12 + ((i * 7919) % length), 'process.command_line': `echo ${i}` }),
    ]);
    const { rows } = await sorted([lines], { linesOfRun: 9000, isUsed: false });
    expect(rows.length).toBe(length);
    const wrong = rows.find((e, i) => {
      const line = Number(e['log.line']) - 1;
      const ms = (line * 7919) % length;
      return ms !== i || e['@timestamp'] !== 1e12 + ms || e['process.command_line'] !== `echo ${line}`;
    });
    expect(wrong).toBeUndefined();
  });

  it('may have a mebibyte each', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => [
      event(i + 1, {
        '@timestamp': 1e12 - i,
        'process.command_line': 'ü"'.repeat(500_000),
        'event.original': `${i}`,
      }),
    ]);
    const { rows } = await sorted([lines], { linesOfRun: 1 });
    expect(rows.map((e) => e['event.original'])).toEqual(
      Array.from({ length: 60 }, (_, i) => String(59 - i)),
    );
    const text = 'ü"'.repeat(500_000);
    expect(rows.every((e) => e['process.command_line'] === text)).toBe(true);
  });

  it('are used in batches, whatever the fields, and all to the end of a failure', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => [
      event(i + 1, { '@timestamp': 1e12 + i, 'source.port': i, 'event.duration': 2 ** 53 - 1 - i }),
    ]);
    const writer = new EventRowWriter(0);
    for (const [i, events] of lines.entries()) writer.write(events, i + 1);
    const { bytes, ...about } = writer.take()!;
    const file = join(folder, 'one.rows');
    writeFileSync(file, bytes);
    const runs = [{ ...about, file, offset: 0, bytes: bytes.length }];
    const failure = new Error('of the use');
    const found: EventFields[] = [];
    const sizes: number[] = [];
    const out = join(folder, 'one.parquet');
    const sorting = sortEvents({
      ...{ runs, out, temporaryFolder: folder, memoryBytes: 200e6, repeats: 'drop' },
      async useRows(rows) {
        for await (const batch of readRows(rows, ['event.duration', 'source.port', 'user.name'])) {
          found.push(...batch);
          sizes.push(batch.length);
        }
        throw failure;
      },
    });
    await expect(sorting).rejects.toBe(failure);
    expect(found).toEqual(lines.map((_, i) => ({ 'source.port': i, 'event.duration': 2 ** 53 - 1 - i })));
    expect(sizes.length).toBeGreaterThan(1);
    expect(await readBack(out)).toHaveLength(30_000);
    expect(readdirSync(folder)).not.toContain('sorted.rows');
  });

  it('keep nothing of a long row but the texts that are used, from the rows and from the file', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const filler = 'x'.repeat(1_000_000);
    const writer = new EventRowWriter(0);
    const runs: Run[] = [];
    const parts: Buffer[] = [];
    const file = join(folder, 'long.rows');
    let offset = 0;
    for (let i = 0; i < 200; i++) {
      const fields = { 'source.ip': `2001:db8::abcd:${i}`, 'process.command_line': filler };
      writer.write([event(i + 1, { '@timestamp': 1e12 + i, ...fields })], i + 1);
      const { bytes, ...about } = writer.take()!;
      parts.push(Buffer.from(bytes));
      runs.push({ ...about, file, offset, bytes: bytes.length });
      offset += bytes.length;
    }
    writeFileSync(file, Buffer.concat(parts.splice(0)));
    const kept: EventFields[] = [];
    const keep = async (batches: AsyncIterable<readonly EventFields[]>) => {
      for await (const batch of batches)
        for (const { 'source.ip': ip } of batch) kept.push({ 'source.ip': ip! });
    };
    const out = join(folder, 'long.parquet');
    gc();
    const before = process.memoryUsage().heapUsed;
    await sortEvents({
      ...{ runs, out, temporaryFolder: folder, memoryBytes: 500e6, repeats: 'drop' },
      useRows: (rows) => keep(readRows(rows, ['source.ip'])),
    });
    await keep(readEventFile(out, ['source.ip', 'process.command_line']));
    gc();
    expect(kept).toHaveLength(400);
    expect(kept[399]).toEqual({ 'source.ip': '2001:db8::abcd:199' });
    // Whole rows would be 400 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50e6);
  });

  it('stop where the signal says so', async () => {
    const reason = new Error('enough');
    const options = {
      runs: [],
      out: join(folder, 'none.parquet'),
      temporaryFolder: folder,
      memoryBytes: 128e6,
      repeats: 'drop' as const,
    };
    await expect(sortEvents({ ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
