import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NSL_KDD, type Reject, readTable, readWholeTable } from '#src/ingest/index.js';
import { isNslKddRow } from '#src/ingest/nsl-kdd.js';
import { NSL_KDD_FOLDER, nslKddFile, nslKddRow } from '../../support/nsl-kdd.js';

const GOOD = nslKddRow({ attack: 'normal', srcBytes: 491, rate: 0.17 });

async function read(
  input: string | Buffer,
  {
    chunkBytes = 1 << 20,
    ...options
  }: { readonly chunkBytes?: number; readonly maxRejects?: number; readonly batchRows?: number } = {},
) {
  const bytes = Buffer.from(input);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, i) =>
    bytes.subarray(i * chunkBytes, (i + 1) * chunkBytes),
  );
  const rejects: Reject[] = [];
  const reading = { format: 'nsl-kdd', maxRejects: 1, onReject: (r: Reject) => rejects.push(r) } as const;
  const { table, report } = await readWholeTable(Readable.from(chunks), { ...reading, ...options });
  return { table, report, rejects };
}

/** The good row with another cell at a position. */
function withCell(column: number, text: string): string {
  return GOOD.split(',').with(column, text).join(',');
}

describe('NSL-KDD', () => {
  it('has 41 features, three of them categories, and two columns that are none', () => {
    const features = NSL_KDD.columns.filter((column) => column.role === 'feature');
    expect(features).toHaveLength(41);
    expect(features.filter((f) => f.type === 'categorical').map((f) => f.name)).toEqual([
      ...['protocol_type', 'service', 'flag'],
    ]);
    expect(NSL_KDD.columns.slice(41).map(({ name, role }) => [name, role])).toEqual([
      ['attack_name', 'label-defining'],
      ['difficulty', 'outcome'],
    ]);
    expect(new Set(NSL_KDD.columns.map((column) => column.name)).size).toBe(43);
  });

  it('reads numbers as numbers and categories as text, by column', async () => {
    const { table, report } = await read(
      `${GOOD}\r\n${nslKddRow({ attack: 'smurf', protocol: 'icmp', rate: 1 })}`,
    );
    expect(report).toMatchObject({ format: 'nsl-kdd', rowsRead: 2, accepted: 2, rejected: 0 });
    expect(table).toMatchObject({ file: '-', nRows: 2 });
    expect([...table.lines, ...table.positions]).toEqual([1, 2, 0, 1]);
    expect(table.values.get('src_bytes')).toEqual(Float64Array.of(491, 0));
    expect(table.values.get('serror_rate')).toEqual(Float64Array.of(0.17, 1));
    expect(table.values.get('protocol_type')).toEqual(['tcp', 'icmp']);
    expect(table.values.get('attack_name')).toEqual(['normal', 'smurf']);
    expect([...table.values.keys()]).toEqual(NSL_KDD.columns.map((column) => column.name));
  });

  it.each([
    ['a number that is none', withCell(0, 'x'), 'bad-number', 'duration', 'the cell is no whole number'],
    [
      'a fraction of a whole number',
      withCell(4, '1.5'),
      'bad-number',
      'src_bytes',
      'the cell is no whole number',
    ],
    ['hexadecimal', withCell(24, '0x1'), 'bad-number', 'serror_rate', 'the cell is no number'],
    ['infinity', withCell(24, 'Infinity'), 'bad-number', 'serror_rate', 'the cell is no number'],
    [
      'beyond single precision',
      withCell(4, '1e39'),
      'bad-number',
      'src_bytes',
      'the cell is no whole number',
    ],
    ['white space', withCell(24, ' 1'), 'bad-number', 'serror_rate', 'the cell is no number'],
    ['no value', withCell(2, ''), 'missing-value', 'service', 'the cell has no value'],
    [
      'a huge category',
      withCell(2, 'x'.repeat(257)),
      'bad-text',
      'service',
      'the cell is no word of at most 256 characters',
    ],
    [
      'an escape sequence',
      withCell(3, '\u001b[2J'),
      'bad-text',
      'flag',
      'the cell is no word of at most 256 characters',
    ],
    [
      'no difficulty',
      GOOD.replace(/,\d+$/, ''),
      'too-few-columns',
      'difficulty',
      'the row has 42 columns, the format 43',
    ],
    ['a column more', `${GOOD},1`, 'too-many-columns', undefined, 'the row has 44 columns, the format 43'],
    [
      'a header',
      NSL_KDD.columns.map((c) => c.name).join(),
      'bad-number',
      'duration',
      'the cell is no whole number',
    ],
    ['a NUL', withCell(1, 't\0p'), 'nul', 'protocol_type', 'the row holds a NUL byte'],
    ['a quote', withCell(2, 'ht"tp'), 'stray-quote', 'service', expect.stringContaining('a quote stands')],
  ])('rejects a row with %s, and nothing else', async (_, line, code, column, reason) => {
    const { table, rejects, report } = await read(`${GOOD}\n${line}\n${GOOD}\n`);
    expect(rejects).toEqual([
      {
        file: '-',
        line: 2,
        lastLine: 2,
        position: 1,
        code,
        reason,
        ...(column === undefined ? {} : { column }),
      },
    ]);
    expect(report.rejected).toBe(1);
    expect([...table.positions]).toEqual([0, 2]);
    expect(table.values.get('src_bytes')).toEqual(Float64Array.of(491, 491));
    expect(table.values.get('service')).toEqual(['http', 'http']);
  });

  it('refuses too many rejects, no row at all, and Parquet', async () => {
    const failure = (work: Promise<unknown>) => work.catch((error: unknown) => error);
    expect(await failure(read(`${GOOD}\nx\n`, { maxRejects: 0.1 }))).toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('1 of 2 rows rejected'),
    });
    expect(await failure(read('\n\n'))).toMatchObject({
      code: 'BAD_DATA',
      message: '"-" holds only blank lines',
    });
    expect(await failure(read('PAR1'))).toMatchObject({
      message: '"-" is Parquet, though the format asked for is nsl-kdd',
    });
    expect((await read('x\n')).table.nRows).toBe(0);
  });

  it('comes in batches, from gzip as from text', async () => {
    const text = nslKddFile(25, ['normal', 'neptune']);
    const stream = readTable(Readable.from([gzipSync(text)]), { format: 'nsl-kdd', batchRows: 10 });
    const sizes: number[] = [];
    for await (const table of stream) sizes.push(table.nRows);
    expect(sizes).toEqual([10, 10, 5]);
    const [packed, plain] = [await read(gzipSync(text), { batchRows: 10 }), await read(text)];
    expect(packed.table).toEqual(plain.table);
  });

  it('gives the same rows and rejects however the input is cut and whatever bytes are changed', async () => {
    const text = Buffer.from(nslKddFile(4, ['normal', 'neptune']));
    const change = fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 6 }),
        fc.integer({ min: 1, max: 300 }),
        async (changes, cut) => {
          const bytes = Buffer.from(text);
          for (const [at, byte] of changes) bytes[at] = byte;
          const [whole, pieces] = [await read(bytes), await read(bytes, { chunkBytes: cut, batchRows: 2 })];
          expect(pieces.table).toEqual(whole.table);
          expect(pieces.rejects).toEqual(whole.rejects);
          expect(whole.table.nRows + whole.rejects.length).toBe(whole.report.rowsRead);
        },
      ),
      { numRuns: 200 },
    );
  });

  const reason = existsSync(NSL_KDD_FOLDER) ? undefined : `no ${NSL_KDD_FOLDER}`;
  if (reason !== undefined) console.log(`skipped: the real NSL-KDD files: ${reason}`);
  it.skipIf(reason !== undefined)('is what the public files are, to the row', async () => {
    const names = readFileSync(join(NSL_KDD_FOLDER, 'Field_Names.csv'), 'latin1').trim().split(/\r?\n/);
    expect(
      NSL_KDD.columns.slice(0, 41).map((c) => [c.name, c.type === 'numeric' ? 'continuous' : 'symbolic']),
    ).toEqual(names.map((line) => line.split(',')));
    const { table, report } = await readWholeTable(join(NSL_KDD_FOLDER, 'KDDTest+.txt.gz'), {
      format: 'nsl-kdd',
    });
    expect(report).toMatchObject({ rowsRead: 22_544, accepted: 22_544, rejected: 0, blankLines: 0 });
    expect((table.values.get('attack_name') as string[]).filter((name) => name === 'normal')).toHaveLength(
      9711,
    );
  });
});

describe('a row without a header', () => {
  const isRow = (row: string): boolean => isNslKddRow(row.split(','));

  it('is recognised by its cells, and nothing else is', () => {
    expect(isRow(GOOD)).toBe(true);
    for (const protocol of ['udp', 'icmp']) expect(isRow(withCell(1, protocol))).toBe(true);
    const others = [
      NSL_KDD.columns.map(({ name }) => name).join(','),
      withCell(1, 'protocol_type'),
      withCell(1, '6'),
      withCell(0, 'duration'),
      withCell(42, ''),
      withCell(41, '7'),
      `${GOOD},0`,
      GOOD.slice(0, GOOD.lastIndexOf(',')),
      '',
    ];
    for (const other of others) expect([other, isRow(other)]).toEqual([other, false]);
  });
});
