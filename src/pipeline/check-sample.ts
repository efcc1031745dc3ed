import { readFile } from 'node:fs/promises';
import type { Split } from '../data/index.js';
import { labelEvents } from '../features/index.js';
import { readAllEvents } from '../ingest/index.js';
import {
  formatSampleCsv,
  generateSample,
  checkSample as judgeSample,
  type MeasuredAccuracy,
  type SampleCheck,
} from '../sample/index.js';
import { stratifiedKFold, timeSeriesSplit } from '../split/index.js';
import { crossValidate, type Recipe } from './fit-detector.js';
import type { StageProgress } from './run-experiment.js';
import { eventTimes } from './split-columns.js';

const SEEDS = [0, 1, 2, 3, 4];

/** Returns what the sample at `path` must show, and whether it does, measured with our own forest. */
export async function checkSample(
  path: string,
  progress: StageProgress,
): Promise<{ readonly passed: boolean; readonly checks: readonly SampleCheck[] }> {
  const rows = generateSample();
  const isGenerated = (await readFile(path, 'utf8')) === formatSampleCsv(rows);
  const { events } = await readAllEvents(path);
  const labels = labelEvents(events);
  const folds = stratifiedKFold(labels, { nSplits: 5, shuffle: true, randomState: 0 });
  const byTime = timeSeriesSplit(eventTimes(events), { nSplits: 5 });
  const accuracies: MeasuredAccuracy[] = [];
  const splits: [string, readonly Split[]][] = [
    ['stratified 5-fold', folds],
    ['time-ordered 5-fold', byTime],
  ];
  for (const [split, parts] of splits)
    for (const seed of SEEDS) {
      progress.stage(`${split}, seed ${seed}`);
      const evaluations = await crossValidate(
        payloadLengthForest(seed),
        { samples: events, labels },
        { folds: parts },
      );
      const accuracy = evaluations.reduce((sum, e) => sum + e.metrics['accuracy']!, 0) / evaluations.length;
      accuracies.push({ split, seed, accuracy });
      progress.done(accuracy.toFixed(4));
    }
  const checks: SampleCheck[] = [
    {
      name: 'file',
      passed: isGenerated,
      detail: isGenerated ? 'is what the generator makes' : 'differs: npm run sample',
    },
    ...judgeSample({ rows, labels, folds, accuracies }),
  ];
  return { passed: checks.every((c) => c.passed), checks };
}

function payloadLengthForest(randomState: number): Recipe {
  return {
    estimator: 'random-forest',
    params: {},
    features: { names: ['payload_length'], emptyAs: 'zero' },
    table: undefined,
    labelColumn: undefined,
    randomState,
  };
}
