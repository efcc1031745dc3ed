import { describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import { type Evaluation, evaluate } from '#src/evaluate/index.js';
import { logPredictions, storedFolds, storedPredictions } from '#src/pipeline/log-run.js';
import { readOutcome } from '#src/pipeline/read-outcome.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const files = (given: Record<string, string>) => ({
  get: async (path: string) => {
    if (path in given) return bytes(given[path]!);
    throw new PhantomNetError('NOT_FOUND', `no ${path}`);
  },
});
const PREDICTIONS = { dataset: 'd', rows: [3, 1], yTrue: [0, 1], yPred: [0, 0], scores: [0.1, 0.4] };
const FOLDS = { folds: 'f', testToTrain: 0.25, metrics: { accuracy: [0.9, 0.8], f1: [0.9, 0.7] } };

describe('storedPredictions', () => {
  const context = { dataDigest: 'd', label: 'is_attack', rows: [7, 9] };
  const scored = (classes: string[], scores: number[]) => {
    const yTrue = Uint16Array.of(0, 1);
    const yPred = Uint16Array.of(0, 0);
    const evaluation = evaluate({ yTrue, yPred, classes });
    return { yTrue, yPred, classes, scores: Float64Array.from(scores), evaluation, unseenCategories: {} };
  };

  it('names the class that the scores are for, of two classes the second', () => {
    const stored = storedPredictions(scored(['a', 'b'], [0.9, 0.1, 0.6, 0.4]), context);
    expect(stored).toMatchObject({ yTrue: ['a', 'b'], yPred: ['a', 'a'], scores: [0.1, 0.4] });
    expect(stored.positiveClass).toBe('b');
  });

  it('has the scores of the predicted classes where there are more', () => {
    const stored = storedPredictions(scored(['a', 'b', 'c'], [0.8, 0.1, 0.1, 0.6, 0.4, 0]), context);
    expect(stored.scores).toEqual([0.8, 0.6]);
    expect(stored).not.toHaveProperty('positiveClass');
  });
});

describe('storedFolds', () => {
  it('holds the metrics that every fold has', () => {
    const fold = (metrics: Record<string, number>) => ({ metrics }) as unknown as Evaluation;
    const evaluations = [fold({ accuracy: 0.9, rocAuc: 0.8 }), fold({ accuracy: 0.7 })];
    expect(storedFolds({ folds: 'f', testToTrain: 1 }, evaluations)).toEqual({
      folds: 'f',
      testToTrain: 1,
      metrics: { accuracy: [0.9, 0.7] },
    });
  });
});

describe('logPredictions', () => {
  it('logs up to a million rows', async () => {
    const logged = new Map<string, string>();
    const artifacts = {
      put: async (path: string, data: Uint8Array | string) => void logged.set(path, String(data)),
    };
    await logPredictions(artifacts, { ...PREDICTIONS, rows: new Array<number>(1_000_001).fill(0) });
    expect(logged.size).toBe(0);
    await logPredictions(artifacts, PREDICTIONS);
    expect(JSON.parse(logged.get('predictions.json')!)).toEqual(PREDICTIONS);
  });
});

describe('readOutcome', () => {
  it('reads what was logged, and leaves out what was not', async () => {
    const logged = {
      'predictions.json': JSON.stringify(PREDICTIONS),
      'cross-validation.json': JSON.stringify(FOLDS),
    };
    expect(await readOutcome(files(logged))).toEqual({
      evaluation: undefined,
      predictions: PREDICTIONS,
      foldMetrics: FOLDS,
    });
    expect(await readOutcome(files({}))).toEqual({});
  });

  it.each([
    ['predictions.json', '{', 'is not JSON'],
    ['predictions.json', 'null', 'is not what a run logs by that name'],
    [
      'predictions.json',
      JSON.stringify({ ...PREDICTIONS, scores: [0.1] }),
      'is not what a run logs by that name',
    ],
    [
      'predictions.json',
      JSON.stringify({ ...PREDICTIONS, scores: [0.1, 'x'] }),
      'is not what a run logs by that name',
    ],
    [
      'predictions.json',
      JSON.stringify({ ...PREDICTIONS, yPred: 'ab' }),
      'is not what a run logs by that name',
    ],
    [
      'predictions.json',
      JSON.stringify({ ...PREDICTIONS, groups: [1] }),
      'is not what a run logs by that name',
    ],
    [
      'cross-validation.json',
      JSON.stringify({ ...FOLDS, testToTrain: 0 }),
      'is not what a run logs by that name',
    ],
    [
      'cross-validation.json',
      JSON.stringify({ ...FOLDS, metrics: null }),
      'is not what a run logs by that name',
    ],
    [
      'cross-validation.json',
      JSON.stringify({ ...FOLDS, metrics: { accuracy: [1], f1: [1, 1] } }),
      'is not what a run logs by that name',
    ],
  ])('refuses a broken %s: %s', async (path, text, what) => {
    await expect(readOutcome(files({ [path]: text }))).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: `artifact ${path} ${what}`,
      hint: 'the artifact was changed since the run; train it again, or leave the run out with --runs',
    });
  });
});
