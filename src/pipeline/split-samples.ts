import { given, PhantomNetError } from '../core/index.js';
import type { Split } from '../data/index.js';
import {
  groupTrainTestSplit,
  stratifiedGroupTrainTestSplit,
  timeOrderedSplit,
  trainTestSplit,
} from '../split/index.js';
import type { ExperimentConfig } from './config.js';
import type { LabelledSamples } from './fit-detector.js';
import { requireClasses } from './require-classes.js';
import { countSamples } from './samples.js';
import { DEFAULT_GROUP_BY, sampleGroups, sampleTimes } from './split-columns.js';
import { durationOf, instantOf } from './time-text.js';

/** The fewest rows of each class that both sides of a split by time must hold when nobody asked for it. */
const MIN_ROWS_OF_CLASS = 30;

/** How the test rows were chosen, as it stands on the run and in its result. */
export interface SplitFacts {
  /** `file` where a test file was named. */
  readonly method: NonNullable<ExperimentConfig['split']['method']> | 'file';
  /** The share or number that was asked for; the number of test rows where a file or an instant chose them. */
  readonly testSize: number;
  readonly testFrom?: string;
  readonly gap?: string;
  /** Rows that neither train nor test, as they are in the gap. */
  readonly nLeftOut?: number;
  readonly groupBy?: string;
}

/** A split and how it was made. */
interface MadeSplit extends Split {
  readonly facts: SplitFacts;
}

/**
 * Returns the training and test rows. `time` tests on the last events, or on those from an instant on, and is the default
 * where both sides then hold at least 30 rows of each class; `group` and `stratified-group` keep groups whole;
 * `stratified` and `random` give scikit-learn's rows for the same seed.
 * Throws BAD_DATA, naming the flag that helps, where the default does not fit or a side lacks a class.
 */
export function splitSamples(data: LabelledSamples, split: ExperimentConfig['split']): MadeSplit {
  const { method = 'time', testSize, randomState, groupBy = DEFAULT_GROUP_BY } = split;
  if (method === 'time') return splitByTime(data, split);
  if (method === 'group' || method === 'stratified-group')
    return { ...splitByGroup(data, { ...split, groupBy, method }), facts: { method, testSize, groupBy } };
  const stratify = method === 'stratified' ? { stratify: data.labels } : {};
  const made = trainTestSplit(countSamples(data.samples), { testSize, randomState, ...stratify });
  return { ...made, facts: { method, testSize } };
}

function splitByTime({ samples, labels }: LabelledSamples, split: ExperimentConfig['split']): MadeSplit {
  const instead = 'name a test file with --test, or ask for a random split with --split stratified';
  const times = sampleTimes(samples, instead);
  const made = orderedSplit(times, split);
  const isDefault = split.method === undefined;
  requireClasses(labels, made, {
    least: isDefault ? MIN_ROWS_OF_CLASS : 1,
    by: 'time',
    hint: isDefault
      ? 'ask for a random split with --split stratified, for one by whole sources with --split stratified-group, or for this one as it is with --split time'
      : 'choose other test rows with --test-from or --test-size, or ask for a random split with --split stratified',
  });
  const { testFrom, gap, testSize } = split;
  const nLeftOut = times.length - made.train.length - made.test.length;
  return {
    ...made,
    facts: {
      method: 'time',
      testSize: testFrom === undefined ? testSize : made.test.length,
      ...given({ testFrom, gap }),
      ...(gap === undefined ? {} : { nLeftOut }),
    },
  };
}

function orderedSplit(times: Float64Array, split: ExperimentConfig['split']): Split {
  const { testSize, testFrom } = split;
  const from = testFrom === undefined ? undefined : instantOf(testFrom);
  try {
    return timeOrderedSplit(times, {
      ...(from === undefined ? { testSize } : { testFrom: from }),
      gap: gapOf(split),
    });
  } catch (error) {
    if (!(error instanceof PhantomNetError) || typeof error.details['start'] !== 'number') throw error;
    const { start, nTrain, nTest } = error.details;
    const at = new Date(start as number).toISOString();
    const gap = split.gap === undefined ? '' : ` less a gap of ${split.gap}`;
    throw new PhantomNetError(
      'BAD_DATA',
      `split by time at ${at}: ${nTrain} events before it${gap} to train on, ${nTest} from it on to test`,
      {
        cause: error,
        hint: 'choose another --test-from or --test-size, or a smaller --gap, or ask for a random split with --split stratified; events of one time stay on one side',
        details: error.details,
      },
    );
  }
}

function splitByGroup(
  { samples, labels }: LabelledSamples,
  {
    method,
    groupBy,
    testSize,
    randomState,
  }: ExperimentConfig['split'] & { readonly method: 'group' | 'stratified-group'; readonly groupBy: string },
): Split {
  const groups = sampleGroups(samples, groupBy);
  if (method === 'stratified-group')
    return stratifiedGroupTrainTestSplit(labels, groups, { testSize, randomState });
  const made = groupTrainTestSplit(groups, { testSize, randomState });
  requireClasses(labels, made, {
    least: 1,
    by: groupBy,
    hint: 'spread the classes with --split stratified-group, or try another --test-size or --random-state',
  });
  return made;
}

/** Returns the gap of a split in milliseconds, 0 where there is none. */
export function gapOf({ gap }: ExperimentConfig['split']): number {
  return gap === undefined ? 0 : (durationOf(gap) ?? 0);
}
