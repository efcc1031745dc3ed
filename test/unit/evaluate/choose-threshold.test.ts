import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseThreshold, fewestAlerts, type ThresholdRule } from '#src/evaluate/index.js';
import { binarySamples, countAbove } from './binary-samples.js';

const validation = {
  yTrue: [1, 0, 1, 1, 0, 0, 1, 0, 0, 0],
  scores: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0],
};
const choose = (rule: ThresholdRule, input: { yTrue: number[]; scores: number[] } = validation) =>
  chooseThreshold(input, rule);

describe('fewestAlerts', () => {
  it.each<[ThresholdRule, number]>([
    [{ kind: 'alert-budget', alertsADay: 1, eventsADay: 100 }, 30],
    // Two of four positives and one of six negatives.
    [{ kind: 'alert-budget', alertsADay: 1, eventsADay: 100, baseRate: 0.1 }, 5 + 15],
    [{ kind: 'false-positive-rate', rate: 0.01 }, 1 / 6],
    [{ kind: 'cost', costFp: 5, costFn: 1 }, 0.7],
    [{ kind: 'best-f1' }, 4 / 7],
  ])('says what the samples of the highest score come to together: %j', (rule, achieved) => {
    const tied = { ...validation, scores: [0.9, 0.9, 0.9, ...validation.scores.slice(3)] };
    const fewest = fewestAlerts(tied, rule);
    expect(fewest.samples).toBe(3);
    expect(fewest.achieved).toBeCloseTo(achieved, 12);
  });
});

