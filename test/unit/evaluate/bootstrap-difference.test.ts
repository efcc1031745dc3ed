import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapDifferences } from '#src/evaluate/index.js';
import { expectMirrored, frozen, tested } from './frozen-comparison.js';

/** The share of drawn samples that are right. */
const share = (right: readonly number[]) => (drawn: Uint32Array) => {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < drawn.length; i++) {
    sum += right[i]! * drawn[i]!;
    total += drawn[i]!;
  }
  return total === 0 ? undefined : sum / total;
};

describe('bootstrapDifferences', () => {
  it.each(frozen.bootstrap)(
    'agrees with 20,000 resamples by NumPy within the noise of both, groups or none',
    ({ right, otherRight, groups, expected }) => {
      const [result] = bootstrapDifferences([share(right)], share(otherRight), {
        metric: 'accuracy',
        nSamples: right.length,
        groups: groups ?? undefined,
        resamples: 10_000,
      });
      const { difference, interval, pValue } = tested(result!);
      const width = expected[2] - expected[1];
      expect(difference).toBeCloseTo(expected[0], 12);
      expect(Math.abs(interval.low - expected[1])).toBeLessThan(0.06 * width);
      expect(Math.abs(interval.high - expected[2])).toBeLessThan(0.06 * width);
      expect(Math.abs(pValue - expected[3])).toBeLessThan(0.01);
      const method = groups === null ? 'bootstrap' : 'clusterBootstrap';
      expect(interval).toMatchObject({ level: 0.95, method });
    },
  );

  it('draws whole groups: one group is all there is, and cannot vary', () => {
    const options = { metric: 'accuracy', nSamples: 4, groups: ['a', 'a', 'a', 'a'], resamples: 99 };
    const [result] = bootstrapDifferences([share([1, 1, 1, 0])], share([0, 0, 0, 0]), options);
    expect(tested(result!)).toMatchObject({
      difference: 0.75,
      interval: { low: 0.75, high: 0.75 },
      pValue: 0.02,
    });
  });

  it('gives each of several models what it gives it alone', () => {
    const options = { metric: 'accuracy', nSamples: 5, resamples: 200, randomState: 3 };
    const [a, b, other] = [share([1, 1, 0, 1, 0]), share([0, 1, 0, 0, 1]), share([1, 0, 0, 0, 1])];
    const both = bootstrapDifferences([a, b], other, options);
    expect(both).toEqual([
      ...bootstrapDifferences([a], other, options),
      ...bootstrapDifferences([b], other, options),
    ]);
    expect(bootstrapDifferences([a], other, { ...options, randomState: 4 })).not.toEqual([both[0]]);
  });

  it('mirrors when the models are swapped, and shows nothing between equal ones', () => {
    const rows = fc.array(fc.tuple(fc.nat(1), fc.nat(1), fc.nat(3)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, fc.boolean(), fc.nat(1000), (samples, byGroup, randomState) => {
        const right = share(samples.map(([a]) => a));
        const otherRight = share(samples.map(([, b]) => b));
        const groups = byGroup ? samples.map(([, , g]) => g) : undefined;
        const options = { metric: 'accuracy', nSamples: samples.length, groups, resamples: 50, randomState };
        const [result] = bootstrapDifferences([right], otherRight, options);
        const [swapped] = bootstrapDifferences([otherRight], right, options);
        expectMirrored(swapped!, result!);
        const [same] = bootstrapDifferences([right], right, options);
        expect(same).toMatchObject({ difference: 0, pValue: 1, interval: { low: 0, high: 0 } });
      }),
      { numRuns: 50 },
    );
  });

  it('has no test where the metric is mostly undefined, and refuses what it cannot draw', () => {
    const never = () => undefined;
    const options = { metric: 'rocAuc', nSamples: 2 };
    expect(bootstrapDifferences([never], share([1, 0]), options)).toEqual([
      {
        test: 'bootstrap',
        metric: 'rocAuc',
        reason: 'rocAuc is undefined on the rows, or on most resamples',
      },
    ]);
    expect(() => bootstrapDifferences([never], never, { ...options, resamples: 0 })).toThrow(
      'resamples must be a whole number from 1, got 0',
    );
    expect(() => bootstrapDifferences([never], never, { ...options, groups: [1] })).toThrow(
      'groups must be a list of 2 values, got 1',
    );
  });
});
