import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctedResampledT } from '#src/evaluate/index.js';
import { expectMirrored, expectNear, frozen, tested } from './frozen-comparison.js';

describe('correctedResampledT', () => {
  it("agrees with the formula and SciPy's distribution", () => {
    for (const { values, otherValues, testToTrain, expected } of frozen.correctedT) {
      const { difference, interval, pValue } = tested(
        correctedResampledT(values, otherValues, { testToTrain }),
      );
      [difference, interval.low, interval.high, pValue].forEach((value, i) => {
        expectNear(value, expected[i]!);
      });
    }
  });

  it('holds a case worked by hand: two folds, one degree of freedom', () => {
    // Gaps 3 and 1: mean 2, variance 2; times (1/2 + 1/2) that is a standard error of √2, so t = √2.
    const test = tested(correctedResampledT([3, 2], [0, 1], { testToTrain: 0.5, metric: 'f1' }));
    expect([test.metric, test.difference]).toEqual(['f1', 2]);
    expect(test.pValue).toBeCloseTo((2 / Math.PI) * Math.atan(Math.SQRT1_2), 12);
  });

  it('is more careful the more the folds share', () => {
    const p = (testToTrain: number) =>
      tested(correctedResampledT([0.9, 0.8, 0.9], [0.8, 0.8, 0.7], { testToTrain })).pValue;
    expect(p(1 / 2)).toBeGreaterThan(p(1 / 9));
    expect(p(1 / 9)).toBeGreaterThan(p(0));
  });

  it('mirrors when the models are swapped, and shows nothing between equal ones', () => {
    const folds = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(folds, (pairs) => {
        const [values, others] = [pairs.map(([a]) => a / 20), pairs.map(([, b]) => b / 20)];
        const options = { testToTrain: 0.25 };
        expectMirrored(
          correctedResampledT(others, values, options),
          correctedResampledT(values, others, options),
        );
        const same = tested(correctedResampledT(values, values, options));
        expect([same.difference, same.pValue, same.interval.low, same.interval.high]).toEqual([0, 1, 0, 0]);
      }),
    );
  });

  it('says why there is no test', () => {
    expect(correctedResampledT([1], [0], { testToTrain: 1 })).toEqual({
      test: 'correctedT',
      metric: 'accuracy',
      reason: 'there are fewer than two folds',
    });
    // The gaps are equal but for rounding: 0.9 - 0.8 is not 0.8 - 0.7 in a computer.
    expect(correctedResampledT([0.9, 0.8], [0.8, 0.7], { testToTrain: 1 })).toMatchObject({
      reason: 'the difference is the same in every fold',
    });
    expect(() => correctedResampledT([1, 1], [0], { testToTrain: 1 })).toThrow(
      expect.objectContaining({
        code: 'INVALID_PARAMETER',
        message: 'both models need one value a fold, got 2 and 1',
        hint: 'give the values of both models on the same folds, in the same order',
      }),
    );
  });
});
