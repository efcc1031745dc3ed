import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
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

  it('has no test of one group or one sample, nor where every resample gives the same difference', () => {
    const options = { metric: 'accuracy', nSamples: 4, resamples: 99 };
    const test = (groups: string[]) =>
      bootstrapDifferences([share([1, 1, 1, 1])], share([1, 0, 1, 0]), { ...options, groups })[0];
    expect(test(['a', 'a', 'a', 'a'])).toEqual({
      test: 'bootstrap',
      metric: 'accuracy',
      reason: 'there is one group: nothing to resample',
    });
    expect(test(['a', 'a', 'b', 'b'])).toEqual({
      test: 'bootstrap',
      metric: 'accuracy',
      reason: 'every resample gives the same difference',
    });
    expect(
      bootstrapDifferences([share([1])], share([0]), { metric: 'accuracy', nSamples: 1 })[0],
    ).toMatchObject({ reason: 'there is one sample: nothing to resample' });
  });

  it('has no test where leaving a group out leaves nothing to measure', () => {
    const needsLast = (drawn: Uint32Array) => (drawn[9]! > 0 ? 0.5 : undefined);
    const options = { metric: 'rocAuc', nSamples: 10, resamples: 99 };
    expect(bootstrapDifferences([needsLast], share(new Array(10).fill(0)), options)[0]).toMatchObject({
      reason: 'rocAuc is undefined without one of 10 samples',
    });
  });

  it.each([2, 5, 8, 19])('gives %i groups of one kind no smaller p than all signs allow', (nGroups) => {
    const groups = Array.from({ length: nGroups * 10 }, (_, i) => i % nGroups);
    const right = groups.map((group, i) => Number(i < nGroups * 8 || group === 0));
    const [result] = bootstrapDifferences([share(right)], share(groups.map(() => 0)), {
      metric: 'accuracy',
      nSamples: groups.length,
      groups,
      resamples: 400,
    });
    expect(tested(result!).pValue).toBe(2 ** (1 - nGroups));
  });

  it.each([2, 3, 4, 5, 6, 8, 10, 13, 16, 20])(
    'finds a difference of equal models in %i groups at most .08 of the time at .05',
    (nGroups) => {
      const random = new Xoshiro128(nGroups);
      const nTrials = 300;
      let nFound = 0;
      for (let trial = 0; trial < nTrials; trial++) {
        const groups: number[] = [];
        const [right, otherRight]: [number[], number[]] = [[], []];
        for (let group = 0; group < nGroups; group++) {
          const gap = 0.4 * (random.nextDouble() - 0.5);
          for (let i = 0; i < 30; i++) {
            groups.push(group);
            right.push(Number(random.nextDouble() < 0.7 + gap / 2));
            otherRight.push(Number(random.nextDouble() < 0.7 - gap / 2));
          }
        }
        const options = { metric: 'accuracy', nSamples: groups.length, groups, resamples: 300 };
        const [result] = bootstrapDifferences([share(right)], share(otherRight), options);
        if ('pValue' in result! && result.pValue < 0.05) nFound++;
      }
      expect(nFound / nTrials).toBeLessThanOrEqual(0.08);
    },
  );

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
        const isOne = new Set(groups ?? samples.keys()).size === 1;
        const options = { metric: 'accuracy', nSamples: samples.length, groups, resamples: 50, randomState };
        const [result] = bootstrapDifferences([right], otherRight, options);
        const [swapped] = bootstrapDifferences([otherRight], right, options);
        expectMirrored(swapped!, result!);
        const [same] = bootstrapDifferences([right], right, options);
        if (isOne) expect(same).toHaveProperty('reason');
        else expect(same).toMatchObject({ difference: 0, pValue: 1, interval: { low: 0, high: 0 } });
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
