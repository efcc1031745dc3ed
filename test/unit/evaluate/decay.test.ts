import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '#src/evaluate/closed-intervals.js';
import { decay } from '#src/evaluate/index.js';

const DAY = 86_400_000;
const SUNDAY = Date.UTC(2018, 4, 6);

/** For each day, how many positives are found, missed, and how many false alerts there are. */
function days(figures: [found: number, missed: number, falseAlerts: number][], start = SUNDAY) {
  const yTrue: number[] = [];
  const yPred: number[] = [];
  const times: number[] = [];
  figures.forEach(([found, missed, falseAlerts], d) => {
    const add = (count: number, truth: number, alert: number) => {
      for (let i = 0; i < count; i++) {
        yTrue.push(truth);
        yPred.push(alert);
        times.push(start + d * DAY + i * 1000);
      }
    };
    add(found, 1, 1);
    add(missed, 1, 0);
    add(falseAlerts, 0, 1);
  });
  return { input: { yTrue, yPred }, times };
}

describe('decay', () => {
  it('gives the figures of each day and the area of trapezoids', () => {
    const { input, times } = days([
      [10, 0, 0],
      [8, 2, 2],
      [4, 6, 4],
    ]);
    const report = decay(input, times);
    expect(report.periods.map((p) => [p.start, p.index, p.samples])).toEqual([
      [SUNDAY, 0, 10],
      [SUNDAY + DAY, 1, 12],
      [SUNDAY + 2 * DAY, 2, 14],
    ]);
    expect(report.periods[1]!.recall).toEqual({ value: 0.8, interval: wilsonInterval(8, 10, 0.95) });
    expect(report.periods[2]!.precision).toEqual({ value: 0.5, interval: wilsonInterval(4, 8, 0.95) });
    expect(report.periods.map((p) => p.f1)).toEqual([1, 16 / 20, 8 / 18]);
    // Pendlebury et al.: the mean of the means of neighbours.
    expect(report.recall.aut).toBeCloseTo((0.9 + 0.6) / 2, 14);
    expect(report.precision.aut).toBeCloseTo((0.9 + 0.65) / 2, 14);
    expect(report.f1).toEqual({ aut: expect.closeTo((0.9 + (0.8 + 8 / 18) / 2) / 2, 14), periods: 3 });
  });

  it('lists a day without positives, counts it, and draws the area straight across', () => {
    const { input, times } = days([
      [1, 0, 0],
      [0, 0, 3],
      [1, 1, 0],
    ]);
    const report = decay(input, times);
    expect(report.periods[1]).toMatchObject({ positives: 0, alerts: 3, recall: null, f1: null });
    expect(report.periods[1]!.precision!.value).toBe(0);
    expect(report.periodsWithoutPositives).toBe(1);
    expect(report.recall).toEqual({ aut: 0.75, periods: 2 });
    expect(report.precision).toEqual({ aut: 1, periods: 2 });
  });

  it('leaves a day without alerts out of the precision only', () => {
    const { input, times } = days([
      [1, 0, 0],
      [0, 2, 0],
      [1, 0, 1],
    ]);
    const report = decay(input, times);
    expect(report.precision).toEqual({ aut: 0.75, periods: 2 });
    expect(report.recall).toEqual({ aut: 0.5, periods: 3 });
    expect(report.periods[1]).toMatchObject({ precision: null, f1: 0 });
  });

  it('weighs by time across days without samples, and counts them', () => {
    const input = { yTrue: [1, 1, 1], yPred: [1, 0, 0] };
    const report = decay(input, [0, 4 * DAY, 5 * DAY]);
    expect(report.periods.map((p) => p.index)).toEqual([0, 4, 5]);
    expect(report.emptyPeriods).toBe(3);
    expect(report.recall.aut).toBeCloseTo((0.5 * 4 + 0) / 5, 14);
  });

  it('starts weeks on Monday, before 1970 too', () => {
    const input = { yTrue: [1, 1, 1, 1], yPred: [1, 1, 1, 1] };
    const times = [SUNDAY, SUNDAY + DAY, SUNDAY + 7 * DAY, Date.UTC(1969, 11, 31)];
    const report = decay(input, times, { period: 'week' });
    expect(report.periods.map((p) => new Date(p.start).toISOString().slice(0, 10))).toEqual([
      '1969-12-29',
      '2018-04-30',
      '2018-05-07',
    ]);
    expect(report.periods.map((p) => p.samples)).toEqual([1, 1, 2]);
  });

  it('counts samples without a time, and has no area of one day', () => {
    const one = decay({ yTrue: [1, 0], yPred: [1, 0] }, [5, Number.NaN]);
    expect(one).toMatchObject({ withoutTime: 1, recall: { aut: null, periods: 1 }, emptyPeriods: 0 });
    expect(one.periods[0]!.samples).toBe(1);
    const none = decay({ yTrue: [1], yPred: [1] }, [Number.NaN]);
    expect(none).toMatchObject({
      withoutTime: 1,
      periods: [],
      emptyPeriods: 0,
      f1: { aut: null, periods: 0 },
    });
  });

  it('takes absurd times without listing what lies between', () => {
    const report = decay({ yTrue: [1, 1], yPred: [1, 0] }, [-8.64e15, 8.64e15]);
    expect(report.periods).toHaveLength(2);
    expect(report.emptyPeriods).toBe(2e8 - 1);
    expect(report.recall.aut).toBe(0.5);
  });

  it('is from the least to the greatest of the days, and does not depend on the order of samples', () => {
    const rows = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 1 }),
        fc.integer({ min: 0, max: 1 }),
        fc.integer({ min: 0, max: 9 }),
      ),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(rows, (list) => {
        const report = (of: typeof list) =>
          decay(
            { yTrue: of.map(([t]) => t), yPred: of.map(([, p]) => p) },
            of.map(([, , d]) => d * DAY),
          );
        const { recall, periods } = report(list);
        expect(report(list.toReversed())).toEqual(report(list));
        expect(periods.reduce((sum, p) => sum + p.samples, 0)).toBe(list.length);
        if (recall.aut === null) return;
        const values = periods.flatMap((p) => (p.recall ? [p.recall.value] : []));
        expect(recall.aut).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
        expect(recall.aut).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
      }),
    );
  });

  it('refuses what cannot be', () => {
    const input = { yTrue: [1], yPred: [1] };
    expect(() => decay(input, [1, 2])).toThrow('times must have 1 values, got 2');
    expect(() => decay(input, [Infinity])).toThrow(
      'times of sample 0 must be milliseconds UTC or NaN, got Infinity',
    );
    expect(() => decay(input, [0], { period: 'hour' as 'day' })).toThrow(
      "period must be 'day' or 'week', got \"hour\"",
    );
    expect(() => decay({ yTrue: [1], yPred: [2] }, [0])).toThrow('yPred of sample 0 must be 0 or 1, got 2');
  });
});
