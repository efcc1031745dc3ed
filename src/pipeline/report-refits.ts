import { PhantomNetError, RandomState, show } from '../core/index.js';
import type { FeatureMatrix } from '../data/index.js';
import { evaluate, learningCurve, permutationImportance } from '../evaluate/index.js';
import type { Report } from '../report/index.js';
import { trainTestSplit } from '../split/index.js';
import { fitDetector, scoreDetector, takeLabelled, widen } from './fit-detector.js';
import type { ReportInput, TestView } from './report-input.js';
import { countSamples } from './samples.js';

const METRIC = 'f1Macro';
/** Shares of the training rows that are fitted anew, beside all of them: together less than one fit more. */
const SHARES = [0.1, 0.25, 0.5];
const MIN_ROWS = 50;
/** A fit that took longer is not repeated. */
const MAX_FIT_MS = 10_000;
const RESAMPLES = 200;

/**
 * Returns F1 by training rows: models fitted on rows drawn from the training part, class shares kept, and the detector
 * itself, all scored on the test rows and deciding by the detector's threshold and calibration. Skipped, with the reason, where a fit takes long or rows do not suffice.
 */
export async function learningCurveOf(input: ReportInput, view: TestView): Promise<Report['learningCurve']> {
  const { data, start, fitMs, recipe, signal } = input;
  const { decision } = input.detector;
  const nTrain = countSamples(data.train.samples);
  if (start !== undefined) return { skipped: 'the model went on from an older one, which saw other rows' };
  if (nTrain < MIN_ROWS) return { skipped: `there are fewer than ${MIN_ROWS} training rows` };
  if (fitMs > MAX_FIT_MS)
    return { skipped: `one fit took ${Math.round(fitMs / 1000)} s, and a curve needs ${SHARES.length} more` };
  try {
    const inputs = [];
    for (const share of SHARES) {
      const size = Math.max(2, Math.round(share * nTrain));
      const { test: rows } = trainTestSplit(nTrain, {
        ...{ testSize: size, randomState: recipe.randomState, stratify: data.train.labels },
      });
      const some = await fitDetector(recipe, takeLabelled(data.train, rows), { signal, decision });
      inputs.push({
        size,
        evaluations: [withIntervals(scoreDetector(some, data.test, { resamples: 0 }), view)],
      });
    }
    const { metric, points } = learningCurve([...inputs, { size: nTrain, evaluations: [view.evaluation] }], {
      metric: METRIC,
    });
    return { metric, points: points.map(({ size, mean, interval }) => ({ size, value: mean, interval })) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof PhantomNetError) return { skipped: error.message };
    throw error;
  }
}

function withIntervals({ yTrue, yPred, scores, classes }: ReturnType<typeof scoreDetector>, view: TestView) {
  const resamples = Math.min(RESAMPLES, view.resamples);
  return evaluate(
    { yTrue, yPred, scores, classes, groups: view.groups },
    { resamples, randomState: view.randomState },
  );
}

const REPEATS = 3;
/** Rows scored in all, about: features × repeats × test rows. */
const MAX_SCORED_ROWS = 120_000;
const MIN_SCORED_ROWS = 200;
/** Rows of each class that are drawn at least, where there are so many: of fewer nobody sees what a class is told by. */
const LEAST_OF_CLASS = 30;
const MAX_SCORING_MS = 30_000;

/** Returns what each feature is worth on test rows, on as many of them as the cost allows. */
export function importancesOf({ detector, data }: ReportInput, view: TestView): Report['importances'] {
  const { model } = detector;
  const nTest = view.yTrue.length;
  const scorings = model.features.length * REPEATS;
  const most = Math.max(MIN_SCORED_ROWS, Math.floor(MAX_SCORED_ROWS / scorings));
  const drawn = nTest <= most ? data.test : takeLabelled(data.test, drawRows(view, most));
  const matrix = detector.transform(drawn.samples);
  const nClasses = view.classes.length;
  const startedMs = performance.now();
  const score = (of: FeatureMatrix) => model.predictScoresBatch(of);
  const decide = (raw: Float64Array) => {
    const { scores, codes } = detector.decide(raw);
    return { scores: widen(scores, detector.classes.length, nClasses), codes };
  };
  score(matrix);
  const expectedMs = (performance.now() - startedMs) * scorings;
  if (expectedMs > MAX_SCORING_MS)
    return {
      skipped: `it takes ${show(scorings)} scorings of the test rows, about ${Math.round(expectedMs / 1000)} s`,
    };
  const {
    metric,
    baseline,
    features: found,
  } = permutationImportance(
    { matrix, labels: drawn.labels, score, decide },
    { metric: METRIC, repeats: REPEATS, randomState: view.randomState },
  );
  return {
    ...{ metric, baseline, rows: matrix.nSamples, repeats: REPEATS },
    features: found.map(({ feature, mean, std }) => ({ feature, mean, std })),
  };
}

/** Returns test rows to score, about so many: each class in its share, but for the least of it. */
function drawRows({ yTrue, classes, randomState }: TestView, most: number): Uint32Array {
  const random = new RandomState(randomState);
  const least = Math.min(LEAST_OF_CLASS, Math.floor(most / classes.length));
  const drawn = classes.flatMap((_, c) => {
    const rows = Uint32Array.from([...yTrue.keys()].filter((row) => yTrue[row] === c));
    const share = Math.round((most * rows.length) / yTrue.length);
    return [...random.shuffle(rows).subarray(0, Math.max(share, least))];
  });
  return Uint32Array.from(drawn).sort();
}
