import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readText } from './read-text.js';

const HEADER = 'honeypot_type,event,data,path\n';
const row = (path: string, data = "{'a': 1}") => `ssh,command,${data},${path}\n`;

describe('any CSV', () => {
  const cell = fc.oneof(
    fc.constant(null),
    fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\t', '\n', '\r\n', "'", ' '), maxLength: 6 }),
  );
  const cellOut = (value: string | null) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`);

  it('comes back as it was written, and as csv-parse reads it, however it is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom(',', ';', '\t'),
        async (rows, chunkBytes, eol, delimiter) => {
          const lines = rows.map(([a, b]) => ['ssh', 'x', '', cellOut(a), cellOut(b)].join(delimiter));
          const header = ['honeypot_type', '"event"', 'data', 'a', 'b'].join(delimiter);
          const text = [header, ...lines, ''].join(eol);
          const reading = await readText(text, { chunkBytes, keepSecrets: true });
          expect(reading.rejects).toEqual([]);
          expect(reading.events.map((e) => [e.fields.a, e.fields.b])).toEqual(rows);
          const theirs = parse(text, { columns: true, delimiter }) as { a: string; b: string }[];
          expect(theirs.map(({ a, b }) => [a, b])).toEqual(rows.map(([a, b]) => [a ?? '', b ?? '']));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('gives each row to the events or the rejects, in order, whatever bytes are changed', async () => {
    const good = Buffer.from(
      HEADER + row('a') + row('"b\nc"') + row('""') + row('d', '"{\'q\': ""x""}"') + row('e'),
    );
    const change = fc.tuple(
      fc.integer({ min: HEADER.length, max: good.length - 1 }),
      fc.constantFrom(0, 10, 13, 34, 39, 44, 65, 123, 195, 255),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        async (changes, chunkBytes) => {
          const bytes = Buffer.from(good);
          for (const [at, byte] of changes) bytes[at] = byte;
          const whole = await readText(bytes);
          expect(whole.error).toBeUndefined();
          expect(whole.report.accepted + whole.report.rejected).toBe(whole.report.rowsRead);
          const places = [...whole.events, ...whole.rejects]
            .map((r) => [r.position, r.line] as const)
            .sort((x, y) => x[0] - y[0]);
          expect(places.map(([position]) => position)).toEqual(places.map((_, i) => i));
          expect(places.every(([, line], i) => i === 0 || line > places[i - 1]![1])).toBe(true);
          expect(await readText(bytes, { chunkBytes })).toEqual(whole);
        },
      ),
      { numRuns: 200 },
    );
  });
});
