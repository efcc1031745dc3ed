import type { StoredDecision } from '../deploy/index.js';
import { type BinaryScores, fewestAlerts, recallAtRates, type ThresholdRule } from '../evaluate/index.js';

/** Rows that isotonic calibration wants (Niculescu-Mizil and Caruana 2005: below about 1,000 the sigmoid does better). */
const ISOTONIC_ROWS = 1000;
/** Alerts among the validation rows below which a budget is read from a handful of them. */
const LEAST_ALERTS = 10;

/** Returns warnings of a threshold that few rows chose, or that no score exceeds: why, and what to do. Cost O(n log n). */
export function decisionNotes(
  scored: BinaryScores,
  {
    rule,
    calibration,
    threshold,
  }: Pick<StoredDecision, 'calibration' | 'threshold'> & { readonly rule: ThresholdRule | null },
): string[] {
  const nRows = scored.scores.length;
  const notes: string[] = [];
  if (calibration?.kind === 'isotonic' && nRows < ISOTONIC_ROWS)
    notes.push(
      `calibration: isotonic wants about ${ISOTONIC_ROWS} rows, there are ${nRows}; sigmoid fits few`,
    );
  if (rule?.kind === 'false-positive-rate') {
    const [found] = recallAtRates(scored, { rates: [rule.rate] });
    if (found?.estimable === false)
      notes.push(`threshold: a false-positive rate of ${rule.rate} is ${found.reason} in the training rows`);
  }
  if (rule?.kind === 'alert-budget') notes.push(...budgetNotes(scored, rule));
  if (rule !== null && threshold === Infinity) notes.push(noAlertNote(scored, rule));
  return notes;
}

type Budget = ThresholdRule & { readonly kind: 'alert-budget' };

/** At a stated base rate the negatives alone tell how many false alerts fit; else rows count as the traffic comes. */
function budgetNotes({ yTrue }: BinaryScores, { alertsADay, eventsADay, baseRate }: Budget): string[] {
  const share = alertsADay / eventsADay / (1 - (baseRate ?? 0));
  const all = baseRate === undefined;
  const nRows = all ? yTrue.length : Array.from(yTrue).filter((side) => side === 0).length;
  if (share === 0 || share * nRows >= LEAST_ALERTS) return [];
  const rows = all ? 'training rows' : 'negative training rows';
  const needed = Math.ceil(LEAST_ALERTS / share - 1e-6);
  return [
    `threshold: the budget lets ${all ? '' : 'at most '}${Math.floor(share * nRows)} of ${nRows} ${rows} alert; ${needed} are needed to tell it well`,
  ];
}

function noAlertNote(scored: BinaryScores, rule: ThresholdRule): string {
  const { samples, achieved } = fewestAlerts(scored, rule);
  const top = `the highest score alone (${samples} of ${scored.scores.length} training rows)`;
  const least = roundedUp(achieved);
  const otherwise =
    samples === 1 ? 'give more training rows' : 'part these rows with more trees or a logistic regression';
  const told = (why: string) => `threshold: Infinity, so nothing alerts: ${why}`;
  if (rule.kind === 'alert-budget') {
    const attacks = rule.eventsADay * (rule.baseRate ?? 0);
    const tooFew =
      rule.alertsADay < attacks ? `, which is below the ${roundedUp(attacks)} attacks a day to be found` : '';
    return told(
      `${top} brings ${least} alerts a day, and the budget is ${rule.alertsADay}${tooFew}; allow at least ${least}, or ${otherwise}`,
    );
  }
  if (rule.kind === 'false-positive-rate')
    return told(
      `${top} has a false-positive rate of ${least}, above ${rule.rate}; allow at least ${least}, or ${otherwise}`,
    );
  return told(
    `no alert costs least: alerts on ${top} cost ${least} an event; if misses cost more than was stated, or attacks are commoner, say so in the rule`,
  );
}

/** Three digits, and never less than `value`: it is told as a limit that is enough. */
function roundedUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return value === 0 ? 0 : Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(3));
}
