import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import {
  delongInterval,
  normalQuantile,
  wilsonF1Interval,
  wilsonInterval,
} from '#src/evaluate/closed-intervals.js';
import { evaluate } from '#src/evaluate/index.js';
import { quantileOfSorted } from '#src/evaluate/quantile.js';
import { rankSamples } from '#src/evaluate/ranking.js';

interface Frozen {
  wilson: [number, number, number, number, number][];
  delong: { yTrue: number[]; scores: number[]; interval: [number, number] }[];
  normalQuantiles: [number, number][];
}
const frozen = JSON.parse(
  readFileSync(new URL('../../parity/frozen/metrics.json', import.meta.url), 'utf8'),
) as Frozen;

describe('normalQuantile', () => {
  it('agrees with SciPy', () => {
    for (const [p, z] of frozen.normalQuantiles) expect(normalQuantile(p)).toBeCloseTo(z, 9);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  });
});

describe('wilsonInterval', () => {
  it('agrees with SciPy', () => {
    for (const [successes, trials, level, low, high] of frozen.wilson) {
      const interval = wilsonInterval(successes, trials, level)!;
      expect(Math.abs(interval.low - low)).toBeLessThan(1e-12);
      expect(Math.abs(interval.high - high)).toBeLessThan(1e-12);
    }
  });

  it('is undefined without trials', () => {
    expect(wilsonInterval(0, 0, 0.95)).toBeUndefined();
    expect(wilsonF1Interval(0, 0, 0.95)).toBeUndefined();
  });

  it('covers a binary F1 about as often as it says', () => {
    const random = new Xoshiro128(3);
    const truth = { tp: 0.4, fp: 0.1, fn: 0.06 };
    const f1 = (2 * truth.tp) / (2 * truth.tp + truth.fp + truth.fn);
    let covered = 0;
    for (let round = 0; round < 2000; round++) {
      let correct = 0;
      let errors = 0;
      for (let i = 0; i < 100; i++) {
        const u = random.nextDouble();
        if (u < truth.tp) correct++;
        else if (u < truth.tp + truth.fp + truth.fn) errors++;
      }
      const { low, high } = wilsonF1Interval(correct, errors, 0.95)!;
      if (low <= f1 && f1 <= high) covered++;
    }
    expect(covered / 2000).toBeGreaterThan(0.935);
    expect(covered / 2000).toBeLessThan(0.965);
  });
});

describe('delongInterval', () => {
  const interval = (yTrue: number[], positive: number[]) =>
    delongInterval(
      rankSamples(
        positive.flatMap((s) => [1 - s, s]),
        yTrue,
        2,
        1,
      ),
      0.95,
    );

  it('agrees with the variance over all pairs', () => {
    for (const {
      yTrue,
      scores,
      interval: [low, high],
    } of frozen.delong) {
      const ours = delongInterval(rankSamples(scores, yTrue, 2, 1), 0.95)!;
      expect(ours.method).toBe('delong');
      expect(ours.low).toBeCloseTo(low, 10);
      expect(ours.high).toBeCloseTo(high, 10);
    }
  });

  it('has width where the AUC is 1, by Newcombe', () => {
    const perfect = interval([0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.7, 0.8, 0.9])!;
    expect(perfect.method).toBe('newcombe');
    expect(perfect.high).toBe(1);
    expect(perfect.low).toBeGreaterThan(0.3);
    expect(perfect.low).toBeLessThan(0.8);
  });

  it('mirrors when the scores turn round', () => {
    const worst = interval([1, 1, 1, 0, 0, 0], [0.1, 0.2, 0.3, 0.7, 0.8, 0.9])!;
    const perfect = interval([0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.7, 0.8, 0.9])!;
    expect(worst.low).toBe(0);
    expect(worst.high).toBeCloseTo(1 - perfect.low, 12);
  });

  it('has no width where all scores are one, for that AUC is .5 in any sample', () => {
    expect(interval([0, 1, 1], [0.4, 0.4, 0.4])).toMatchObject({ low: 0.5, high: 0.5 });
  });

  it('is undefined where one class is absent', () => {
    expect(interval([1, 1], [0.4, 0.5])).toBeUndefined();
  });
});

