import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '#src/core/index.js';
import type { Labels } from '#src/data/index.js';
import {
  blockedTimeSeriesSplit,
  groupKFold,
  groupTrainTestSplit,
  leaveOneGroupOut,
  stratifiedGroupKFold,
  stratifiedGroupTrainTestSplit,
  timeOrderedSplit,
} from '#src/split/index.js';

const labels = (text: string): Labels => ({
  classes: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  codes: Uint16Array.from(text, (letter) => letter.charCodeAt(0) - 97),
});

function expectError(run: () => unknown, code: ErrorCode, message: string, hint: string): void {
  expect(run).toThrow(expect.objectContaining({ name: 'PhantomNetError', code, message, hint }));
}

describe('errors of grouped splits', () => {
  const groups = [...'uuvvww'];

  it('name a bad option', () => {
    const cases: [() => unknown, string, string, unknown][] = [
      [() => groupKFold(groups, { nSplits: 1 }), 'nSplits', 'an integer of at least 2', 1],
      [
        () => groupKFold(groups, { nSplits: 2, randomState: 1 }),
        'randomState',
        'left out when shuffle is false, as it has no effect',
        1,
      ],
      [
        () => groupTrainTestSplit(groups, { testSize: 0 }),
        'testSize',
        'a share between 0 and 1 or a whole number of rows',
        0,
      ],
      [
        () => groupTrainTestSplit(groups, { randomState: -1 }),
        'randomState',
        'an integer from 0 to 4294967295',
        -1,
      ],
      [
        () => stratifiedGroupTrainTestSplit(labels('ababab'), groups, { testSize: 2 }),
        'testSize',
        'a share between 0 and 1',
        2,
      ],
      [
        () => stratifiedGroupKFold(labels('ababab'), groups, { nSplits: 2, rareClasses: 'never' as never }),
        'rareClasses',
        "'error' or 'allow'",
        '"never"',
      ],
    ];
    for (const [run, name, allowed, given] of cases)
      expectError(
        run,
        'INVALID_PARAMETER',
        `${name} must be ${allowed}, got ${given}`,
        `set ${name} to ${allowed}`,
      );
  });

  it('name a row without a group', () => {
    for (const [group, shown] of [
      [Number.NaN, 'NaN'],
      [undefined, 'undefined'],
      [null, 'null'],
    ] as const)
      expectError(
        () => groupTrainTestSplit(['a', 1, group as never]),
        'BAD_DATA',
        `row 2 has no usable group, got ${shown}`,
        'give every row a text or a finite number as its group',
      );
  });

  it('say that there are too few groups', () => {
    for (const run of [() => groupKFold(groups), () => stratifiedGroupKFold(labels('ababab'), groups)])
      expectError(
        run,
        'BAD_DATA',
        'cannot make 5 folds of 3 groups (6 rows)',
        'use at most 3 folds, or group by something finer',
      );
    expectError(
      () => groupKFold(['u', 'u', 'u'], { nSplits: 2 }),
      'BAD_DATA',
      'cannot make 2 folds of 1 group (3 rows)',
      'group by something that differs between rows: 2 folds need at least 2 groups',
    );
    expectError(
      () => groupKFold(['u']),
      'BAD_DATA',
      'cannot make 5 folds of 1 row',
      'add rows: 2 folds need at least 2',
    );
    expectError(
      () => leaveOneGroupOut(['u', 'u']),
      'BAD_DATA',
      'cannot leave one group out of 1 group: none is left to train on',
      'group by something that differs between rows',
    );
    expectError(
      () => groupTrainTestSplit(['u', 'u'], { testSize: 0.2 }),
      'BAD_DATA',
      'cannot split 1 group with testSize 0.2: that is 0 groups for training and 1 for testing; each side needs at least 1, both at most 1',
      'change testSize or trainSize, or add groups',
    );
  });

  it('say which labels do not fit the groups', () => {
    for (const split of [stratifiedGroupKFold, stratifiedGroupTrainTestSplit])
      expectError(
        () => split(labels('ababa'), groups),
        'BAD_DATA',
        '5 labels for the groups of 6 rows',
        'give one label and one group for each row',
      );
  });

  it('name the classes that are in too few groups for the folds', () => {
    const rare = () => stratifiedGroupKFold(labels('abaaaa'), groups, { nSplits: 2 });
    expectError(
      rare,
      'BAD_DATA',
      'cannot spread each class over 2 folds of whole groups; in fewer groups than folds: "b" (1 group)',
      "use fewer folds, group by something finer, or set rareClasses to 'allow'",
    );
    expectError(
      () => stratifiedGroupKFold(labels('aaabcdefg'), [1, 2, 3, 4, 5, 6, 7, 8, 9], { nSplits: 2 }),
      'BAD_DATA',
      'cannot spread each class over 2 folds of whole groups; in fewer groups than folds: "b" (1 group), "c" (1 group), "d" (1 group), "e" (1 group), "f" (1 group) and 1 more',
      "use fewer folds, group by something finer, or set rareClasses to 'allow'",
    );
    const allowed = stratifiedGroupKFold(labels('abaaaa'), groups, { nSplits: 2, rareClasses: 'allow' });
    expect(allowed.flatMap(({ test }) => [...test]).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expectError(
      () => stratifiedGroupKFold(labels('aabb'), [1, 2, 3, 4], { nSplits: 3, rareClasses: 'allow' }),
      'BAD_DATA',
      'every class has fewer rows than the 3 folds',
      'use fewer folds, or add rows',
    );
  });

  it('name a class that one side would lack', () => {
    expectError(
      () => stratifiedGroupTrainTestSplit(labels('abaaaa'), groups),
      'BAD_DATA',
      'class "b" is in 1 group only, so that one side would lack it',
      'group by something finer, add rows, or leave the class out (label.classes names those to keep)',
    );
    expectError(
      () => stratifiedGroupTrainTestSplit(labels('abcaaa'), groups),
      'BAD_DATA',
      '2 classes are in 1 group each, so that one side would lack them: "b", "c"',
      'group by something finer, add rows, or leave them out (label.classes names those to keep)',
    );
    // Each class is in two of three groups: one side always has one group, which holds two of the three classes.
    expectError(
      () => stratifiedGroupTrainTestSplit(labels('abbcca'), groups, { testSize: 0.5 }),
      'BAD_DATA',
      'no whole groups give the training side a row of class "b" with testSize 0.5',
      'change testSize, group by something finer, or add rows',
    );
  });
});

describe('errors of splits by time', () => {
  const times = [1, 2, 3, 4, 5, 6];

  it('name a bad option', () => {
    const length = 'a length of time from 0';
    const cases: [() => unknown, string, string, unknown][] = [
      [() => timeOrderedSplit(times, { gap: -1 }), 'gap', length, -1],
      [() => timeOrderedSplit(times, { gap: Number.POSITIVE_INFINITY }), 'gap', length, 'Infinity'],
      [() => blockedTimeSeriesSplit(times, { gap: Number.NaN }), 'gap', length, 'NaN'],
      [() => blockedTimeSeriesSplit(times, { nSplits: 0 }), 'nSplits', 'an integer of at least 2', 0],
      [
        () => timeOrderedSplit(times, { testFrom: Number.NaN }),
        'testFrom',
        'an instant in the unit of the times',
        'NaN',
      ],
      [
        () => timeOrderedSplit(times, { testFrom: 3, testSize: 0.5 }),
        'testSize',
        'left out beside testFrom',
        0.5,
      ],
    ];
    for (const [run, name, allowed, given] of cases)
      expectError(
        run,
        'INVALID_PARAMETER',
        `${name} must be ${allowed}, got ${given}`,
        `set ${name} to ${allowed}`,
      );
  });

  it('say which side would be empty', () => {
    const hint = 'choose another testFrom or testSize or a smaller gap; rows of equal time stay on one side';
    const cases: [() => unknown, string][] = [
      [() => timeOrderedSplit(times, { testFrom: 1 }), '6 rows by time at 1: 0 before it to train on, 6'],
      [() => timeOrderedSplit(times, { testFrom: 7 }), '6 rows by time at 7: 6 before it to train on, 0'],
      [
        () => timeOrderedSplit(times, { testFrom: 4, gap: 9 }),
        '6 rows by time at 4: 0 before it to train on, 3 in the gap, 3',
      ],
      [() => timeOrderedSplit([2, 2, 2, 2]), '4 rows by time at 2: 0 before it to train on, 4'],
    ];
    for (const [run, message] of cases)
      expectError(run, 'BAD_DATA', `cannot split ${message} from it on to test`, hint);
    expect(timeOrderedSplit([2, 2, 2, 3]).train).toEqual(Uint32Array.of(0, 1, 2));
  });

  it('say which block is empty or alone', () => {
    expectError(
      () => blockedTimeSeriesSplit([1, 1, 1, 1, 1, 2], { nSplits: 3 }),
      'BAD_DATA',
      'cannot cut 6 rows into 3 blocks of time: block 1 would be empty, as too many rows share a time',
      'use fewer splits, or finer times',
    );
    expectError(
      () => blockedTimeSeriesSplit(times, { nSplits: 2, gap: 9 }),
      'BAD_DATA',
      'a gap of 9 around block 1 of 2 leaves no row to train on',
      'use a smaller gap, or add rows',
    );
    expectError(
      () => blockedTimeSeriesSplit([1, 2, 3, 4, Number.NaN]),
      'BAD_DATA',
      'row 4 has no usable time, got NaN',
      'give every row a finite time, or leave the row out',
    );
  });
});
