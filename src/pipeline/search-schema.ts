import { z } from 'zod';

/** The metrics a search can choose by. */
export const SEARCH_METRICS = [
  'accuracy',
  'balancedAccuracy',
  'f1',
  'f1Binary',
  'f1Macro',
  'precisionBinary',
  'recallBinary',
  'mcc',
  'cohenKappa',
  'rocAuc',
  'prAuc',
  'logLoss',
  'brier',
] as const;

const LOSSES: readonly string[] = ['logLoss', 'brier'] satisfies (typeof SEARCH_METRICS)[number][];

/** Returns a score by which the better of two values is the greater one: losses are turned round. */
export function greaterIsBetter(metric: string, value: number): number {
  return LOSSES.includes(metric) ? -value : value;
}

const count = z.int().min(1);

/** How params are searched for, as the section `search` of the config says it. */
export const searchSchema = z.strictObject({
  strategy: z
    .enum(['grid', 'random', 'halving'])
    .describe(
      'grid: every combination; random: combinations drawn by the seed; halving: many drawn combinations on few resources, the best of them on more',
    )
    .default('random'),
  space: z
    .record(z.string(), z.unknown())
    .describe(
      'by param: a list of values, or a range {low, high, log, integer}, both ends included; `estimator`, `features` and keys below features by their path too, as features.encoding.categorical',
    )
    .default({}),
  metric: z
    .enum(SEARCH_METRICS)
    .describe('mean over the folds that the best combination is chosen by')
    .default('f1Macro'),
  maxTrials: count
    .describe(
      'most combinations that are tried, of halving in its first rung; 10, of a grid all, when absent',
    )
    .optional(),
  maxSeconds: z
    .number()
    .positive()
    .describe('seconds after which no trial is started; no limit when absent')
    .optional(),
  folds: z.int().min(2).describe('folds of each trial; those of crossValidation when absent').optional(),
  randomState: z
    .int()
    .min(0)
    .max(4294967295)
    .describe('seed of what is drawn from the space; that of the split when absent')
    .optional(),
  factor: z
    .int()
    .min(2)
    .describe('halving: one in so many combinations goes on, with so many times the resource')
    .default(3),
  resource: z
    .enum(['nSamples', 'nEstimators'])
    .describe('halving: what is rationed, training rows or trees; the most are all rows or estimator.params')
    .default('nSamples'),
});