describe('intervals of an evaluation', () => {
  const random = new Xoshiro128(11);
  const yTrue = Array.from({ length: 300 }, () => (random.nextDouble() < 0.6 ? 1 : 0));
  const scores = yTrue.flatMap((y) => {
    const score = 0.25 + 0.2 * y + 0.5 * random.nextDouble();
    return [1 - score, score];
  });
  const yPred = yTrue.map((_, i) => (scores[2 * i + 1]! > 0.5 ? 1 : 0));

  it('stand beside every metric, each by its method', () => {
    const { metrics, intervals } = evaluate({ yTrue, yPred, classes: [0, 1], scores });
    expect(Object.keys(intervals)).toEqual(Object.keys(metrics));
    const methods = Object.fromEntries(Object.entries(intervals).map(([name, i]) => [name, i.method]));
    for (const name of ['accuracy', 'recall', 'f1Micro', 'precisionBinary', 'recallBinary', 'f1Binary'])
      expect(methods[name], name).toBe('wilson');
    for (const name of ['precision', 'f1', 'f1Macro', 'mcc', 'balancedAccuracy', 'prAuc', 'logLoss', 'brier'])
      expect(methods[name], name).toBe('bootstrap');
    expect(methods['rocAuc']).toBe('delong');
    for (const [name, { low, high }] of Object.entries(intervals)) {
      expect(low, name).toBeLessThan(metrics[name]!);
      expect(high, name).toBeGreaterThan(metrics[name]!);
    }
  });

  it('narrow with a lower level and are left out of the bootstrap with no resamples', () => {
    const wide = evaluate({ yTrue, yPred, classes: [0, 1], scores }, { level: 0.99 }).intervals;
    const narrow = evaluate({ yTrue, yPred, classes: [0, 1], scores }, { level: 0.8 }).intervals;
    for (const name of Object.keys(wide))
      expect(narrow[name]!.high - narrow[name]!.low, name).toBeLessThan(wide[name]!.high - wide[name]!.low);
    const closed = evaluate({ yTrue, yPred, classes: [0, 1], scores }, { resamples: 0 }).intervals;
    expect(closed).not.toHaveProperty('mcc');
    expect(closed).toHaveProperty('rocAuc');
  });

  it('are all bootstrapped when samples have weights, and follow the weights', () => {
    const sampleWeight = yTrue.map((y, i) => (y === yPred[i] ? 2 : 1));
    const weighted = evaluate({ yTrue, yPred, classes: [0, 1], scores, sampleWeight });
    for (const [name, interval] of Object.entries(weighted.intervals)) {
      expect(interval.method, name).toBe('bootstrap');
      expect(interval.low, name).toBeLessThan(weighted.metrics[name]!);
      expect(interval.high, name).toBeGreaterThan(weighted.metrics[name]!);
    }
    expect(weighted.perClass[0]!.intervals).toEqual({});
  });

  it('do not claim certainty for perfect predictions', () => {
    const { metrics, intervals, warnings } = evaluate({ yTrue, yPred: yTrue, classes: [0, 1] });
    expect(intervals['accuracy']!.low).toBeCloseTo(300 / (300 + 1.959963984540054 ** 2), 12);
    for (const name of ['precision', 'recall', 'f1']) expect(intervals[name]).toEqual(intervals['accuracy']);
    expect(metrics['mcc']).toBe(1);
    expect(intervals).not.toHaveProperty('mcc');
    expect(warnings).toContainEqual({
      metric: 'balancedAccuracy',
      message:
        'balancedAccuracy, precisionMacro, recallMacro, f1Macro, mcc, cohenKappa have no interval: resampling cannot vary a perfect value',
    });
  });

  it('do not claim certainty for predictions that are all wrong', () => {
    const truth = [0, 1, 0, 1, 0, 1, 0, 1];
    const { intervals, warnings } = evaluate({
      yTrue: truth,
      yPred: truth.map((y) => 1 - y),
      classes: [0, 1],
    });
    for (const name of ['precision', 'f1', 'f1Macro', 'mcc']) expect(intervals).not.toHaveProperty(name);
    for (const { low, high } of Object.values(intervals)) expect(high).toBeGreaterThan(low);
    expect(warnings).toContainEqual({
      metric: 'balancedAccuracy',
      message: expect.stringMatching(
        /^balancedAccuracy, .*f1, .*mcc.* have no interval: every resample gives the same value$/,
      ),
    });
  });

  it('are absent, with the reason, where most resamples leave the metric undefined', () => {
    const { intervals, warnings } = evaluate({
      yTrue: [0, 1, 2],
      yPred: [0, 1, 1],
      classes: ['a', 'b', 'c'],
      scores: [0.8, 0.1, 0.1, 0.1, 0.5, 0.4, 0.1, 0.5, 0.4],
    });
    expect(intervals).not.toHaveProperty('rocAuc');
    expect(warnings).toContainEqual({
      metric: 'rocAuc',
      message: 'rocAuc, prAuc have no interval: too few resamples define them',
    });
  });

  it('cover the true F1 of a three-class model about as often as they say', () => {
    const draw = new Xoshiro128(5);
    const sample = (n: number) => {
      const t = Array.from({ length: n }, () => Math.floor(draw.nextDouble() ** 1.5 * 3));
      return {
        yTrue: t,
        yPred: t.map((c) => (draw.nextDouble() < 0.8 ? c : Math.floor(draw.nextDouble() * 3))),
      };
    };
    const truth = evaluate({ ...sample(400_000), classes: [0, 1, 2] }, { resamples: 0 }).metrics;
    const covered = { f1: 0, f1Macro: 0, mcc: 0 };
    const rounds = 150;
    for (let round = 0; round < rounds; round++) {
      const { intervals } = evaluate(
        { ...sample(150), classes: [0, 1, 2] },
        { resamples: 200, randomState: round },
      );
      for (const name of Object.keys(covered) as (keyof typeof covered)[]) {
        const { low, high } = intervals[name]!;
        if (low <= truth[name]! && truth[name]! <= high) covered[name]++;
      }
    }
    for (const [name, count] of Object.entries(covered)) expect(count / rounds, name).toBeGreaterThan(0.9);
  });
});

describe('quantileOfSorted', () => {
  it('interpolates as NumPy does by default', () => {
    expect(quantileOfSorted([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantileOfSorted([1, 2, 3, 4], 0.95)).toBeCloseTo(3.85, 12);
    expect(quantileOfSorted([7], 0.99)).toBe(7);
    expect(quantileOfSorted([1, 2], 1)).toBe(2);
    expect(quantileOfSorted([], 0.5)).toBeNaN();
  });
});
