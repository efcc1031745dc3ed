import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recallAtRates } from '#src/evaluate/index.js';
import { binarySamples, countAbove } from './binary-samples.js';

/** `n` negatives at 0, 1/n, 2/n … and four positives above all, half, a tenth and none of them. */
function ladder(n: number) {
  const negatives = Array.from({ length: n }, (_, i) => i / n);
  return { yTrue: [...negatives.map(() => 0), 1, 1, 1, 1], scores: [...negatives, 2, 0.9951, 0.5, -1] };
}

describe('recallAtRates', () => {
  it('gives recall, threshold, rate and Wilson interval where there are enough negatives', () => {
    const [first, second, third] = recallAtRates(ladder(1000));
    expect(first).toMatchObject({ rate: 0.01, estimable: true, recall: 0.5, falsePositiveRate: 0.01 });
    if (!first?.estimable) throw new Error('expected an estimate');
    // Ten negatives alert, from .999 down to .990: halfway to .989.
    expect(first.threshold).toBeCloseTo(0.9895, 12);
    // Wilson 1927 for 2 of 4.
    expect(first.interval!.low).toBeCloseTo(0.150038989152, 12);
    expect(first.interval).toMatchObject({ level: 0.95, method: 'wilson' });
    expect(second).toEqual({
      rate: 0.001,
      estimable: false,
      needs: 10_000,
      reason: 'not estimable: needs 10000 negatives, there are 1000',
    });
    expect(third).toMatchObject({ rate: 0.0001, estimable: false, needs: 100_000 });
  });

  it('resamples whole groups where there are groups, and has no interval of one', () => {
    const input = ladder(1000);
    const at = (groups: (string | number)[]) => {
      const [first] = recallAtRates({ ...input, groups }, { rates: [0.01], resamples: 200 });
      if (!first?.estimable) throw new Error('expected an estimate');
      return first;
    };
    const byGroup = at(input.yTrue.map((_, i) => i % 100));
    expect(byGroup.recall).toBe(0.5);
    expect(byGroup.interval).toMatchObject({ method: 'clusterBootstrap', level: 0.95 });
    expect(at(input.yTrue.map(() => 'one')).interval).toBeNull();
  });

  it('needs exactly 10 / rate negatives', () => {
    const at = (n: number, rate: number) => recallAtRates(ladder(n), { rates: [rate] })[0]!.estimable;
    expect([at(999, 0.01), at(1000, 0.01), at(99, 0.1), at(100, 0.1)]).toEqual([false, true, false, true]);
    expect(at(34, 0.3)).toBe(true);
    expect(at(33, 0.3)).toBe(false);
    // 10 / (10 / 61) is 61.00000000000001.
    expect(at(61, 10 / 61)).toBe(true);
  });

  it('needs a positive, and says so', () => {
    const input = { yTrue: Array(100).fill(0), scores: Array(100).fill(0.5) };
    expect(recallAtRates(input, { rates: [0.1] })[0]).toEqual({
      rate: 0.1,
      estimable: false,
      needs: 100,
      reason: 'not estimable: there is no positive',
    });
    expect(recallAtRates({ yTrue: [0], scores: [1] }, { rates: [0.1] })[0]).toMatchObject({
      reason: 'not estimable: needs 100 negatives, there is 1',
    });
  });

  it('alerts on nothing where the top tie alone holds too many negatives', () => {
    const yTrue = [1, ...Array(100).fill(0)];
    const [at] = recallAtRates({ yTrue, scores: yTrue.map(() => 0.5) }, { rates: [0.1] });
    expect(at).toMatchObject({ recall: 0, threshold: Infinity, falsePositiveRate: 0 });
  });

  it('keeps the rate, and no lower threshold does better', () => {
    fc.assert(
      fc.property(binarySamples, fc.constantFrom(0.25, 0.5, 0.9), (input, rate) => {
        const [at] = recallAtRates(input, { rates: [rate] });
        if (!at?.estimable) return;
        const counts = countAbove(input, at.threshold);
        const negatives = counts.falsePositives + counts.trueNegatives;
        expect(at.falsePositiveRate).toBe(counts.falsePositives / negatives);
        expect(at.falsePositiveRate).toBeLessThanOrEqual(rate);
        for (const threshold of [...input.scores, -1]) {
          const other = countAbove(input, threshold);
          if (other.falsePositives / negatives <= rate)
            expect(other.truePositives).toBeLessThanOrEqual(counts.truePositives);
        }
      }),
    );
  });

  it('takes a million samples', () => {
    const n = 1_000_000;
    const yTrue = Uint8Array.from({ length: n }, (_, i) => (i % 10 === 0 ? 1 : 0));
    const scores = Float64Array.from({ length: n }, (_, i) => ((i * 7919) % 1_000_003) / 1_000_003);
    for (const at of recallAtRates({ yTrue, scores })) {
      expect(at.estimable).toBe(true);
      if (at.estimable) expect(Math.abs(at.recall - at.rate)).toBeLessThan(0.002);
    }
  });

  it('refuses what cannot be', () => {
    expect(() => recallAtRates({ yTrue: [0, 1], scores: [0, 1] }, { rates: [0] })).toThrow(
      'rates must be numbers above 0 and below 1, got 0',
    );
    expect(() => recallAtRates({ yTrue: [0, 1], scores: [0, 1] }, { level: 1 })).toThrow(
      'level must be a number above 0 and below 1, got 1',
    );
    expect(() => recallAtRates({ yTrue: [], scores: [] })).toThrow('yTrue is empty');
    expect(() => recallAtRates({ yTrue: [1], scores: [1, 2] })).toThrow('scores must have 1 values, got 2');
    expect(() => recallAtRates({ yTrue: [2], scores: [1] })).toThrow(
      'yTrue of sample 0 must be 0 or 1, got 2',
    );
    expect(() => recallAtRates({ yTrue: [1], scores: [Number.NaN] })).toThrow(
      'scores of sample 0 must be a finite number, got NaN',
    );
  });
});
