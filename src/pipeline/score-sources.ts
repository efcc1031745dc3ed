import { type Evaluation, evaluate } from '../evaluate/index.js';
import type { LabelledSamples, Scored } from './fit-detector.js';
import { MIN_SOURCES, sourcesOf } from './sample-sources.js';

/** How right a detector is on test samples of sources that it saw no sample of in training. */
export interface UnseenSources {
  readonly nSamples: number;
  readonly nSources: number;
  readonly metrics: Evaluation['metrics'];
  readonly intervals: Evaluation['intervals'];
  /** What cannot be said of so few samples, and why. */
  readonly warnings: readonly string[];
}

/**
 * Returns how right the scores are on test samples whose source has no training sample: what is new is what a detector will
 * meet. Null where samples have no source, where no test sample is of a new one, or they are all of one class.
 */
export function scoreUnseenSources(
  scored: Scored,
  { train, test }: { readonly train: LabelledSamples; readonly test: LabelledSamples },
): UnseenSources | null {
  const known = new Set(sourcesOf(train.samples));
  const sources = sourcesOf(test.samples);
  if (sources === undefined || known.size === 0) return null;
  const rows = [...sources.keys()].filter((row) => !known.has(sources[row]!));
  const classes = new Set(rows.map((row) => scored.yTrue[row]));
  if (classes.size < 2) return null;
  const nClasses = scored.classes.length;
  const groups = rows.map((row) => sources[row]!);
  const nSources = new Set(groups).size;
  const predicted = {
    yTrue: rows.map((row) => scored.yTrue[row]!),
    yPred: rows.map((row) => scored.yPred[row]!),
    scores: Float64Array.from(
      rows.flatMap((row) => [...scored.scores.subarray(row * nClasses, (row + 1) * nClasses)]),
    ),
    classes: scored.classes,
  };
  const { metrics, intervals, warnings } = evaluate({
    ...predicted,
    ...(nSources < MIN_SOURCES ? {} : { groups }),
  });
  // A value that no resample of the sources varies has the interval of rows.
  const byRows = evaluate(predicted, { resamples: 0 });
  return {
    nSamples: rows.length,
    ...{ nSources, metrics, intervals: { ...byRows.intervals, ...intervals } },
    warnings: warnings.map(({ metric, message }) => `${metric}: ${message}`),
  };
}
