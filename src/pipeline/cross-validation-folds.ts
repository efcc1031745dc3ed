import { given, PhantomNetError } from '../core/index.js';
import type { Labels, Split } from '../data/index.js';
import {
  blockedTimeSeriesSplit,
  groupKFold,
  repeatedStratifiedKFold,
  stratifiedGroupKFold,
  stratifiedKFold,
} from '../split/index.js';
import type { ExperimentConfig } from './config.js';
import type { LabelledSamples } from './fit-detector.js';
import { DEFAULT_GROUP_BY, sampleGroups, sampleTimes } from './split-columns.js';
import { gapOf } from './split-samples.js';

/**
 * Returns the folds of the cross-validation as row indices into `data`: drawn at random with the class shares kept, by
 * whole groups, or the blocks of blocked cross-validation. Seeded by the split's `randomState`; groups and gap are the
 * split's too. Throws BAD_DATA where the rows do not suffice, or a fold would train on no row of a class.
 */
export function crossValidationFolds(
  data: LabelledSamples,
  { crossValidation, split }: Pick<ExperimentConfig, 'crossValidation' | 'split'>,
): Split[] {
  const { folds: nSplits, repeats: nRepeats, method } = crossValidation;
  const { samples, labels } = data;
  const { randomState, groupBy } = split;
  const shuffled = { nSplits, shuffle: true, randomState };
  const folds = {
    stratified: () =>
      nRepeats === 1
        ? stratifiedKFold(labels, shuffled)
        : repeatedStratifiedKFold(labels, { nSplits, nRepeats, randomState }),
    group: () => groupKFold(sampleGroups(samples, groupBy), shuffled),
    'stratified-group': () => stratifiedGroupKFold(labels, sampleGroups(samples, groupBy), shuffled),
    time: () =>
      blockedTimeSeriesSplit(sampleTimes(samples, 'take random folds with --cv-method stratified'), {
        nSplits,
        gap: gapOf(split),
      }),
  }[method]();
  requireTrainingClasses(labels, folds, method);
  return folds;
}

/** Returns what a run's params say of how its folds were made. */
export function foldParams({
  crossValidation: { method },
  split: { groupBy = DEFAULT_GROUP_BY, gap },
}: Pick<ExperimentConfig, 'crossValidation' | 'split'>): Readonly<Record<string, string>> {
  return given({
    cvMethod: method,
    cvGroupBy: method.endsWith('group') ? groupBy : undefined,
    cvGap: method === 'time' ? gap : undefined,
  });
}

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
