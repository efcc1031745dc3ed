import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTestFile } from '#src/pipeline/check-test-file.js';
import { extendLabels, unseenClassNotes } from '#src/pipeline/label-samples.js';
import { expectThrown } from '../../support/expect-thrown.js';

describe('a test file', () => {
  it('stands beside nothing else that chooses test rows', () => {
    const data = { path: 'a.csv', test: 'b.csv' };
    expect(() =>
      checkTestFile({ data, split: { randomState: 1 }, crossValidation: { on: 'train' } }),
    ).not.toThrow();
    expect(() => checkTestFile({ data: { path: 'a.csv' }, split: { method: 'time' } })).not.toThrow();
    const cases: [Parameters<typeof checkTestFile>[0], string][] = [
      [{ data, split: { method: 'time', testSize: 0.1 } }, 'split.method'],
      [{ data, split: { testSize: 10 } }, 'split.testSize'],
      [{ data, split: { testFrom: '2018-05-25' } }, 'split.testFrom'],
      [{ data, crossValidation: { on: 'all' } }, 'crossValidation.on'],
      [{ data: { path: '-', test: '-' } }, 'data.test'],
    ];
    for (const [input, parameter] of cases)
      expect(expectThrown(() => checkTestFile(input), 'INVALID_PARAMETER').details).toEqual({ parameter });
  });
});

describe('labels of test rows', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 8 });
  const coded = (texts: readonly string[]) => {
    const classes = [...new Set(texts)].sort();
    return { classes, codes: Uint16Array.from(texts, (text) => classes.indexOf(text)) };
  };

  it('mean what they meant, coded by the classes of the training rows first', () => {
    fc.assert(
      fc.property(words, words, (train, test) => {
        const known = coded(train).classes;
        fc.pre(test.some((text) => known.includes(text)));
        const { classes, codes } = extendLabels(coded(test), known, 'x');
        expect(classes.slice(0, known.length)).toEqual(known);
        expect(new Set(classes).size).toBe(classes.length);
        expect(Array.from(codes, (code) => classes[code])).toEqual(test);
        const unseen = test.filter((text) => !known.includes(text)).length;
        const [note] = unseenClassNotes({ classes, codes }, known.length);
        if (unseen === 0) expect(note).toBeUndefined();
        else expect(note).toMatch(new RegExp(`^${unseen} test rows are of `));
      }),
    );
  });

  it('name the classes without a training row, and refuse where there is no other', () => {
    const labels = extendLabels(coded(['a', 'x', 'y', 'y']), ['a', 'b'], 'name');
    expect(unseenClassNotes(labels, 2)).toEqual([
      '3 test rows are of 2 classes without a training row, and count as wrong: x, y',
    ]);
    const many = coded(Array.from({ length: 30 }, (_, i) => `c${i}`));
    const error = expectThrown(() => extendLabels(many, [0, 1], 'name'), 'BAD_DATA');
    expect(error.message).toMatch(
      /^label "name": no class of the test file \(c0, c1, .*, …\) is one of .* \(0, 1\)$/,
    );
    expect(error.hint).toBe('give files of one kind, labelled the same way');
  });
});
