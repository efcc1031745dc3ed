import { describe, expect, it } from 'vitest';
import type { ThresholdRule } from '#src/evaluate/index.js';
import { decisionNotes } from '#src/pipeline/decision-notes.js';

/** Four positives and six negatives; the highest score is that of two positives and one negative. */
const scored = {
  yTrue: [1, 1, 0, 1, 1, 0, 0, 0, 0, 0],
  scores: [0.9, 0.9, 0.9, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1],
};
const notes = (rule: ThresholdRule, threshold = Infinity) =>
  decisionNotes(scored, { rule, threshold, calibration: null });
const NOTHING = 'threshold: Infinity, so nothing alerts: ';
const OTHERWISE = 'or part these rows with more trees or a logistic regression';

describe('the warning of a threshold that nothing exceeds', () => {
  it.each<[ThresholdRule, string]>([
    [
      { kind: 'alert-budget', alertsADay: 20, eventsADay: 1000, baseRate: 0.1 },
      `the highest score alone (3 of 10 training rows) brings 200 alerts a day, and the budget is 20, which is below the 100 attacks a day to be found; allow at least 200, ${OTHERWISE}`,
    ],
    [
      { kind: 'alert-budget', alertsADay: 150, eventsADay: 1000, baseRate: 0.1 },
      `the highest score alone (3 of 10 training rows) brings 200 alerts a day, and the budget is 150; allow at least 200, ${OTHERWISE}`,
    ],
    [
      { kind: 'false-positive-rate', rate: 0.1 },
      `the highest score alone (3 of 10 training rows) has a false-positive rate of 0.167, above 0.1; allow at least 0.167, ${OTHERWISE}`,
    ],
    [
      { kind: 'cost', costFp: 9, costFn: 1 },
      'no alert costs least: alerts on the highest score alone (3 of 10 training rows) cost 1.1 an event; if misses cost more than was stated, or attacks are commoner, say so in the rule',
    ],
  ])('says why, and what would be enough, of %j', (rule, why) => {
    expect(notes(rule).at(-1)).toBe(NOTHING + why);
    expect(notes(rule, 0.8).join()).not.toContain(NOTHING);
  });
});

describe('the warning of a budget that few rows tell of', () => {
  it('counts all rows as they come, and at a base rate those that may be false alerts', () => {
    const rule = { kind: 'alert-budget', alertsADay: 100, eventsADay: 500 } as const;
    expect(notes(rule, 0.5)).toEqual([
      'threshold: the budget lets 2 of 10 training rows alert; 50 are needed to tell it well',
    ]);
    expect(notes({ ...rule, baseRate: 0.2 }, 0.5)).toEqual([
      'threshold: the budget lets at most 1 of 6 negative training rows alert; 40 are needed to tell it well',
    ]);
  });
});
