import { shortened } from '../core/index.js';
import { type AlignedRows, alignRows, type RowPredictions, type TestedRows, take } from './align-rows.js';
import { bootstrapDifferences, type Measure } from './bootstrap-difference.js';
import { correctedResampledT } from './corrected-t.js';
import { delongTest } from './delong.js';
import { classSums, countConfusion, labelMetrics } from './label-metrics.js';
import { type McNemarTest, mcnemarTest } from './mcnemar.js';
import type { PairedTest, PairedTestName, Untested } from './paired-test.js';

/** The metrics of a model on each fold of a cross-validation. */
export interface FoldMetrics {
  /** Digest or name of the folds: two models can be compared where it is the same. */
  readonly folds: string;
  /** Test rows by training rows of a fold. */
  readonly testToTrain: number;
  /** One value a fold, by metric; those that every fold defines. */
  readonly metrics: Readonly<Record<string, readonly number[]>>;
}

/** What of a model can be tested against another. */
export interface Testable extends TestedRows {
  readonly foldMetrics?: FoldMetrics | undefined;
}

/** A test of two models, or why there is none. */
export type PairedTestResult = PairedTest | McNemarTest | Untested;

/** The tests in the order they are made and shown, each with the metric that it is about. */
export const PAIRED_TESTS: readonly { readonly test: PairedTestName; readonly metric: string }[] = [
  { test: 'mcnemar', metric: 'accuracy' },
  { test: 'delong', metric: 'rocAuc' },
  { test: 'bootstrap', metric: 'f1' },
  { test: 'correctedT', metric: 'accuracy' },
];

/** How much of a column's name a reason quotes. */
const NAME_LENGTH = 40;

/** How to test. */
interface PairTestOptions {
  readonly level: number;
  readonly resamples: number;
  readonly randomState: number;
}

/**
 * Returns for each model the tests against `other` in the order of `PAIRED_TESTS`. The resamples are drawn once for all,
 * since models that can be tested at all have the same rows. Where these have groups, those of `other` or else of the first
 * model that has some, whole groups are drawn, and there are no tests that take rows as independent: their p would be too small.
 */
export function testPairs(
  models: readonly Testable[],
  other: Testable,
  options: PairTestOptions,
): PairedTestResult[][] {
  const aligned = models.map((model) => alignRows(model, other));
  const grouping = groupingOf(models, other, aligned);
  const dependence = grouping && dependenceOf(grouping);
  const bootstrap = bootstrapF1(aligned, grouping?.groups, options);
  return models.map((model, m) => {
    const rows = aligned[m]!;
    const independent = 'reason' in rows ? rows : (dependence ?? rows);
    return [
      'reason' in independent
        ? { test: 'mcnemar', metric: 'accuracy', ...independent }
        : mcnemarTest(independent, options),
      'reason' in independent
        ? { test: 'delong', metric: 'rocAuc', ...independent }
        : areaTest(model.predictions!, other.predictions!, { rows: independent, level: options.level }),
      bootstrap[m]!,
      foldTest(model.foldMetrics, other.foldMetrics, options.level),
    ];
  });
}

/** The group of each row by rising position, and what names the groups. */
interface Grouping {
  readonly groups: readonly (number | string)[];
  readonly groupBy: string;
}

function groupingOf(
  models: readonly Testable[],
  other: Testable,
  aligned: readonly (AlignedRows | { readonly reason: string })[],
): Grouping | undefined {
  const rows = aligned.map((rows) => ('reason' in rows ? undefined : rows));
  const sides = [
    { predictions: other.predictions, places: rows.find((found) => found !== undefined)?.otherPlaces },
    ...models.map(({ predictions }, m) => ({ predictions, places: rows[m]?.places })),
  ];
  for (const { predictions, places } of sides)
    if (predictions?.groups !== undefined && places !== undefined)
      return { groups: take(predictions.groups, places), groupBy: predictions.groupBy ?? 'group' };
  return undefined;
}

function dependenceOf({ groups, groupBy }: Grouping): { readonly reason: string } {
  const by = shortened(groupBy, NAME_LENGTH);
  const nGroups = new Set(groups).size;
  return { reason: `rows of one ${by} are not independent: the bootstrap drew ${nGroups} groups whole` };
}

function areaTest(
  model: RowPredictions,
  other: RowPredictions,
  { rows, level }: { readonly rows: AlignedRows; readonly level: number },
): PairedTest | Untested {
  const untested = (reason: string): Untested => ({ test: 'delong', metric: 'rocAuc', reason });
  const { scores, positiveClass } = model;
  if (scores === undefined || positiveClass === undefined)
    return untested('it has no scores of one class by row');
  if (other.scores === undefined || other.positiveClass === undefined)
    return untested('the chosen run has no scores of one class by row');
  if (positiveClass !== other.positiveClass) return untested('its scores are for another class');
  return delongTest(
    {
      isPositive: rows.yTrue.map((label) => (label === positiveClass ? 1 : 0)),
      scores: take(scores, rows.places),
      otherScores: take(other.scores, rows.otherPlaces),
    },
    { level },
  );
}

function foldTest(
  model: FoldMetrics | undefined,
  other: FoldMetrics | undefined,
  level: number,
): PairedTest | Untested {
  const untested = (reason: string): Untested => ({ test: 'correctedT', metric: 'accuracy', reason });
  if (!other) return untested('the chosen run was not cross-validated');
  if (!model) return untested('it was not cross-validated');
  if (model.folds !== other.folds) return untested('it was cross-validated on other folds');
  return correctedResampledT(model.metrics['accuracy'] ?? [], other.metrics['accuracy'] ?? [], {
    testToTrain: model.testToTrain,
    level,
  });
}

/** The test of the weighted F1, by whole groups where the rows have some. */
function bootstrapF1(
  aligned: readonly (AlignedRows | { readonly reason: string })[],
  groups: readonly (number | string)[] | undefined,
  options: PairTestOptions,
): (PairedTest | Untested)[] {
  const same = aligned.filter((rows) => !('reason' in rows)) as AlignedRows[];
  const [first] = same;
  const tests = first
    ? bootstrapDifferences(
        same.map((rows) => weightedF1(rows.yTrue, rows.yPred)),
        weightedF1(first.yTrue, first.otherPred),
        {
          ...options,
          metric: 'f1',
          nSamples: first.yTrue.length,
          groups,
        },
      )
    : [];
  return aligned.map((rows) =>
    'reason' in rows ? { test: 'bootstrap', metric: 'f1', reason: rows.reason } : tests.shift()!,
  );
}

function weightedF1(yTrue: readonly (number | string)[], yPred: readonly (number | string)[]): Measure {
  const codeOf = new Map([...new Set([...yTrue, ...yPred])].map((label, code) => [label, code]));
  const truth = Uint32Array.from(yTrue, (label) => codeOf.get(label)!);
  const predicted = Uint32Array.from(yPred, (label) => codeOf.get(label)!);
  return (drawn) => {
    const confusion = countConfusion(truth, predicted, codeOf.size, drawn);
    const sums = classSums(confusion);
    const present = sums.flatMap((sum, code) => (sum.actual > 0 || sum.predicted > 0 ? [code] : []));
    return present.length === 0 ? undefined : labelMetrics(confusion, present, 'warn', undefined)['f1'];
  };
}
