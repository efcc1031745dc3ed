import { z } from 'zod';
import type { ThresholdRule } from '../evaluate/index.js';

const amount = z.number().min(0);
const share = z.number().gt(0).lt(1);

/** What the threshold is, or what it is chosen for, as `threshold` of the config says it. */
export const thresholdSchema = z
  .union([
    z.number().min(0).max(1),
    z.strictObject({
      rule: z.literal('alert-budget'),
      alertsADay: amount,
      eventsADay: z.number().positive(),
      baseRate: share.optional(),
    }),
    z.strictObject({ rule: z.literal('false-positive-rate'), rate: share }),
    z
      .strictObject({
        rule: z.literal('cost'),
        costFp: amount,
        costFn: amount,
        baseRate: share.optional(),
      })
      .refine(({ costFp, costFn }) => costFp + costFn > 0),
    z.strictObject({ rule: z.literal('best-f1') }),
  ])
  .describe(
    'score of the second of two classes above which it is named, or what it is chosen for on out-of-fold scores of the training rows: {rule: alert-budget, alertsADay, eventsADay, baseRate}, {rule: false-positive-rate, rate}, {rule: cost, costFp, costFn, baseRate} or {rule: best-f1}; 0.5 when absent',
  );

/** How scores become probabilities, as the section `calibration` of the config says it. */
export const calibrationSchema = z.strictObject({
  method: z
    .enum(['isotonic', 'sigmoid'])
    .describe(
      'fitted on out-of-fold scores of the training rows, before the threshold is chosen; isotonic wants about a thousand rows, sigmoid fits few',
    ),
});

/** A threshold as the config says it. */
type ThresholdConfig = z.output<typeof thresholdSchema>;

/** Returns the rule that a threshold of the config names; null for a number. */
export function ruleOf(threshold: ThresholdConfig): ThresholdRule | null {
  if (typeof threshold === 'number') return null;
  const { rule: kind, ...rest } = threshold;
  return { kind, ...rest } as ThresholdRule;
}

/** Returns a threshold as the flag `--threshold` says it. */
export function thresholdFlag(threshold: ThresholdConfig): string {
  if (typeof threshold === 'number') return String(threshold);
  if (threshold.rule === 'false-positive-rate') return `fpr=${threshold.rate}`;
  if (threshold.rule === 'best-f1') return 'best-f1';
  const at = threshold.baseRate === undefined ? '' : `@${threshold.baseRate}`;
  if (threshold.rule === 'cost') return `cost=${threshold.costFp}:${threshold.costFn}${at}`;
  return `alerts=${threshold.alertsADay}/${threshold.eventsADay}${at}`;
}
