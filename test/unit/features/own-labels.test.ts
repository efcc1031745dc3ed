import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { columnNotes, countClasses, rowsToMatrix, tableLabels } from '#src/features/index.js';
import { readWholeTable } from '#src/ingest/index.js';

const tableOf = async (text: string, label?: string) =>
  (
    await readWholeTable(Readable.from([text]), {
      format: 'table',
      ...(label === undefined ? {} : { label }),
    })
  ).table;

describe('the label of a table of any columns', () => {
  it('is a column of words, sorted, or of few whole numbers, ascending', async () => {
    const table = await tableOf('word,number,sign\nb,10,1\na,9,-1\nb,9,1\n');
    expect(tableLabels(table, 'word')).toEqual({ classes: ['a', 'b'], codes: Uint16Array.of(1, 0, 1) });
    expect(tableLabels(table, 'number')).toEqual({ classes: [9, 10], codes: Uint16Array.of(1, 0, 0) });
    expect(countClasses(tableLabels(table, 'sign'))).toEqual([
      { class: -1, count: 1 },
      { class: 1, count: 2 },
    ]);
  });

  it.each([
    ['rate', 'BAD_DATA', 'column "rate" of - holds numbers such as 0.5, which are no classes'],
    ['row', 'BAD_DATA', 'column "row" of - holds 101 different numbers, which are too many for classes'],
    ['gap', 'BAD_DATA', '- line 3: column "gap" is empty, and the label is made from it'],
    ['rates', 'NOT_FOUND', 'label: no column "rates" in -'],
  ])('is not %s', async (label, code, message) => {
    const rows = Array.from({ length: 101 }, (_, i) => `0.5,${i},${i === 1 ? '' : 1}`).join('\n');
    const table = await tableOf(`rate,row,gap\n${rows}\n`);
    const thrown = () => tableLabels(table, label);
    expect(thrown).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});

describe('notes of a table of any columns', () => {
  it('say which columns are no features, which have gaps, and which too many words', async () => {
    const rows = Array.from({ length: 1200 }, (_, i) => `${i},${i % 2 ? '' : i},w${i % 300},,${i % 2}`).join(
      '\n',
    );
    const table = await tableOf(`ts,n,word,none,y\n${rows}\n`, 'y');
    const features = table.source.columns.filter((column) => column.role === 'feature');
    expect(columnNotes(table, features)).toEqual([
      'columns that are no features: ts (its name is that of a time)',
      '-: missing values: n 600',
      '-: columns without any value: none',
      'columns of more words than the 254 commonest that a feature keeps: word 300',
    ]);
  });

  it('rows of a model may leave out what the caller says', () => {
    const spec = [{ name: 'width', type: 'numeric' }] as const;
    expect(() => rowsToMatrix(spec, [{ width: null }])).toThrow('must be a number, got null');
    const { values } = rowsToMatrix(spec, [{ width: null }], { mayBeMissing: () => true });
    expect(values).toEqual(Float32Array.of(Number.NaN));
  });
});
