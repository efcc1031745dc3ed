import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReadTableOptions, type Reject, readWholeTable } from '#src/ingest/index.js';
import { RowColumns } from '#src/ingest/row-columns.js';
import { expectThrown } from '../../support/expect-thrown.js';

async function read(input: string | Buffer, options: Partial<ReadTableOptions> = {}) {
  const rejects: Reject[] = [];
  const { table, report } = await readWholeTable(Readable.from([Buffer.from(input)]), {
    ...{ format: 'table', maxRejects: 1, onReject: (r: Reject) => rejects.push(r) },
    ...options,
  });
  const columns = new Map(table.source.columns.map((column) => [column.name, column]));
  return { table, report, rejects, columns };
}

describe('a table of any columns', () => {
  it('has numbers where every value is one, words otherwise, and gaps', async () => {
    const { table, columns, report } = await read(
      'bytes,rate,flags,kind,empty\n1,0.5,x1,a,\n-2,.25,3,"",\n3e2,,4,b,\n',
    );
    expect(report).toMatchObject({ format: 'table', rowsRead: 3, accepted: 3, rejected: 0 });
    expect([...table.values]).toEqual([
      ['bytes', Float64Array.of(1, -2, 300)],
      ['rate', Float64Array.of(0.5, 0.25, Number.NaN)],
      ['flags', ['x1', '3', '4']],
      ['kind', ['a', null, 'b']],
      ['empty', [null, null, null]],
    ]);
    expect([...table.lines]).toEqual([2, 3, 4]);
    expect(['bytes', 'rate'].map((name) => columns.get(name)?.isInteger)).toEqual([true, false]);
  });

  it('takes words for no number as missing beside numbers, and as words beside words', async () => {
    const { table } = await read('a,b,c\n1,none,1e60\nNaN,tcp,1\n-Infinity,none,2\n');
    expect(table.values.get('a')).toEqual(Float64Array.of(1, Number.NaN, Number.NaN));
    expect(table.values.get('b')).toEqual(['none', 'tcp', 'none']);
    expect(table.values.get('c')).toEqual(['1e60', '1', '2']);
  });

  it.each([
    ['@timestamp', 'time', 'its name is that of a time'],
    ['ts', 'time', 'its name is that of a time'],
    ['Source.IP', 'identifier', 'its name is that of an id or address'],
    ['src_ip', 'identifier', 'its name is that of an id or address'],
    ['Source Port', 'identifier', 'its name is that of a source port, which each connection draws anew'],
    ['Flow ID', 'identifier', 'its name is that of an id or address'],
    ['Destination Port', 'feature', 'a number of each row'],
    ['session_id', 'identifier', 'its name is that of an id or address'],
    ['api_token', 'identifier', 'its name is that of a secret'],
    ['width', 'feature', 'a number of each row'],
    ['y', 'label-defining', 'the label is this column'],
    ['score', 'outcome', 'declared so'],
  ])('knows what %s is for', async (name, role, reason) => {
    const { columns } = await read(`${name}\n1\n2\n`, { label: 'y', roles: { score: 'outcome' } });
    expect(columns.get(name)).toMatchObject({ role, reason });
  });

  it('makes no feature of text that nearly every row has of its own', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `text ${i % 24},word ${i % 20},${i}`).join('\n');
    const { columns } = await read(`much,less,n\n${rows}\n`);
    expect(columns.get('much')).toMatchObject({
      role: 'identifier',
      reason: 'nearly every row has a text of its own (24 in 40)',
    });
    expect(['less', 'n'].map((name) => columns.get(name)?.role)).toEqual(['feature', 'feature']);
    const { columns: few } = await read(
      `much\n${rows.split('\n').slice(0, 19).join('\n').replaceAll(/,.*/g, '')}\n`,
    );
    expect(few.get('much')?.role).toBe('feature');
  });

  it('is the same from JSON lines and from gzip, whose rows need not have the same keys', async () => {
    const lines = ['{"a":1,"b":"x"}', '{"a":2.5,"c":true}', '{"a":"3","b":null,"c":[1,"z"]}'];
    const { table, columns } = await read(gzipSync(lines.join('\n')));
    expect([...table.values]).toEqual([
      ['a', Float64Array.of(1, 2.5, 3)],
      ['b', ['x', null, null]],
      ['c', [null, 'True', "[1, 'z']"]],
    ]);
    expect(columns.get('a')?.type).toBe('numeric');
  });

  it('has the types of another file where they are given, and rejects what does not fit them', async () => {
    const like = (await read('port,code,y\nx,1,0\n', { label: 'y' })).table.source.columns;
    const { table, rejects } = await read('code,port,new\n7,80,1\nword,81,2\nnan,82,3\n', { columns: like });
    expect([...table.values]).toEqual([
      ['code', Float64Array.of(7, Number.NaN)],
      ['port', ['80', '82']],
      ['new', Float64Array.of(1, 3)],
    ]);
    expect(rejects.map(({ line, code, column }) => [line, code, column])).toEqual([
      [3, 'bad-number', 'code'],
    ]);
  });

  it('keeps no password, and blinds no number for one', async () => {
    const text =
      'user,password,note,count\nroot,hunter22,tried hunter22,5\nroot,12345,login password=s3cr3tX,12345\n';
    const { table } = await read(text);
    expect([...table.values]).toEqual([
      ['user', ['root', 'root']],
      ['password', ['[redacted:8]', '12345']],
      ['note', ['tried [redacted:8]', 'login password=[redacted:7]']],
      ['count', Float64Array.of(5, 12345)],
    ]);
    expect((await read(text, { keepSecrets: true })).table.values.get('password')).toEqual([
      'hunter22',
      '12345',
    ]);
  });

  it('rejects rows of another width, and refuses rows of ever new columns and a file without rows', async () => {
    const { report } = await read('a,b\n1,2\n3\n4,5,6\n7,8\n');
    expect(report.rejectsByReason).toEqual({ 'too-few-columns': 1, 'too-many-columns': 1 });
    const wide = Array.from({ length: 4097 }, (_, i) => `{"k${i}":1}`).join('\n');
    await expect(read(wide)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: '"-" has more than 4096 columns',
    });
    await expect(read('a,b\n')).rejects.toThrow('has a header and no rows');
    const none = await read('a\n1,2\n');
    expect([none.table.nRows, none.report.rejected]).toEqual([0, 1]);
  });

  it('refuses rows that take more memory than they may, by cells and by texts that are new', () => {
    const holds = (nRows: number, text: (row: number) => string): void => {
      const columns = new RowColumns({ file: 'x.csv', keepSecrets: false, maxBytes: 100_000 });
      const add = (row: number) => columns.add([['a', text(row)]], { line: row + 2, position: row });
      for (let row = 0; row < nRows; row++) expect(add(row)).toBeUndefined();
      const error = expectThrown(() => add(nRows), 'UNSUPPORTED');
      expect(error.message).toBe(
        `"x.csv": the rows up to line ${nRows + 2} take more than 0 MiB, and a table is held in memory as a whole`,
      );
      expect(error.details).toEqual({ file: 'x.csv', line: nRows + 2, maxBytes: 100_000 });
    };
    // 16 bytes a cell; 64 and its four characters for each text that is new.
    holds(Math.floor((100_000 - 68) / 16), () => 'same');
    holds(Math.floor(100_000 / 84), (row) => String(1000 + row));
  });

  it('gives back every finite number of single precision that CSV was written of', async () => {
    const number = fc.float({ noDefaultInfinity: true, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 1 }), async (numbers) => {
        const { table } = await read(`x\n${numbers.join('\n')}\n`);
        expect([...(table.values.get('x') as Float64Array)].map((v) => v + 0)).toEqual(
          numbers.map((v) => v + 0),
        );
      }),
      { numRuns: 50 },
    );
  });
});
