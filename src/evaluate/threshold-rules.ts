import { invalidParameter, PhantomNetError } from '../core/index.js';
import { checkShare } from './binary.js';
import type { Cuts } from './cuts.js';
import { cutAtRate } from './recall-at-rates.js';

/** A budget exceeded by no more than this share of it is kept to, rounding aside. */
const ROUNDING = 1e-12;

/** What a threshold is chosen for. */
export type ThresholdRule =
  | {
      /** The most alerts that fit the budget. */
      readonly kind: 'alert-budget';
      /** Alerts that can be looked at in a day. */
      readonly alertsADay: number;
      /** Events a day where the model will run. */
      readonly eventsADay: number;
      /** Share of positives in the traffic; without it, that of the validation rows. */
      readonly baseRate?: number | undefined;
    }
  | {
      /** The most alerts at a false-positive rate of at most `rate`. */
      readonly kind: 'false-positive-rate';
      readonly rate: number;
    }
  | {
      /** The least mean cost an event. */
      readonly kind: 'cost';
      /** Cost of a false alert. */
      readonly costFp: number;
      /** Cost of a missed positive. */
      readonly costFn: number;
      /** Share of positives in the traffic; without it, that of the validation rows. */
      readonly baseRate?: number | undefined;
    }
  | {
      /** The highest F1. */
      readonly kind: 'best-f1';
    };

/** Throws INVALID_PARAMETER for a rule whose numbers make no sense. */
export function checkRule(rule: ThresholdRule): void {
  if (rule.kind === 'alert-budget') {
    checkAmount('alertsADay', rule.alertsADay);
    if (!(rule.eventsADay > 0 && Number.isFinite(rule.eventsADay)))
      invalidParameter('eventsADay', 'a finite number above 0', rule.eventsADay);
    if (rule.baseRate !== undefined) checkShare('baseRate', rule.baseRate, 'with-ends');
  } else if (rule.kind === 'false-positive-rate') checkShare('rate', rule.rate, 'with-ends');
  else if (rule.kind === 'cost') {
    checkAmount('costFp', rule.costFp);
    checkAmount('costFn', rule.costFn);
    if (rule.costFp + rule.costFn === 0) invalidParameter('costFn', 'above 0 where costFp is 0', rule.costFn);
    if (rule.baseRate !== undefined) checkShare('baseRate', rule.baseRate, 'with-ends');
  } else if (rule.kind !== 'best-f1')
    invalidParameter(
      'rule.kind',
      "'alert-budget', 'false-positive-rate', 'cost' or 'best-f1'",
      (rule as { kind: unknown }).kind,
    );
}

/**
 * Returns the cut that the rule chooses, and what it reaches of what the rule is about: alerts a day, false-positive rate,
 * mean cost an event, F1. Throws BAD_DATA where the samples lack a class that the rule needs. Cost O(cuts).
 */
export function cutByRule(cuts: Cuts, rule: ThresholdRule): { cut: number; achieved: number } {
  const reached = reachedBy(cuts, rule);
  const cut = chosenCut(cuts, rule, reached);
  return { cut, achieved: reached(cut) };
}

/** Returns what a cut reaches of what the rule is about. Throws BAD_DATA as `cutByRule` does. */
export function reachedBy(cuts: Cuts, rule: ThresholdRule): (cut: number) => number {
  const { truePositives, falsePositives, positives, negatives } = cuts;
  if (rule.kind === 'alert-budget') return alertsOf(cuts, rule);
  if (rule.kind === 'cost') return costOf(cuts, rule);
  if (rule.kind === 'false-positive-rate') {
    need('negative', negatives, rule);
    return (k) => falsePositives[k]! / negatives;
  }
  need('positive', positives, rule);
  return (k) => (2 * truePositives[k]!) / (truePositives[k]! + falsePositives[k]! + positives);
}

function chosenCut(cuts: Cuts, rule: ThresholdRule, reached: (cut: number) => number): number {
  const last = cuts.scores.length;
  if (rule.kind === 'false-positive-rate') return cutAtRate(cuts, rule.rate);
  if (rule.kind === 'cost') return least(last, reached);
  if (rule.kind === 'best-f1') return least(last, (k) => -reached(k));
  let cut = 0;
  while (cut < last && reached(cut + 1) <= rule.alertsADay * (1 + ROUNDING)) cut++;
  return cut;
}

/** The first cut of the least value: of equals the one with the highest threshold, so the fewest alerts. */
function least(last: number, valueAt: (cut: number) => number): number {
  let best = { cut: 0, value: valueAt(0) };
  for (let cut = 1; cut <= last; cut++) {
    const value = valueAt(cut);
    if (value < best.value) best = { cut, value };
  }
  return best.cut;
}

function alertsOf(cuts: Cuts, rule: ThresholdRule & { kind: 'alert-budget' }): (cut: number) => number {
  const { truePositives, falsePositives, positives, negatives } = cuts;
  const { eventsADay, baseRate } = rule;
  if (baseRate === undefined)
    return (k) => ((truePositives[k]! + falsePositives[k]!) * eventsADay) / (positives + negatives);
  need('positive', positives, rule);
  need('negative', negatives, rule);
  return (k) =>
    eventsADay *
    (baseRate * (truePositives[k]! / positives) + (1 - baseRate) * (falsePositives[k]! / negatives));
}

function costOf(cuts: Cuts, rule: ThresholdRule & { kind: 'cost' }): (cut: number) => number {
  const { truePositives, falsePositives, positives, negatives } = cuts;
  const { costFp, costFn, baseRate } = rule;
  const n = positives + negatives;
  if (baseRate === undefined)
    return (k) => (costFp * falsePositives[k]! + costFn * (positives - truePositives[k]!)) / n;
  need('positive', positives, rule);
  need('negative', negatives, rule);
  return (k) =>
    (1 - baseRate) * costFp * (falsePositives[k]! / negatives) +
    baseRate * costFn * ((positives - truePositives[k]!) / positives);
}

function checkAmount(name: string, amount: number): void {
  if (!(amount >= 0 && Number.isFinite(amount)))
    invalidParameter(name, 'a finite number of 0 or more', amount);
}

function need(side: 'positive' | 'negative', count: number, rule: ThresholdRule): void {
  if (count > 0) return;
  throw new PhantomNetError('BAD_DATA', `no threshold for ${rule.kind}: the validation data has no ${side}`, {
    hint: 'validate on rows of both classes',
    details: { rule: rule.kind },
  });
}
