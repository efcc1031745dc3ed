import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calibrationCurve, chooseThreshold, recallAtRates } from '#src/evaluate/index.js';
import { applyCalibration, parseCalibration } from '#src/model/index.js';
import { fitCalibration } from '#src/train/index.js';

interface FrozenCase {
  name: string;
  yTrue: number[];
  scores: number[];
  recalls: [number, number, number][];
  bestF1: number;
  brier: number;
  curves: { strategy: 'uniform' | 'quantile'; nBins: number; share: number[]; meanScore: number[] }[];
  calibrators: {
    probe: number[];
    isotonic: number[];
    x: number[];
    y: number[];
    sigmoid: number[];
    ab: [number, number];
  };
}

const frozen = JSON.parse(readFileSync(new URL('frozen/operating.json', import.meta.url), 'utf8')) as {
  madeWith: Record<string, string>;
  cases: FrozenCase[];
};

describe(`thresholds of scikit-learn ${frozen.madeWith['sklearn']}`, () => {
  it.each(frozen.cases)('recall at false-positive rates: $name', (input) => {
    let compared = 0;
    for (const [rate, recall, falsePositiveRate] of input.recalls) {
      const [at] = recallAtRates(input, { rates: [rate] });
      if (!at?.estimable) continue;
      compared++;
      expect(at.recall).toBe(recall);
      expect(at.falsePositiveRate).toBe(falsePositiveRate);
    }
    if (input.yTrue.length >= 300) expect(compared).toBeGreaterThanOrEqual(2);
  });

  it.each(frozen.cases)('best F1: $name', (input) => {
    expect(chooseThreshold(input, { kind: 'best-f1' }).achieved).toBeCloseTo(input.bestF1, 14);
  });
});

function largestGap(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value)));
}

describe(`calibration of scikit-learn ${frozen.madeWith['sklearn']}`, () => {
  it.each(frozen.cases)('curve and Brier score: $name', (input) => {
    for (const { strategy, nBins, share, meanScore } of input.curves) {
      const report = calibrationCurve(input, { strategy, nBins });
      expect(report.bins.map((bin) => bin.share)).toEqual(share);
      expect(
        largestGap(
          report.bins.map((bin) => bin.meanScore),
          meanScore,
        ),
      ).toBeLessThan(1e-14);
      expect(report.brier).toBeCloseTo(input.brier, 14);
    }
  });

  it.each(frozen.cases)('isotonic regression: $name', (input) => {
    const { probe, isotonic, x, y } = input.calibrators;
    const fitted = fitCalibration(input, 'isotonic');
    if (fitted.kind !== 'isotonic') throw new Error('expected an isotonic calibration');
    expect(fitted.x).toEqual(x);
    expect(largestGap(fitted.y, y)).toBeLessThan(1e-14);
    expect(largestGap(applyCalibration(fitted, probe), isotonic)).toBeLessThan(1e-14);
    expect(parseCalibration(JSON.parse(JSON.stringify(fitted)))).toEqual(fitted);
  });

  it.each(frozen.cases)('sigmoid: $name', (input) => {
    const { probe, sigmoid, ab } = input.calibrators;
    const fitted = fitCalibration(input, 'sigmoid');
    if (fitted.kind !== 'sigmoid') throw new Error('expected a sigmoid');
    // scikit-learn's search stops a little before the minimum, which SciPy's root finder has to the last digits.
    expect(Math.abs(fitted.a / ab[0] - 1)).toBeLessThan(1e-9);
    expect(Math.abs(fitted.b / ab[1] - 1)).toBeLessThan(1e-9);
    expect(largestGap(applyCalibration(fitted, probe), sigmoid)).toBeLessThan(1e-4);
  });
});
