import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delongTest } from '#src/evaluate/index.js';
import { expectMirrored, expectNear, frozen, tested } from './frozen-comparison.js';

const paired = fc.integer({ min: 4, max: 40 }).chain((n) => {
  const list = (value: fc.Arbitrary<number>) => fc.array(value, { minLength: n, maxLength: n });
  const score = fc.integer({ min: 0, max: 9 }).map((tenths) => tenths / 10);
  return fc.record({ isPositive: list(fc.nat(1)), scores: list(score), otherScores: list(score) });
});

describe('delongTest', () => {
  it('agrees with the definition over all pairs, ties among them', () => {
    for (const { expected, ...input } of frozen.delong) {
      const { difference, interval, pValue } = tested(delongTest(input));
      [difference, interval.low, interval.high, pValue].forEach((value, i) => {
        expectNear(value, expected[i]!);
      });
    }
  });

  it('holds a case worked by hand', () => {
    // Pairs ranked rightly, of 4: 4 and 2, so a gap of 1/2. Positives gain 1/2 each, negatives 1 and 0.
    const test = tested(
      delongTest({ isPositive: [0, 0, 1, 1], scores: [1, 2, 3, 4], otherScores: [5, 1, 3, 4] }),
    );
    expect(test.difference).toBe(0.5);
    // Spread of the negatives alone: variance 1/2 over 2 rows, a standard error of 1/2, so z is 1.
    expect(test.pValue).toBeCloseTo(0.317310507862914, 12);
    expect(test.interval).toEqual({ low: expect.closeTo(-0.48, 2), high: 1, level: 0.95, method: 'delong' });
  });

  it('mirrors when the models are swapped, and shows nothing between equal ones', () => {
    fc.assert(
      fc.property(paired, ({ isPositive, scores, otherScores }) => {
        const swapped = delongTest({ isPositive, scores: otherScores, otherScores: scores });
        expectMirrored(swapped, delongTest({ isPositive, scores, otherScores }));
        const same = delongTest({ isPositive, scores, otherScores: scores.map((s) => 2 * s + 1) });
        if ('pValue' in same) expect([same.difference, same.pValue]).toEqual([0, 1]);
      }),
    );
  });

  it('says why there is no test', () => {
    expect(delongTest({ isPositive: [0, 0, 1], scores: [1, 2, 3], otherScores: [1, 2, 3] })).toMatchObject({
      reason: 'the test rows hold fewer than two of a class',
    });
    expect(
      delongTest({ isPositive: [0, 0, 0, 1, 1], scores: [1, 1, 1, 2, 2], otherScores: [1, 1, 1, 1, 1] }),
    ).toMatchObject({ reason: 'neither AUC varies: each is 0 or 1, or its scores are all equal' });
  });

  it('refuses scores that are none', () => {
    const isPositive = [0, 0, 1, 1];
    expect(() => delongTest({ isPositive, scores: [1, 2], otherScores: [1, 2, 3, 4] })).toThrow(
      expect.objectContaining({
        code: 'INVALID_PARAMETER',
        message: 'scores must have 4 values, got 2',
        hint: 'give the labels, predictions, scores and weights of the same samples',
      }),
    );
    expect(() =>
      delongTest({ isPositive, scores: [1, 2, 3, 4], otherScores: [1, Number.NaN, 3, 4] }),
    ).toThrow(
      expect.objectContaining({
        code: 'BAD_DATA',
        message: 'otherScores of row 1 must be a number, got NaN',
        hint: 'leave the row out for both models',
      }),
    );
  });
});
