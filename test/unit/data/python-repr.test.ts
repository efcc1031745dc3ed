import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePythonLiteral, pythonRepr } from '#src/data/index.js';
import { pythonValue } from './python-values.js';

const python = '.venv/bin/python';

describe('pythonRepr', () => {
  it.each([
    ['', "''"],
    ["it's", `"it's"`],
    [`it's "x"`, `'it\\'s "x"'`],
    ['a\\b\n\r\t', String.raw`'a\\b\n\r\t'`],
    ['\0\x1b\x7f\x85\xa0\xad', String.raw`'\x00\x1b\x7f\x85\xa0\xad'`],
    ['é€😀', "'é€😀'"],
    ['\u2028\ud800\u{e0001}', String.raw`'\u2028\ud800\U000e0001'`],
    [1e16, '1e+16'],
    [1e15, '1000000000000000.0'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [-0, '-0.0'],
    [0, '0.0'],
    [1.5e300, '1.5e+300'],
    [Number.NaN, 'nan'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [22n, '22'],
    [{ kind: 'bytes', latin1: "a'\xff\n\\" } as const, String.raw`b"a'\xff\n\\"`],
    [{ kind: 'tuple', items: [1n] } as const, '(1,)'],
    [{ kind: 'tuple', items: [] } as const, '()'],
    [{ kind: 'list', items: [null, true] } as const, '[None, True]'],
    [{ kind: 'dict', entries: [['a', { kind: 'dict', entries: [] }]] } as const, "{'a': {}}"],
  ])('writes case %#', (value, expected) => {
    expect(pythonRepr(value)).toBe(expected);
  });

  it.skipIf(!existsSync(python))('writes what CPython writes (skipped without .venv/bin/python)', () => {
    const seed = 20260130;
    const written = fc.sample(pythonValue, { numRuns: 1000, seed }).map((value) => pythonRepr(value));
    const others = ["'\\d'", '1_0.5e-7', '0x_ff', "u'é'", "{1: 2, 'x': (1,),}", '[[], {}, ()]'];
    const script =
      'import ast,json,sys\nprint(json.dumps([repr(ast.literal_eval(t)) for t in json.load(sys.stdin)]))';
    const texts = [...written, ...others];
    const run = spawnSync(python, ['-W', 'ignore', '-c', script], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    const theirs = JSON.parse(run.stdout) as string[];
    const ours = texts.map((text) => pythonRepr(parsePythonLiteral(text)));
    for (const [i, text] of theirs.entries()) expect(ours[i], `seed ${seed}, value ${i}`).toBe(text);
  });
});
