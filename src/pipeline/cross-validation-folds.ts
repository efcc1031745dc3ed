import { given, PhantomNetError } from '../core/index.js';
import type { Labels, Split } from '../data/index.js';
import {
  blockedTimeSeriesSplit,
  type Group,
  groupKFold,
  leaveOneGroupOut,
  repeatedStratifiedKFold,
  stratifiedGroupKFold,
  stratifiedKFold,
  timeSeriesSplit,
} from '../split/index.js';
import type { ExperimentConfig } from './config.js';
import type { LabelledSamples } from './fit-detector.js';
import { DEFAULT_GROUP_BY, sampleGroups, sampleTimes } from './split-columns.js';
import { gapOf } from './split-samples.js';

/** How folds are made. */
export type FoldMethod = NonNullable<ExperimentConfig['crossValidation']['method']>;

/** What of a config says how folds are made, once their method is settled. */
export interface FoldConfig {
  readonly crossValidation: ExperimentConfig['crossValidation'] & { readonly method: FoldMethod };
  readonly split: ExperimentConfig['split'];
}

/** A config whose folds are settled. */
export type SettledConfig<T extends ExperimentConfig = ExperimentConfig> = T & FoldConfig;

/** More groups than that, each with a fit of its own, are a slip more often than a wish. */
const MAX_GROUPS_LEFT_OUT = 100;

/**
 * Returns the folds of the cross-validation as row indices into `data`: drawn at random with the class shares kept, by
 * whole groups, each group alone, blocks of time, or forward in time. Seeded by the split's `randomState`; groups and gap
 * are the split's too. Throws BAD_DATA where the rows do not suffice, or a fold would train on no row of a class.
 */
export function crossValidationFolds(data: LabelledSamples, { crossValidation, split }: FoldConfig): Split[] {
  const { folds: nSplits, repeats: nRepeats, method } = crossValidation;
  const { samples, labels } = data;
  const { randomState, groupBy } = split;
  const shuffled = { nSplits, shuffle: true, randomState };
  const times = () => sampleTimes(samples, 'take random folds with --cv-method stratified');
  const folds = {
    stratified: () =>
      nRepeats === 1
        ? stratifiedKFold(labels, shuffled)
        : repeatedStratifiedKFold(labels, { nSplits, nRepeats, randomState }),
    group: () => groupKFold(sampleGroups(samples, groupBy), shuffled),
    'stratified-group': () => stratifiedGroupKFold(labels, sampleGroups(samples, groupBy), shuffled),
    'leave-one-group-out': () => eachGroupAlone(sampleGroups(samples, groupBy), groupBy),
    time: () => blockedTimeSeriesSplit(times(), { nSplits, gap: gapOf(split) }),
    'time-series': () => forwardFolds(times(), { nSplits, gap: gapOf(split) }),
  }[method]();
  requireTrainingClasses(labels, folds, method);
  return folds;
}

function eachGroupAlone(groups: readonly Group[], groupBy = DEFAULT_GROUP_BY): Split[] {
  const nGroups = new Set(groups).size;
  if (nGroups <= MAX_GROUPS_LEFT_OUT) return leaveOneGroupOut(groups);
  throw new PhantomNetError(
    'BAD_DATA',
    `cannot leave each of ${nGroups} groups by ${groupBy} out in turn: each is a fold, and ${MAX_GROUPS_LEFT_OUT} are the most`,
    {
      hint: 'group by something coarser, such as --group-by sensor, or put many groups into a fold with --cv-method group',
      details: { nGroups, groupBy },
    },
  );
}

/** scikit-learn's folds, without the training rows that are in the gap or share the time of the first test row. */
function forwardFolds(
  times: Float64Array,
  { nSplits, gap }: { readonly nSplits: number; readonly gap: number },
): Split[] {
  return timeSeriesSplit(times, { nSplits }).map(({ train, test }) => {
    const start = times[test[0]!]! - gap;
    return { train: train.filter((row) => times[row]! < start), test };
  });
}

/** Returns what a run's params say of how its folds were made. */
export function foldParams({
  crossValidation: { folds, method },
  split: { groupBy = DEFAULT_GROUP_BY, gap },
}: FoldConfig): Readonly<Record<string, string | number>> {
  return {
    cvFolds: folds,
    ...given({
      cvMethod: method,
      cvGroupBy: isByGroup(method) ? groupBy : undefined,
      cvGap: isByTime(method) ? gap : undefined,
    }),
  };
}

/** Whether folds or a split of this name keep groups whole. */
export const isByGroup = (method: string): boolean => method.includes('group');

/** Whether folds or a split of this name go by time. */
export const isByTime = (method: string): boolean => method.startsWith('time');

function requireTrainingClasses({ classes, codes }: Labels, folds: readonly Split[], method: string): void {
  const occurring = new Set(codes);
  for (const [fold, { train }] of folds.entries()) {
    const trained = new Set(Array.from(train, (row) => codes[row]!));
    const lacking = [...occurring].filter((code) => !trained.has(code)).map((code) => classes[code]!);
    if (lacking.length === 0) continue;
    throw new PhantomNetError(
      'BAD_DATA',
      `folds by ${method}: fold ${fold + 1} of ${folds.length} trains on no row of class ${lacking.slice(0, 5).join(', ')}`,
      {
        hint: 'use fewer folds with --cv, or others with --cv-method stratified or stratified-group',
        details: { fold, classes: lacking },
      },
    );
  }
}
