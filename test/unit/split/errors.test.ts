import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '#src/core/index.js';
import type { Labels } from '#src/data/index.js';
import {
  kFold,
  repeatedKFold,
  repeatedStratifiedKFold,
  stratifiedKFold,
  timeOrderedSplit,
  timeSeriesSplit,
  trainTestSplit,
} from '#src/split/index.js';

const labels = (text: string): Labels => ({
  classes: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  codes: Uint16Array.from(text, (letter) => letter.charCodeAt(0) - 97),
});
const stratify = labels('aaabbb');
const never = 'never' as never;

function expectError(run: () => unknown, code: ErrorCode, message: string, hint: string): void {
  expect(run).toThrow(expect.objectContaining({ name: 'PhantomNetError', code, message, hint }));
}

describe('errors of splits', () => {
  const parameters: [string, () => unknown, string, string, unknown][] = [
    ['testSize', () => trainTestSplit(9, { testSize: 0 }), 'testSize', size(), 0],
    ['testSize', () => trainTestSplit(9, { testSize: 1.5 }), 'testSize', size(), 1.5],
    ['testSize', () => trainTestSplit(9, { testSize: -1 }), 'testSize', size(), -1],
    ['trainSize', () => trainTestSplit(9, { trainSize: Number.NaN }), 'trainSize', size(), Number.NaN],
    ['nSamples', () => trainTestSplit(2.5), 'nSamples', 'a whole number of rows', 2.5],
    ['nSamples', () => kFold(-1), 'nSamples', 'a whole number of rows', -1],
    [
      'shuffle',
      () => trainTestSplit(6, { stratify, shuffle: false }),
      'shuffle',
      'true when stratify is given',
      false,
    ],
    [
      'randomState',
      () => trainTestSplit(6, { randomState: -1 }),
      'randomState',
      'an integer from 0 to 4294967295',
      -1,
    ],
    ['nSplits', () => kFold(6, { nSplits: 1 }), 'nSplits', 'an integer of at least 2', 1],
    [
      'nSplits',
      () => stratifiedKFold(stratify, { nSplits: 2.5 }),
      'nSplits',
      'an integer of at least 2',
      2.5,
    ],
    ['nSplits', () => timeSeriesSplit([1, 2, 3], { nSplits: 1 }), 'nSplits', 'an integer of at least 2', 1],
    ['randomState', () => kFold(6, { nSplits: 2, randomState: 3 }), 'randomState', unshuffled(), 3],
    ['nRepeats', () => repeatedKFold(6, { nRepeats: 0 }), 'nRepeats', 'an integer of at least 1', 0],
    [
      'nRepeats',
      () => repeatedStratifiedKFold(stratify, { nRepeats: 0 }),
      'nRepeats',
      'an integer of at least 1',
      0,
    ],
    [
      'rareClasses',
      () => stratifiedKFold(stratify, { nSplits: 2, rareClasses: never }),
      'rareClasses',
      "'error' or 'allow'",
      '"never"',
    ],
    [
      'testSize',
      () => timeSeriesSplit([1, 2, 3], { nSplits: 2, testSize: 0 }),
      'testSize',
      'an integer of at least 1',
      0,
    ],
    ['gap', () => timeSeriesSplit([1, 2, 3], { nSplits: 2, gap: -1 }), 'gap', 'an integer of at least 0', -1],
    [
      'maxTrainSize',
      () => timeSeriesSplit([1, 2, 3], { nSplits: 2, maxTrainSize: 0 }),
      'maxTrainSize',
      'an integer of at least 1',
      0,
    ],
  ];
  it.each(parameters)('names a bad %s', (_, run, name, allowed, given) => {
    expectError(
      run,
      'INVALID_PARAMETER',
      `${name} must be ${allowed}, got ${given}`,
      `set ${name} to ${allowed}`,
    );
  });

  const resize = 'change testSize or trainSize, or add rows';
  it.each([
    [0, {}, '0 rows with the default testSize 0.25: that is 0 rows for training and 0 for testing', 0],
    [1, { testSize: 0.5 }, '1 row with testSize 0.5: that is 0 rows for training and 1 for testing', 1],
    [3, { testSize: 0.9 }, '3 rows with testSize 0.9: that is 0 rows for training and 3 for testing', 3],
    [3, { trainSize: 0.1 }, '3 rows with trainSize 0.1: that is 0 rows for training and 3 for testing', 3],
    [3, { testSize: 4 }, '3 rows with testSize 4: that is 0 rows for training and 4 for testing', 3],
    [
      9,
      { testSize: 5, trainSize: 5 },
      '9 rows with testSize 5 and trainSize 5: that is 5 rows for training and 5 for testing',
      9,
    ],
    [
      9,
      { testSize: 0.5, trainSize: 0.51 },
      '9 rows with testSize 0.5 and trainSize 0.51: that is 4 rows for training and 5 for testing',
      9,
    ],
  ])('refuses sizes that %i rows cannot fill', (n, options, message, most) => {
    const rest = `; each side needs at least 1, both at most ${most}`;
    expectError(() => trainTestSplit(n, options), 'BAD_DATA', `cannot split ${message}${rest}`, resize);
    if (!('trainSize' in options))
      expectError(
        () => timeOrderedSplit(new Float64Array(n), options),
        'BAD_DATA',
        `cannot split ${message}${rest}`,
        resize,
      );
  });

  it('refuses a stratified holdout of a class with one row, naming up to five of them', () => {
    const hint =
      'add rows of these classes, put them together with others or leave them out (label.classes of events), or split without stratify: by time or at random';
    const start = 'a stratified split needs at least 2 rows of each class; too few of: ';
    const split = (text: string) => () =>
      trainTestSplit(text.length, { testSize: 0.5, stratify: labels(text) });
    expectError(split('aaab'), 'BAD_DATA', `${start}"b" (1)`, hint);
    expectError(
      split('abcdefgg'),
      'BAD_DATA',
      `${start}"a" (1), "b" (1), "c" (1), "d" (1), "e" (1) and 1 more`,
      hint,
    );
  });

  it('refuses a stratified holdout with fewer rows on a side than classes', () => {
    const six = labels('aabbcc');
    expectError(
      () => trainTestSplit(6, { testSize: 2, stratify: six }),
      'BAD_DATA',
      'the test side has 2 rows, fewer than the 3 classes to be in it',
      'give the test side at least 3 rows, or split without stratify: by time or at random',
    );
    expectError(
      () => trainTestSplit(6, { trainSize: 1, stratify: six }),
      'BAD_DATA',
      'the training side has 1 row, fewer than the 3 classes to be in it',
      'give the training side at least 3 rows, or split without stratify: by time or at random',
    );
  });

  it('refuses labels that are not those of the rows', () => {
    expectError(
      () => trainTestSplit(7, { stratify }),
      'BAD_DATA',
      'stratify has 6 labels for 7 rows',
      'give one label for each row',
    );
    expectError(
      () => stratifiedKFold({ classes: [0, 1], codes: Uint16Array.of(0, 1, 2) }, { nSplits: 2 }),
      'BAD_DATA',
      'row 2 has class code 2, but there are 2 classes',
      'give every row the index of its class in labels.classes',
    );
  });

  it('refuses more folds than rows', () => {
    const hint = 'use at most 4 folds, or add rows';
    for (const run of [
      () => kFold(4),
      () => repeatedKFold(4),
      () => stratifiedKFold(labels('aabb')),
      () => repeatedStratifiedKFold(labels('aabb')),
    ])
      expectError(run, 'BAD_DATA', 'cannot make 5 folds of 4 rows', hint);
    expectError(
      () => kFold(1),
      'BAD_DATA',
      'cannot make 5 folds of 1 row',
      'add rows: 2 folds need at least 2',
    );
  });

  it('refuses more forward folds than the rows can make', () => {
    expectError(
      () => timeSeriesSplit([1, 2, 3, 4], { nSplits: 4 }),
      'BAD_DATA',
      '4 splits forward in time need more rows, got 4',
      'give at least 5 rows, or use fewer splits',
    );
  });

  it('refuses a class with fewer members than folds, unless told to allow it', () => {
    const hint = "use fewer folds, add rows of these classes, or set rareClasses to 'allow'";
    const message = 'cannot spread each class over 3 folds; fewer members than folds in: "b" (2)';
    const rare = labels('aabaab');
    expectError(() => stratifiedKFold(rare, { nSplits: 3 }), 'BAD_DATA', message, hint);
    expectError(() => repeatedStratifiedKFold(rare, { nSplits: 3 }), 'BAD_DATA', message, hint);
    const splits = stratifiedKFold(rare, { nSplits: 3, rareClasses: 'allow' });
    expect(splits.map(({ test }) => [...test])).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
  });

  it('refuses folds when all classes have fewer members, also where rare classes are allowed', () => {
    expectError(
      () => stratifiedKFold(labels('aabb'), { nSplits: 3, rareClasses: 'allow' }),
      'BAD_DATA',
      'cannot spread each class over 3 folds; fewer members than folds in: "a" (2), "b" (2)',
      'use fewer folds, or add rows of these classes',
    );
  });

  it('refuses a row without a time', () => {
    const hint = 'give every row a finite time, or leave the row out';
    for (const split of [timeOrderedSplit, timeSeriesSplit])
      expectError(
        () => split([1, 2, Number.NaN, 4, 5, 6, 7]),
        'BAD_DATA',
        'row 2 has no usable time, got NaN',
        hint,
      );
  });

  it('refuses forward folds that leave nothing to train on', () => {
    expectError(
      () => timeSeriesSplit([1, 2, 3, 4, 5, 6], { nSplits: 2, testSize: 2, gap: 2 }),
      'BAD_DATA',
      '6 rows are too few for 2 splits with testSize 2 and gap 2: none is left to train on',
      'use fewer splits, a smaller testSize or gap, or add rows',
    );
  });
});

function size(): string {
  return 'a share between 0 and 1 or a whole number of rows';
}

function unshuffled(): string {
  return 'left out when shuffle is false, as it has no effect';
}
