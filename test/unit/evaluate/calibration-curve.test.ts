import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '#src/evaluate/closed-intervals.js';
import { calibrationCurve } from '#src/evaluate/index.js';
import { binarySamples } from './binary-samples.js';

describe('calibrationCurve', () => {
  it('bins, with what is said and what is so', () => {
    const yTrue = [0, 0, 1, 1, 1, 0];
    const scores = [0, 0.1, 0.4, 0.5, 0.9, 1];
    const { bins, ece, brier } = calibrationCurve({ yTrue, scores }, { nBins: 2 });
    // .5 is the edge and belongs below it.
    expect(bins[0]).toEqual({
      low: 0,
      high: 0.5,
      samples: 4,
      positives: 2,
      meanScore: 0.25,
      share: 0.5,
      interval: wilsonInterval(2, 4, 0.95),
    });
    expect(bins[1]).toMatchObject({
      low: 0.5,
      high: 1,
      samples: 2,
      positives: 1,
      meanScore: 0.95,
      share: 0.5,
    });
    expect(ece).toBeCloseTo((4 * 0.25 + 2 * 0.45) / 6, 14);
    expect(brier).toBeCloseTo((0 + 0.01 + 0.36 + 0.25 + 0.01 + 1) / 6, 14);
  });

  it('leaves out bins without samples, and puts ties into one quantile', () => {
    expect(calibrationCurve({ yTrue: [0, 1], scores: [0.05, 0.95] }).bins).toHaveLength(2);
    const tied = calibrationCurve(
      { yTrue: [0, 1, 0, 1], scores: [0.5, 0.5, 0.5, 0.5] },
      { strategy: 'quantile', nBins: 4 },
    );
    expect(tied.bins).toHaveLength(1);
    expect(tied.bins[0]).toMatchObject({ samples: 4, share: 0.5 });
    const even = calibrationCurve(
      { yTrue: [0, 1, 0, 1], scores: [0.1, 0.2, 0.3, 0.4] },
      { strategy: 'quantile', nBins: 2 },
    );
    expect(even.bins.map((bin) => bin.samples)).toEqual([2, 2]);
  });

  it('takes the Brier score apart: the rest is the spread inside the bins', () => {
    fc.assert(
      fc.property(binarySamples, fc.constantFrom('uniform', 'quantile'), (input, strategy) => {
        const { yTrue, scores } = input;
        const { bins, brier, decomposition } = calibrationCurve(input, { nBins: 4, strategy });
        const { reliability, resolution, uncertainty, withinBins } = decomposition;
        expect(reliability - resolution + uncertainty + withinBins).toBeCloseTo(brier, 12);
        // Stephenson's two terms: variance of the scores in the bins, less twice their covariance with the truth.
        let spread = 0;
        scores.forEach((s, i) => {
          const bin = bins.find((b) => s <= b.high && (s > b.low || b === bins[0]))!;
          spread += (s - bin.meanScore) ** 2 - 2 * (s - bin.meanScore) * (yTrue[i]! - bin.share);
        });
        expect(withinBins).toBeCloseTo(spread / yTrue.length, 12);
        expect(reliability).toBeGreaterThanOrEqual(0);
        expect(resolution).toBeLessThanOrEqual(uncertainty + 1e-12);
      }),
    );
  });

  it('has nothing within bins, and no reliability, for scores that hold', () => {
    const { ece, decomposition } = calibrationCurve({
      yTrue: [0, 1, 0, 0, 0, 1, 1, 1],
      scores: [0.25, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75],
    });
    expect(ece).toBe(0);
    expect(decomposition.reliability).toBe(0);
    expect(decomposition.resolution).toBe(0.0625);
    expect(decomposition.withinBins).toBeCloseTo(0, 15);
  });

  it('refuses what cannot be', () => {
    const curve =
      (options = {}, scores = [0, 1]) =>
      () =>
        calibrationCurve({ yTrue: [0, 1], scores }, options);
    expect(curve({ nBins: 0 })).toThrow('nBins must be a whole number from 1 to 10000, got 0');
    expect(curve({ strategy: 'kmeans' })).toThrow("strategy must be 'uniform' or 'quantile', got \"kmeans\"");
    expect(curve({ level: 0 })).toThrow('level must be a number above 0 and below 1, got 0');
    expect(curve({}, [0, 1.5])).toThrow('scores of sample 1 must be a probability from 0 to 1, got 1.5');
  });
});
