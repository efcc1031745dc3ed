import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import { type Evaluation, evaluate } from '#src/evaluate/index.js';
import { compareRuns, openWorkspace } from '#src/pipeline/index.js';
import { logPredictions, predictionNotes, storedFolds, storedPredictions } from '#src/pipeline/log-run.js';
import { readOutcome } from '#src/pipeline/read-outcome.js';
import { withRun } from '#src/track/index.js';

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
    const resampled = { by: null, groups: undefined };
    return {
      ...{ yTrue, yPred, classes, scores: Float64Array.from(scores) },
      ...{ evaluation, unseenCategories: {}, resampled },
    };
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
    expect(stored).not.toHaveProperty('groups');
  });

  it.each(['source', 'subnet', 'src_ip'])('has what the intervals resample, by %s, as numbers', (by) => {
    const resampled = { by, groups: ['198.51.100.7', '192.0.2.1'] };
    const stored = storedPredictions({ ...scored(['a', 'b'], [0.9, 0.1, 0.6, 0.4]), resampled }, context);
    expect(stored).toMatchObject({ groups: [0, 1], groupBy: by });
    expect(JSON.stringify(stored)).not.toMatch(/198|192/);
    const same = { by, groups: ['192.0.2.1', '192.0.2.1'] };
    expect(
      storedPredictions({ ...scored(['a', 'b'], [0.9, 0.1, 0.6, 0.4]), resampled: same }, context).groups,
    ).toEqual([0, 0]);
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
  it('logs up to a million rows, and says so of more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'phantomnet-outcome-'));
    const workspace = await openWorkspace({ uri: `sqlite:///${join(folder, 'phantomnet.db')}` });
    const { tracking } = workspace;
    const { experimentId } = (await tracking.getExperimentByName('Default'))!;
    const runOf = (predictions: typeof PREDICTIONS) =>
      withRun(tracking, { experimentId }, async ({ run }) => {
        await logPredictions(tracking, run.info, predictions);
        return run.info;
      });
    const kept = await runOf(PREDICTIONS);
    const stored = await tracking.artifacts(kept.artifactUri).get('predictions.json');
    expect(JSON.parse(new TextDecoder().decode(stored))).toEqual(PREDICTIONS);
    const many = await runOf({ ...PREDICTIONS, rows: new Array<number>(1_000_001).fill(0) });
    await expect(tracking.artifacts(many.artifactUri).get('predictions.json')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const { rows } = await compareRuns(workspace, { runIds: [kept.runId, many.runId], against: kept.runId });
    expect(rows[1]!.tests![0]).toMatchObject({
      reason: 'it has no predictions by row: its 1000001 test rows were too many to keep them',
    });
    expect(predictionNotes(1_000_000)).toEqual([]);
    expect(predictionNotes(1_000_001)).toEqual([
      'predictions: those of 1000001 test rows are not kept, as 1000000 are the most; compare does not test this run row by row',
    ]);
    await workspace.close();
    rmSync(folder, { recursive: true, force: true });
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
    for (const groupBy of ['source', 'subnet', 'src_ip']) {
      const grouped = { ...PREDICTIONS, groups: [1, 0], groupBy };
      const { predictions } = await readOutcome(files({ 'predictions.json': JSON.stringify(grouped) }));
      expect(predictions).toEqual(grouped);
    }
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
      JSON.stringify({ ...PREDICTIONS, groups: [1], groupBy: 'source' }),
      'is not what a run logs by that name',
    ],
    ...[[0, 2], [0, -1], [0, 0.5], ['192.0.2.1', '192.0.2.2'], { length: 2 }].map((groups) => [
      'predictions.json',
      JSON.stringify({ ...PREDICTIONS, groups, groupBy: 'source' }),
      'is not what a run logs by that name',
    ]),
    ...[undefined, 3, ['source']].map((groupBy) => [
      'predictions.json',
      JSON.stringify({ ...PREDICTIONS, groups: [0, 1], groupBy }),
      'is not what a run logs by that name',
    ]),
    [
      'predictions.json',
      JSON.stringify({ ...PREDICTIONS, groupBy: 'source' }),
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
  ] as [string, string, string][])('refuses a broken %s: %s', async (path, text, what) => {
    await expect(readOutcome(files({ [path]: text }))).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: `artifact ${path} ${what}`,
      hint: 'the artifact was changed since the run; train it again, or leave the run out with --runs',
    });
  });
});
