import { type Evaluation, evaluate } from '../evaluate/index.js';
import type { Report } from '../report/index.js';
import type { Baseline, ExperimentOutcome } from './experiment-parts.js';
import type { Recipe } from './fit-detector.js';
import { groupsOf } from './interval-groups.js';
import { timesOf } from './report-columns.js';

/** What a report is made from: the outcome of an experiment, and what else its run knows. */
export interface ReportInput extends Omit<ExperimentOutcome, 'model'> {
  readonly recipe: Recipe;
  readonly baselines: readonly Baseline[];
  readonly run: Report['run'];
  /** What the fit of the detector took: a long one is not repeated for a learning curve. */
  readonly fitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The test rows as every part of the report looks at them. */
export interface TestView {
  readonly yTrue: Uint16Array;
  readonly yPred: Uint16Array;
  readonly classes: readonly (number | string)[];
  /** Of the class that alerts; of more than two classes, of the class that was predicted. */
  readonly scores: Float64Array;
  readonly isBinary: boolean;
  readonly times: Float64Array | undefined;
  /** What the intervals resample; undefined where rows count as independent. */
  readonly groups: readonly (number | string)[] | undefined;
  readonly groupedBy: string | null;
  /** Sources of the rows, whether or not intervals are made by them. */
  readonly sources: readonly (number | string)[] | undefined;
  readonly evaluation: Evaluation;
  /** The same with intervals that take rows as independent. */
  readonly byRows: Evaluation;
  readonly resamples: number;
  readonly randomState: number;
}

/** Draws of rows and rows in all draws, at most: the cost of a report must not grow with the data. */
const MAX_RESAMPLED_ROWS = 50_000_000;

/** Returns the test rows with what their intervals rest on: whole groups where the split or the sources name some. */
export function testView({ config, data, scored }: ReportInput): TestView {
  const { yTrue, yPred, classes, evaluation, resampled } = scored;
  const { samples } = data.test;
  const isBinary = classes.length === 2;
  const { groups } = resampled;
  // Without resamples there are the intervals in closed form: those that a perfect value has too.
  const byRows =
    groups === undefined
      ? evaluation
      : evaluate({ yTrue, yPred, classes, scores: scored.scores }, { resamples: 0 });
  return {
    ...{ yTrue, yPred, classes, isBinary, groups, groupedBy: resampled.by, evaluation, byRows },
    sources: groupsOf(samples),
    resamples: Math.max(100, Math.min(1000, Math.floor(MAX_RESAMPLED_ROWS / yTrue.length))),
    randomState: config.split.randomState,
    scores: scoresOf(scored, isBinary),
    times: timesOf(samples),
  };
}

function scoresOf({ yPred, scores, classes }: ExperimentOutcome['scored'], isBinary: boolean): Float64Array {
  return Float64Array.from(yPred, (code, i) => scores[i * classes.length + (isBinary ? 1 : code)]!);
}