describe('chooseThreshold', () => {
  it('spends an alert budget on all rows as they come', () => {
    // 100 events a day, 10 rows: each row stands for 10 events. 35 alerts a day are the top three, positive or not.
    const chosen = choose({ kind: 'alert-budget', alertsADay: 35, eventsADay: 100 });
    expect(chosen.threshold).toBeCloseTo(0.65, 12);
    expect(chosen.achieved).toBe(30);
    expect(chosen.validation.confusion).toMatchObject({ truePositives: 2, falsePositives: 1 });
    expect(choose({ kind: 'alert-budget', alertsADay: 40, eventsADay: 100 }).threshold).toBeCloseTo(0.55, 12);
    expect(choose({ kind: 'alert-budget', alertsADay: 9.99, eventsADay: 100 })).toMatchObject({
      threshold: Infinity,
      achieved: 0,
    });
    expect(choose({ kind: 'alert-budget', alertsADay: 100, eventsADay: 100 }).threshold).toBe(-Infinity);
    // 1000 × (.1 × 4/5 + .9 × 1/45) is 100, and a little more in floating point.
    const exact = {
      yTrue: Array.from({ length: 50 }, (_, i) => Number(i < 5)),
      scores: Array.from({ length: 50 }, (_, i) => (i < 4 || i === 5 ? 0.9 : 0.1)),
    };
    const rule = { kind: 'alert-budget', alertsADay: 100, eventsADay: 1000, baseRate: 0.1 } as const;
    expect(choose(rule, exact).threshold).toBeCloseTo(0.5, 12);
    expect(choose({ ...rule, alertsADay: 99.999 }, exact).threshold).toBe(Infinity);
  });

  it('spends an alert budget at the stated base rate', () => {
    // Of 100 events a day 10 are positive: the top three alert on 2 of 4 positives and 1 of 6 negatives, 5 and 15 a day.
    const rule = { kind: 'alert-budget', eventsADay: 100, baseRate: 0.1 } as const;
    const chosen = choose({ ...rule, alertsADay: 21 });
    expect(chosen.threshold).toBeCloseTo(0.65, 12);
    expect(chosen.achieved).toBeCloseTo(20, 12);
    expect(chosen.validation.stated.alertsADay!.value).toBeCloseTo(20, 12);
    expect(choose({ ...rule, alertsADay: 2.4 }).threshold).toBe(Infinity);
    expect(choose({ ...rule, alertsADay: 17 }).threshold).toBeCloseTo(0.85, 12);
  });

  it('keeps a false-positive rate', () => {
    const chosen = choose({ kind: 'false-positive-rate', rate: 0.2 });
    expect(chosen.threshold).toBeCloseTo(0.55, 12);
    expect(chosen.achieved).toBeCloseTo(1 / 6, 14);
    expect(chosen.validation.recall!.value).toBe(0.75);
    expect(choose({ kind: 'false-positive-rate', rate: 0 }).threshold).toBeCloseTo(0.85, 12);
    expect(choose({ kind: 'false-positive-rate', rate: 1 }).threshold).toBe(-Infinity);
  });

  it('weighs false alerts against misses', () => {
    // Misses at 3 times the cost: cuts cost 12, 9, 10, 7, 4, 5, 6, 3, 4 … in tenths.
    expect(choose({ kind: 'cost', costFp: 1, costFn: 3 })).toMatchObject({ threshold: 0.25 });
    expect(choose({ kind: 'cost', costFp: 1, costFn: 3 }).achieved).toBeCloseTo(0.3, 14);
    // Misses at the same cost: 4, 3, 4, 3, 2 …
    expect(choose({ kind: 'cost', costFp: 1, costFn: 1 }).threshold).toBeCloseTo(0.55, 12);
    expect(choose({ kind: 'cost', costFp: 1, costFn: 0 })).toMatchObject({
      threshold: Infinity,
      achieved: 0,
    });
  });

  it('takes the stated base rate in place of that of the rows', () => {
    const rare = choose({ kind: 'cost', costFp: 1, costFn: 3, baseRate: 0.001 });
    // One false alert in 6 negatives costs .999 / 6: more than all misses together.
    expect(rare.threshold).toBeCloseTo(0.85, 12);
    expect(rare.achieved).toBeCloseTo(0.001 * 3 * 0.75, 14);
    expect(rare.validation.stated.precision!.value).toBe(1);
  });

  it('finds the best F1, of equals the one with fewer alerts', () => {
    const best = choose({ kind: 'best-f1' });
    expect(best.threshold).toBeCloseTo(0.55, 12);
    expect(best.achieved).toBeCloseTo(0.75, 14);
    // F1 is 2/3 after one alert and after four.
    const tied = choose({ kind: 'best-f1' }, { yTrue: [1, 0, 0, 1], scores: [0.8, 0.6, 0.4, 0.2] });
    expect(tied).toMatchObject({ threshold: 0.7, achieved: 2 / 3 });
  });

  it('never cuts through a tie', () => {
    const input = { yTrue: [1, 0, 1, 0], scores: [0.5, 0.5, 0.5, 0.1] };
    expect(choose({ kind: 'alert-budget', alertsADay: 2, eventsADay: 4 }, input).threshold).toBe(Infinity);
    expect(choose({ kind: 'alert-budget', alertsADay: 3, eventsADay: 4 }, input).threshold).toBeCloseTo(
      0.3,
      14,
    );
  });

  it('parts neighbours with no number between them', () => {
    // Half a step above the lower is rounded to even: down to it for the first pair, up to the higher for the second.
    for (const below of [1, 1 + Number.EPSILON]) {
      const input = { yTrue: [1, 0], scores: [below + Number.EPSILON, below] };
      const chosen = choose({ kind: 'best-f1' }, input);
      expect(chosen.threshold).toBe(below);
      expect(chosen.validation.confusion).toMatchObject({ truePositives: 1, falsePositives: 0 });
    }
  });

  it('counts -0 and 0 as one score', () => {
    const input = { yTrue: [1, 0, 0], scores: [0, -0, -1] };
    expect(choose({ kind: 'false-positive-rate', rate: 0.1 }, input).threshold).toBe(Infinity);
    expect(choose({ kind: 'false-positive-rate', rate: 0.5 }, input).threshold).toBe(-0.5);
  });

  it('does no worse than any other threshold, and says what it does', () => {
    const cost = { kind: 'cost', costFp: 2, costFn: 5 } as const;
    const costAt = (input: { yTrue: number[]; scores: number[] }, threshold: number) => {
      const { falsePositives, falseNegatives } = countAbove(input, threshold);
      return (2 * falsePositives + 5 * falseNegatives) / input.yTrue.length;
    };
    fc.assert(
      fc.property(binarySamples, (input) => {
        const chosen = choose(cost, input);
        expect(chosen.achieved).toBeCloseTo(costAt(input, chosen.threshold), 12);
        for (const threshold of [...input.scores, -1])
          expect(costAt(input, threshold)).toBeGreaterThanOrEqual(chosen.achieved - 1e-12);
        const budget = choose({ kind: 'alert-budget', alertsADay: 7, eventsADay: 20 }, input);
        const { truePositives, falsePositives } = countAbove(input, budget.threshold);
        expect(budget.achieved).toBeCloseTo(((truePositives + falsePositives) * 20) / input.yTrue.length, 12);
        expect(budget.achieved).toBeLessThanOrEqual(7);
      }),
    );
  });

  it('refuses what cannot be chosen', () => {
    const bad =
      (rule: unknown, input = validation) =>
      () =>
        chooseThreshold(input, rule as ThresholdRule);
    expect(bad({ kind: 'best-f1' }, { yTrue: [0], scores: [1] })).toThrow(
      'no threshold for best-f1: the validation data has no positive',
    );
    expect(bad({ kind: 'false-positive-rate', rate: 0.1 }, { yTrue: [1], scores: [1] })).toThrow(
      'no threshold for false-positive-rate: the validation data has no negative',
    );
    expect(bad({ kind: 'cost', costFp: 1, costFn: 1, baseRate: 0.1 }, { yTrue: [1], scores: [1] })).toThrow(
      'no threshold for cost: the validation data has no negative',
    );
    expect(bad({ kind: 'alert-budget', alertsADay: -1, eventsADay: 1 })).toThrow(
      'alertsADay must be a finite number of 0 or more, got -1',
    );
    expect(bad({ kind: 'alert-budget', alertsADay: 1, eventsADay: 0 })).toThrow(
      'eventsADay must be a finite number above 0, got 0',
    );
    const budget = { kind: 'alert-budget', alertsADay: 1, eventsADay: 1 };
    expect(bad({ ...budget, baseRate: 2 })).toThrow('baseRate must be a number from 0 to 1, got 2');
    expect(bad({ ...budget, baseRate: 0.1 }, { yTrue: [1], scores: [1] })).toThrow(
      'no threshold for alert-budget: the validation data has no negative',
    );
    expect(bad({ kind: 'false-positive-rate', rate: 2 })).toThrow('rate must be a number from 0 to 1, got 2');
    expect(bad({ kind: 'cost', costFp: 0, costFn: 0 })).toThrow(
      'costFn must be above 0 where costFp is 0, got 0',
    );
    expect(bad({ kind: 'cost', costFp: 1, costFn: 1, baseRate: -1 })).toThrow(
      'baseRate must be a number from 0 to 1, got -1',
    );
    expect(bad({ kind: 'youden' })).toThrow(
      "rule.kind must be 'alert-budget', 'false-positive-rate', 'cost' or 'best-f1', got \"youden\"",
    );
  });
});
