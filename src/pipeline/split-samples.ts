import { PhantomNetError } from '../core/index.js';
import type { HoneypotEvent, Labels, Split } from '../data/index.js';
import {
  repeatedStratifiedKFold,
  stratifiedKFold,
  timeOrderedSplit,
  trainTestSplit,
} from '../split/index.js';
import type { ExperimentConfig } from './config.js';
import { countSamples, isTable, type Samples } from './samples.js';

/** The fewest rows of each class that both sides of a split by time must hold when nobody asked for it. */
const MIN_ROWS_OF_CLASS = 30;

/** A split and how it was made. */
export interface MadeSplit extends Split {
  readonly method: 'time' | 'stratified' | 'random';
}

/**
 * Returns the training and test rows. `time` tests on the last events, and is the default where both sides then hold at
 * least 30 rows of each class; `stratified` and `random` give scikit-learn's rows for the same seed.
 * Throws BAD_DATA, naming the flag that helps, where the default does not fit or a side lacks a class.
 */
export function splitSamples(
  samples: Samples,
  labels: Labels,
  { method, testSize, randomState }: ExperimentConfig['split'],
): MadeSplit {
  if (method === undefined || method === 'time') {
    const split = timeOrderedSplit(sampleTimes(samples), { testSize });
    requireClasses(labels, split, method === undefined ? MIN_ROWS_OF_CLASS : 1);
    return { ...split, method: 'time' };
  }
  const stratify = method === 'stratified' ? { stratify: labels } : {};
  return { ...trainTestSplit(countSamples(samples), { testSize, randomState, ...stratify }), method };
}

function sampleTimes(samples: Samples): Float64Array {
  if (!isTable(samples)) return eventTimes(samples);
  throw new PhantomNetError(
    'BAD_DATA',
    `${samples.file}: ${samples.source.name} rows have no time to split by`,
    {
      hint: 'name a test file with --test, or ask for a random split with --split stratified',
      details: { file: samples.file, parameter: 'split.method' },
    },
  );
}

/** Returns the time of each event in epoch milliseconds. Throws BAD_DATA with file and line for one that has none. */
export function eventTimes(events: readonly HoneypotEvent[]): Float64Array {
  return Float64Array.from(events, (event) => {
    const time = event.fields['@timestamp'];
    if (typeof time === 'number') return time;
    throw new PhantomNetError(
      'BAD_DATA',
      `${event.file} line ${event.line}: column @timestamp (or timestamp) has no time`,
      {
        hint: 'a split by time needs a time on every row; choose --split stratified to split without',
        details: { file: event.file, line: event.line, column: '@timestamp' },
      },
    );
  });
}

function requireClasses(labels: Labels, split: Split, least: number): void {
  for (const side of ['train', 'test'] as const) {
    const counts = labels.classes.map(() => 0);
    for (const row of split[side]) counts[labels.codes[row]!]! += 1;
    const short = labels.classes.flatMap((label, code) =>
      counts[code]! < least ? [`${label}: ${counts[code]}`] : [],
    );
    if (short.length === 0) continue;
    const part = side === 'train' ? 'training rows, the first' : 'test rows, the last';
    throw new PhantomNetError(
      'BAD_DATA',
      `split by time: the ${part} ${split[side].length} events, hold too few of a class (${short.join(', ')}; at least ${least} of each are needed)`,
      {
        hint: 'ask for a random split with --split stratified, or for this one as it is with --split time',
        details: { side, short, least },
      },
    );
  }
}

/** Returns the folds of the cross-validation as row indices into `labels`, shuffled and stratified, seeded by `randomState`. */
export function crossValidationFolds(
  labels: Labels,
  { folds, repeats }: ExperimentConfig['crossValidation'],
  randomState: number,
): Split[] {
  return repeats === 1
    ? stratifiedKFold(labels, { nSplits: folds, shuffle: true, randomState })
    : repeatedStratifiedKFold(labels, { nSplits: folds, nRepeats: repeats, randomState });
}
