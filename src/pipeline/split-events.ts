import { PhantomNetError } from '../core/index.js';
import type { HoneypotEvent, Labels, Split } from '../data/index.js';
import {
  repeatedStratifiedKFold,
  stratifiedKFold,
  timeOrderedSplit,
  trainTestSplit,
} from '../split/index.js';
import type { ExperimentConfig } from './config.js';

/**
 * Returns the training and test rows. `time` tests on the last events; `stratified` and `random` give scikit-learn's
 * rows for the same seed. Throws BAD_DATA when a side lacks a class, naming the flag that helps.
 */
export function splitEvents(
  events: readonly HoneypotEvent[],
  labels: Labels,
  { method, testSize, randomState }: ExperimentConfig['split'],
): Split {
  if (method === 'time') {
    const split = timeOrderedSplit(eventTimes(events), { testSize });
    refuseMissingClass(labels, split);
    return split;
  }
  return trainTestSplit(events.length, {
    testSize,
    randomState,
    ...(method === 'stratified' ? { stratify: labels } : {}),
  });
}

/** Returns the time of each event in epoch milliseconds. Throws BAD_DATA with file and line for one that has none. */
export function eventTimes(events: readonly HoneypotEvent[]): Float64Array {
  return Float64Array.from(events, (event) => {
    const text = event.fields['timestamp'];
    const time = text === null || text === undefined ? Number.NaN : Date.parse(text);
    if (Number.isFinite(time)) return time;
    throw new PhantomNetError(
      'BAD_DATA',
      `${event.file} line ${event.line}: column timestamp has no readable time`,
      {
        hint: 'a split by time needs a time on every row; choose --split stratified to split without',
        details: { file: event.file, line: event.line, column: 'timestamp' },
      },
    );
  });
}

function refuseMissingClass(labels: Labels, split: Split): void {
  for (const side of ['train', 'test'] as const) {
    const seen = new Set(Array.from(split[side], (row) => labels.codes[row]!));
    const missing = labels.classes.filter((_, code) => !seen.has(code));
    if (missing.length > 0)
      throw new PhantomNetError(
        'BAD_DATA',
        `split by time: the ${side === 'train' ? 'first' : 'last'} ${split[side].length} events (${side}) hold no sample of class ${missing.join(', ')}`,
        {
          hint: 'the classes do not mix over time here; ask for a random split with --split stratified',
          details: { side, missing },
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
