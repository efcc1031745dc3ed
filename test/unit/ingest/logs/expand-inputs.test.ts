import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expandInputs } from '#src/ingest/logs/expand-inputs.js';
import { expectCode } from '../../../contract/expect-code.js';
import { scratch } from '../../../support/cli.js';

const { folder, remove } = scratch();
afterAll(remove);

const NAMES = [
  'b.log',
  'a.log',
  'with space.log',
  'star*.log',
  'starry.log',
  'q[1].log',
  '.hidden',
  'sub/c.log',
];
mkdirSync(join(folder, 'sub'));
mkdirSync(join(folder, 'none'));
for (const name of NAMES) writeFileSync(join(folder, name), name);
symlinkSync(folder, join(folder, 'sub', 'around'));
const at = (...names: string[]): string[] => names.map((name) => join(folder, name));

describe('expandInputs', () => {
  it('takes a file by its name, whatever stands in it, before a pattern', async () => {
    expect(await expandInputs(at('star*.log', 'q[1].log'))).toEqual(at('q[1].log', 'star*.log'));
    expect(await expandInputs(at('st*.log'))).toEqual(at('star*.log', 'starry.log'));
  });

  it('takes all files below a folder but hidden ones, and goes round no circle for ever', async () => {
    const found = await expandInputs([`${folder}/`]);
    const shown = NAMES.filter((name) => name !== '.hidden');
    expect(found).toEqual(expect.arrayContaining(at(...shown)));
    expect(found.some((file) => file.includes('.hidden'))).toBe(false);
    expect(found).toEqual([...found].sort());
  });

  it('takes a file once, however it is spelled', async () => {
    const again = join(folder, 'sub').concat('/../a.log');
    expect(await expandInputs([...at('a.log'), again, join(folder, '[ab].log')])).toEqual(
      at('a.log', 'b.log'),
    );
  });

  it('says what names no file', async () => {
    for (const input of [...at('nothing.log', 'n*.zst', 'none'), '']) {
      const error = await expectCode(expandInputs([input]), 'NOT_FOUND');
      expect(error.message).toBe(`no file is named by ${JSON.stringify(input)}`);
    }
    const nothing = await expectCode(expandInputs([]), 'INVALID_PARAMETER');
    expect(nothing.message).toBe('no log file was named');
  });

  it('takes standard input alone', async () => {
    expect(await expandInputs(['-'])).toEqual(['-']);
    const error = await expectCode(expandInputs(['-', ...at('a.log')]), 'INVALID_PARAMETER');
    expect(error.message).toBe('standard input (-) cannot be read beside files');
  });
});
