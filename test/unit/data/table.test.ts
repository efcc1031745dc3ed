import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatTables, type Table, tablePlace, takeTableRows } from '#src/data/index.js';
import { readWholeTable } from '#src/ingest/index.js';
import { nslKddFile } from '../../support/nsl-kdd.js';

const { table } = await readWholeTable(Readable.from([nslKddFile(9, ['normal', 'neptune', 'portsweep'])]), {
  format: 'nsl-kdd',
});

describe('rows of a table', () => {
  it('are taken in the order asked for, of every column alike', () => {
    const taken = takeTableRows(table, [4, 0, 4]);
    expect(taken).toMatchObject({ nRows: 3, file: table.file, source: table.source });
    expect([...taken.positions, ...taken.lines]).toEqual([4, 0, 4, 5, 1, 5]);
    for (const [name, values] of table.values)
      expect([...taken.values.get(name)!]).toEqual([values[4], values[0], values[4]]);
    expect(takeTableRows(table, []).nRows).toBe(0);
  });

  it('stand in the file of the table, or each in its own', () => {
    expect(tablePlace(table, 4)).toEqual({ file: table.file, line: 5 });
    const files = Array.from({ length: 9 }, (_, row) => `day-${row % 2}.log`);
    const mixed: Table = { ...table, files };
    const taken = takeTableRows(mixed, [3, 0]);
    expect([0, 1].map((row) => tablePlace(taken, row))).toEqual([
      { file: 'day-1.log', line: 4 },
      { file: 'day-0.log', line: 1 },
    ]);
    expect(concatTables([taken, takeTableRows(mixed, [8])]).files).toEqual([
      'day-1.log',
      'day-0.log',
      'day-0.log',
    ]);
  });

  it('that are not there are a defect of the caller', () => {
    expect(() => takeTableRows(table, [9])).toThrow('row 9 is outside 0..8');
  });

  it('cut into parts and joined are the table again', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 4 }), (cuts) => {
        const bounds = [0, ...cuts.toSorted((a, b) => a - b), 9];
        const parts = bounds.slice(1).map((to, i) => {
          const from = bounds[i]!;
          return takeTableRows(
            table,
            Array.from({ length: to - from }, (_, k) => from + k),
          );
        });
        expect(concatTables(parts as [Table, ...Table[]])).toEqual(table);
      }),
    );
  });
});
