import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import { wilsonInterval } from '#src/evaluate/closed-intervals.js';
import { alertsAbove, operatingPoint } from '#src/evaluate/index.js';
import { binarySamples, countAbove } from './binary-samples.js';

/** 80 of 100 positives and 30 of 1,000 negatives score above .5. */
const yTrue = [...Array(100).fill(1), ...Array(1000).fill(0)] as number[];
const scores = yTrue.map((y, i) => (y === 1 ? (i < 80 ? 0.9 : 0.1) : i < 130 ? 0.8 : 0.2));

describe('operatingPoint', () => {
  it('counts, with Wilson intervals', () => {
    const point = operatingPoint({ yTrue, scores }, 0.5);
    expect(point.confusion).toEqual({
      truePositives: 80,
      falsePositives: 30,
      falseNegatives: 20,
      trueNegatives: 970,
    });
    expect(point.recall).toEqual({ value: 0.8, interval: wilsonInterval(80, 100, 0.95) });
    expect(point.falsePositiveRate).toEqual({ value: 0.03, interval: wilsonInterval(30, 1000, 0.95) });
    expect(point.precision).toEqual({ value: 80 / 110, interval: wilsonInterval(80, 110, 0.95) });
  });

  it('carries recall and false-positive rate into the stated traffic by Bayes rule', () => {
    const { stated } = operatingPoint({ yTrue, scores }, 0.5, { baseRate: 0.001, eventsADay: 50_000 });
    // .001 × .8 = .0008 of all events are found, .999 × .03 = .02997 are false alerts.
    expect(stated.precision!.value).toBeCloseTo(0.0008 / (0.0008 + 0.02997), 14);
    expect(stated.alertsADay!.value).toBeCloseTo(50_000 * 0.03077, 8);
    expect(stated.falseAlertsADay!.value).toBeCloseTo(50_000 * 0.02997, 8);
    const recall = wilsonInterval(80, 100, 0.975)!;
    const rate = wilsonInterval(30, 1000, 0.975)!;
    const precision = (r: number, f: number) => (0.001 * r) / (0.001 * r + 0.999 * f);
    expect(stated.precision!.interval!.low).toBeCloseTo(precision(recall.low, rate.high), 14);
    expect(stated.precision!.interval!.high).toBeCloseTo(precision(recall.high, rate.low), 14);
    expect(stated.precision!.interval!.method).toBe('wilsonCorners');
    expect(stated.alertsADay!.interval!.high).toBeCloseTo(
      50_000 * (0.001 * recall.high + 0.999 * rate.high),
      8,
    );
    expect(stated.falseAlertsADay!.interval!.low).toBeCloseTo(50_000 * 0.999 * rate.low, 8);
  });

  it('guesses neither base rate nor volume', () => {
    const alone = operatingPoint({ yTrue, scores }, 0.5).stated;
    expect(alone).toEqual({
      baseRate: null,
      eventsADay: null,
      precision: null,
      alertsADay: null,
      falseAlertsADay: null,
    });
    const volume = operatingPoint({ yTrue, scores }, 0.5, { eventsADay: 1000 }).stated;
    expect([volume.eventsADay, volume.alertsADay, volume.precision]).toEqual([1000, null, null]);
    const rate = operatingPoint({ yTrue, scores }, 0.5, { baseRate: 0.5 }).stated;
    expect(rate.precision!.value).toBeCloseTo(0.8 / 0.83, 14);
    expect(rate.alertsADay).toBeNull();
  });

  it('shows rate and volume of the samples beside, from their own times', () => {
    const day = 86_400_000;
    const times = yTrue.map((_, i) => 1_525_600_000_000 + (i / 1099) * 4 * day);
    times[50] = Number.NaN;
    const { observed } = operatingPoint({ yTrue, scores, times }, 0.5);
    expect(observed.baseRate).toBeCloseTo(100 / 1100, 14);
    expect(observed.days).toBeCloseTo(4, 9);
    expect(observed.eventsADay).toBeCloseTo(275, 6);
    expect(observed.alertsADay).toBeCloseTo(27.5, 6);
  });

  it('makes no day of eight minutes, and none of no times', () => {
    const times = yTrue.map((_, i) => i * 400);
    const short = operatingPoint({ yTrue, scores, times }, 0.5).observed;
    expect(short.days).toBeCloseTo(0.00509, 4);
    expect([short.eventsADay, short.alertsADay]).toEqual([null, null]);
    const unknown = operatingPoint({ yTrue, scores, times: times.map(() => Number.NaN) }, 0.5).observed;
    expect(unknown).toMatchObject({ days: null, eventsADay: null, alertsADay: null });
    expect(operatingPoint({ yTrue, scores }, 0.5).observed.days).toBeNull();
  });

  it('is null where a side is missing, and alerts on nothing at Infinity', () => {
    const positives = operatingPoint({ yTrue: [1, 1], scores: [0.2, 0.8] }, 0.5, { baseRate: 0.1 });
    expect([positives.falsePositiveRate, positives.stated.precision]).toEqual([null, null]);
    expect(positives.recall!.value).toBe(0.5);
    const negatives = operatingPoint({ yTrue: [0, 0], scores: [0.2, 0.8] }, 0.5, { baseRate: 0.1 });
    expect([negatives.recall, negatives.stated.precision]).toEqual([null, null]);
    const silent = operatingPoint({ yTrue, scores }, Infinity, { baseRate: 0.1, eventsADay: 100 });
    expect([silent.precision, silent.stated.precision]).toEqual([null, null]);
    expect(silent.stated.alertsADay!.value).toBe(0);
    expect(silent.stated.alertsADay!.interval!.high).toBeGreaterThan(0);
  });

  it('resamples whole groups where there are groups', () => {
    const random = new Xoshiro128(11);
    const truth: number[] = [];
    const score: number[] = [];
    const groups: number[] = [];
    for (let g = 0; g < 100; g++) {
      const value = random.nextDouble();
      for (let i = 0; i < 10; i++) {
        truth.push(g % 2);
        score.push(g % 2 === 1 ? value + 0.3 : value);
        groups.push(g);
      }
    }
    const options = { baseRate: 0.01, eventsADay: 1000, resamples: 400 };
    const byGroup = operatingPoint({ yTrue: truth, scores: score, groups }, 0.5, options);
    const byRow = operatingPoint({ yTrue: truth, scores: score }, 0.5, options);
    const width = (i: { low: number; high: number }) => i.high - i.low;
    for (const of of [byGroup.recall, byGroup.precision, byGroup.stated.alertsADay, byGroup.stated.precision])
      expect(of!.interval!.method).toBe('clusterBootstrap');
    // Ten equal rows a group: as uncertain as a tenth of the rows, so about √10 as wide.
    const ratio = width(byGroup.recall!.interval!) / width(byRow.recall!.interval!);
    expect(ratio).toBeGreaterThan(2.5);
    expect(ratio).toBeLessThan(3.8);
    expect(operatingPoint({ yTrue: truth, scores: score, groups }, 0.5, options)).toEqual(byGroup);
    const all = operatingPoint({ yTrue: truth, scores: score, groups }, -Infinity, options);
    expect(all.recall).toEqual({ value: 1, interval: null });
    const one = operatingPoint(
      { yTrue: truth, scores: score, groups: groups.map(() => 'one') },
      0.5,
      options,
    );
    expect(one.recall).toEqual({ value: byRow.recall!.value, interval: null });
  });

  it('agrees with a plain count, and every interval holds its value', () => {
    fc.assert(
      fc.property(binarySamples, fc.integer({ min: -1, max: 21 }), (input, twentieths) => {
        const point = operatingPoint(input, twentieths / 20, { baseRate: 0.02, eventsADay: 100 });
        expect(point.confusion).toEqual(countAbove(input, twentieths / 20));
        const { precision, alertsADay, falseAlertsADay } = point.stated;
        for (const of of [
          point.recall,
          point.falsePositiveRate,
          point.precision,
          precision,
          alertsADay,
          falseAlertsADay,
        ]) {
          if (!of?.interval) continue;
          expect(of.interval.low).toBeLessThanOrEqual(of.value + 1e-12);
          expect(of.interval.high).toBeGreaterThanOrEqual(of.value - 1e-12);
        }
      }),
    );
  });

  it('refuses what cannot be', () => {
    const at =
      (threshold: number, options = {}) =>
      () =>
        operatingPoint({ yTrue, scores }, threshold, options);
    expect(at(Number.NaN)).toThrow('threshold must be a number, or Infinity for no alerts, got NaN');
    expect(at(0.5, { baseRate: 1.5 })).toThrow('baseRate must be a number from 0 to 1, got 1.5');
    expect(at(0.5, { eventsADay: 0 })).toThrow('eventsADay must be a finite number above 0, got 0');
    expect(at(0.5, { resamples: -1 })).toThrow('resamples must be a whole number from 0 to 1000000, got -1');
    expect(() => operatingPoint({ yTrue, scores, times: [1] }, 0.5)).toThrow(
      'times must have 1100 values, got 1',
    );
  });
});

describe('alertsAbove', () => {
  it('leaves out a score equal to the threshold', () => {
    expect(Array.from(alertsAbove([0.4, 0.5, 0.6], 0.5))).toEqual([0, 0, 1]);
    expect(Array.from(alertsAbove([0.4, 0.5], Infinity))).toEqual([0, 0]);
    expect(Array.from(alertsAbove([0.4, 0], -Infinity))).toEqual([1, 1]);
  });
});
