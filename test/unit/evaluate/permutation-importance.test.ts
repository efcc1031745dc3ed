import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import type { FeatureMatrix } from '#src/data/index.js';
import { permutationImportance } from '#src/evaluate/index.js';
import { isTreesModel } from '#src/model/index.js';
import { randomForest } from '#src/train/index.js';

/** Column 0 is the label, column 1 agrees with it in 8 of 10 rows, column 2 is noise. */
function made(n: number) {
  const random = new Xoshiro128(5);
  const codes = Uint16Array.from({ length: n }, () => (random.nextDouble() < 0.3 ? 1 : 0));
  const values = new Float32Array(n * 3);
  codes.forEach((y, i) => {
    values[3 * i] = y;
    values[3 * i + 1] = random.nextDouble() < 0.8 ? y : 1 - y;
    values[3 * i + 2] = random.nextDouble();
  });
  const features = ['truth', 'hint', 'noise'].map((name) => ({ name, type: 'numeric' as const }));
  return { matrix: { nSamples: n, features, values }, labels: { classes: [0, 1], codes } };
}

/** Scores of class 1 as column `f` says. */
const byColumn =
  (f: number) =>
  ({ values, nSamples }: FeatureMatrix): Float64Array =>
    Float64Array.from({ length: 2 * nSamples }, (_, k) => {
      const value = values[3 * (k >> 1) + f]! * 0.8 + 0.1;
      return k % 2 === 1 ? value : 1 - value;
    });

describe('permutationImportance', () => {
  it('is what chance loses for the feature a model reads, and exactly 0 for the others', () => {
    const { matrix, labels } = made(4000);
    const p = labels.codes.reduce((a, b) => a + b, 0) / 4000;
    const report = permutationImportance(
      { matrix, labels, score: byColumn(0) },
      { metric: 'accuracy', repeats: 4 },
    );
    expect(report).toMatchObject({ metric: 'accuracy', baseline: 1 });
    expect(report.features.map((f) => f.feature)).toEqual(['truth', 'hint', 'noise']);
    // A shuffled label is right with probability p² + (1 - p)².
    expect(report.features[0]!.mean).toBeCloseTo(2 * p * (1 - p), 1);
    expect(report.features[0]!.drops).toHaveLength(4);
    expect(report.features[0]!.std).toBeGreaterThan(0);
    for (const other of report.features.slice(1)) expect(other).toMatchObject({ mean: 0, std: 0 });
  });

  it('ranks the features of a forest, and turns the sign of a loss', async () => {
    const { matrix, labels } = made(400);
    const model = await randomForest.fit({ nEstimators: 10, randomState: 1 }, matrix, labels);
    if (!isTreesModel(model)) throw new Error('expected trees');
    const score = (m: FeatureMatrix) => model.predictScoresBatch(m);
    for (const metric of ['f1Macro', 'rocAuc', 'logLoss', 'brier']) {
      const { features } = permutationImportance({ matrix, labels, score }, { metric });
      expect(features[0], metric).toMatchObject({ feature: 'truth' });
      expect(features[0]!.mean, metric).toBeGreaterThan(0.02);
    }
    // What the trees measured themselves agrees on the first.
    expect(model.importances.indexOf(Math.max(...model.importances))).toBe(0);
  });

  it('shuffles within the column, leaves the matrix alone, and puts each column back', () => {
    const { matrix, labels } = made(50);
    const before = matrix.values.slice();
    const column = (values: Float32Array, f: number) =>
      Array.from({ length: 50 }, (_, i) => values[3 * i + f]!);
    const seen: number[][] = [];
    permutationImportance(
      {
        matrix,
        labels,
        score: (given) => {
          const changed = [0, 1, 2].filter((f) => `${column(given.values, f)}` !== `${column(before, f)}`);
          for (const f of changed) expect(column(given.values, f).sort()).toEqual(column(before, f).sort());
          seen.push(changed);
          return byColumn(0)(given);
        },
      },
      { repeats: 2 },
    );
    expect(seen).toEqual([[], [0], [0], [1], [1], [2], [2]]);
    expect(matrix.values).toEqual(before);
  });

  it('is the same for the same seed, and another for another', () => {
    const { matrix, labels } = made(200);
    const run = (randomState: number) =>
      permutationImportance({ matrix, labels, score: byColumn(1) }, { metric: 'accuracy', randomState });
    expect(run(3)).toEqual(run(3));
    expect(run(4)).not.toEqual(run(3));
  });

  it('refuses what cannot be', () => {
    const { matrix, labels } = made(20);
    const run = (options: object) => () =>
      permutationImportance({ matrix, labels, score: byColumn(0) }, options);
    expect(run({ metric: 'f2' })).toThrow("the rows have no metric 'f2'");
    expect(run({ repeats: 0 })).toThrow('repeats must be a whole number from 1 to 1000, got 0');
    expect(run({ randomState: -1 })).toThrow(
      'randomState must be a whole number from 0 to 4294967295, got -1',
    );
  });
});
