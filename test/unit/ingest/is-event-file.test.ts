import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { isEventFile, readWholeTable } from '#src/ingest/index.js';

const folder = mkdtempSync(join(tmpdir(), 'is-event-file-'));

function written(name: string, bytes: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe('a file of events', () => {
  it.each([
    ['header.csv', 'data,event,"honeypot_type",x\n1,2,3,4\n', true],
    ['bom.csv', '\ufeffhoneypot_type,event,data\n', true],
    ['form.csv', '@timestamp,event.dataset\n', true],
    ['short.csv', 'honeypot_type,event\nssh,command\n', false],
    ['other.csv', 'src_ip,label\n1.2.3.4,1\n', false],
    ['lines.jsonl', '{"event":"command","x":1}\n{"y":2}\n', true],
    ['rows.jsonl', '{"label":1,"x":1}\n', false],
    ['cut.jsonl', '{"label":1,', true],
  ])('%s', async (name, text, expected) => {
    expect(await isEventFile(written(name, text))).toBe(expected);
    expect(await isEventFile(written(`${name}.gz`, gzipSync(text)))).toBe(expected);
  });

  it('must be there', async () => {
    await expect(isEventFile(join(folder, 'gone.csv'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('may be Parquet, which is a table of rows where it is asked for as one', async () => {
    const path = join(folder, 'rows.parquet');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `COPY (SELECT * FROM (VALUES (1, 0.5::DOUBLE, 'a', true), (NULL, 'NaN'::DOUBLE, 'b', false)) t(n, x, w, bad)) TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    expect(await isEventFile(path)).toBe(true);
    const { table, report } = await readWholeTable(path, { format: 'table', label: 'bad' });
    expect([report.format, report.accepted]).toEqual(['table', 2]);
    expect([...table.values]).toEqual([
      ['n', Float64Array.of(1, Number.NaN)],
      ['x', Float64Array.of(0.5, Number.NaN)],
      ['w', ['a', 'b']],
      ['bad', ['True', 'False']],
    ]);
  });
});
