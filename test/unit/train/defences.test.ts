import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureMatrix, Labels } from '#src/data/index.js';
import { takeLabels, takeRows } from '#src/data/index.js';
import { predict } from '#src/model/index.js';
import { groupKFold } from '#src/split/index.js';
import {
  capSourceShare,
  decisionTree,
  inverseFrequencyWeights,
  randomForest,
  suspectLabels,
} from '#src/train/index.js';
import { expectThrown } from '../../support/expect-thrown.js';
import { dice } from '../../support/onnx-models.js';

const manySources = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 120 });
const countOf = (sources: readonly unknown[]) => {
  const counts = new Map<unknown, number>();
  for (const source of sources) counts.set(source, (counts.get(source) ?? 0) + 1);
  return counts;
};

describe('capSourceShare', () => {
  it('keeps as many rows as it can with no source above its share', () => {
    fc.assert(
      fc.property(manySources, fc.integer({ min: 1, max: 100 }), (sources, percent) => {
        const maxShare = percent / 100;
        const counts = [...countOf(sources).values()];
        const keptAt = (cap: number) => counts.reduce((sum, count) => sum + Math.min(count, cap), 0);
        const caps = Array.from({ length: Math.max(...counts) }, (_, i) => i + 1);
        const fitting = caps.filter((cap) => cap * 100 <= percent * keptAt(cap));
        if (fitting.length === 0) {
          expectThrown(() => capSourceShare(sources, { maxShare }), 'BAD_DATA');
          return;
        }
        const kept = [...capSourceShare(sources, { maxShare })];
        expect(kept).toHaveLength(keptAt(Math.max(...fitting)));
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        const left = countOf(kept.map((row) => sources[row]));
        for (const count of left.values()) expect(count * 100).toBeLessThanOrEqual(percent * kept.length);
      }),
    );
  });

  it('draws which rows stay by the seed, and leaves small sources whole', () => {
    const sources = Array.from({ length: 100 }, (_, i) => (i < 90 ? 'flood' : `s${i}`));
    const kept = (randomState: number) => [...capSourceShare(sources, { maxShare: 0.2, randomState })];
    // 10 others: 2 of 12 is a sixth, 3 of 13 would be more than a fifth.
    expect(kept(1)).toHaveLength(12);
    expect(kept(1).slice(2)).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
    expect(kept(1)).toEqual(kept(1));
    const seen = new Set(Array.from({ length: 300 }, (_, seed) => kept(seed).slice(0, 2)).flat());
    expect(seen.size).toBeGreaterThan(85);
  });

  it('keeps all where the share allows it, and nothing of nothing', () => {
    expect([...capSourceShare([3, 3, 3], { maxShare: 1 })]).toEqual([0, 1, 2]);
    expect([...capSourceShare([], { maxShare: 0.1 })]).toEqual([]);
    const even = Array.from({ length: 100 }, (_, i) => i % 10);
    expect(capSourceShare(even, { maxShare: 0.1 })).toHaveLength(100);
  });

  it('refuses a share that no choice of rows has, and rows without a source', () => {
    const error = expectThrown(() => capSourceShare(['a', 'b'], { maxShare: 0.1 }), 'BAD_DATA');
    expect(error.message).toBe('no source can be at most 0.1 of the rows where there are 2');
    expect(error.hint).toBe('allow a share of 1/2, or collect rows of 10 sources');
    for (const maxShare of [0, 1.1, Number.NaN])
      expect(expectThrown(() => capSourceShare(['a'], { maxShare }), 'INVALID_PARAMETER').message).toMatch(
        /^maxShare must be above 0 and at most 1, got/,
      );
    const hole = ['a', undefined as unknown as string];
    const missing = expectThrown(() => capSourceShare(hole, { maxShare: 1 }), 'BAD_DATA');
    expect(missing.message).toBe('row 1 has no usable source, got undefined');
  });
});

describe('inverseFrequencyWeights', () => {
  it('makes every source weigh the same, with a mean weight of 1', () => {
    expect([...inverseFrequencyWeights(['a', 'b', 'a', 'a'])]).toEqual([2 / 3, 2, 2 / 3, 2 / 3]);
    fc.assert(
      fc.property(manySources, (sources) => {
        const weights = inverseFrequencyWeights(sources);
        const bySource = new Map<number, number>();
        for (const [i, source] of sources.entries())
          bySource.set(source, (bySource.get(source) ?? 0) + weights[i]!);
        for (const total of bySource.values()) expect(total).toBeCloseTo(sources.length / bySource.size, 9);
      }),
    );
  });

  it('refuses a row without a source', () => {
    const error = expectThrown(() => inverseFrequencyWeights([1, Number.NaN]), 'BAD_DATA');
    expect(error.message).toBe('row 1 has no usable source, got NaN');
  });
});

describe('suspectLabels', () => {
  const labels: Labels = { classes: ['dos', 'normal', 'probe'], codes: Uint16Array.of(0, 1, 2, 1, 0) };
  const scores = [
    ...[0.1, 0.9, 0],
    ...[0.1, 0.8, 0.1],
    ...[0.95, 0.05, 0],
    ...[0.9, 0.1, 0],
    ...[0.11, 0.89, 0],
  ];

  it('lists the contradicted rows, the surest first, then by row, and no row that is not', () => {
    expect(suspectLabels({ labels, scores }, { level: 0.9 })).toEqual([
      { row: 2, label: 'probe', predicted: 'dos', score: 0.95 },
      { row: 0, label: 'dos', predicted: 'normal', score: 0.9 },
      { row: 3, label: 'normal', predicted: 'dos', score: 0.9 },
    ]);
    expect(suspectLabels({ labels, scores }, { level: 1 })).toEqual([]);
    expect(labels.codes).toHaveLength(5);
  });

  it('refuses a level that says little, and scores that do not fit', () => {
    for (const level of [0.5, 1.01, Number.NaN])
      expect(
        expectThrown(() => suspectLabels({ labels, scores }, { level }), 'INVALID_PARAMETER').message,
      ).toMatch(/^level must be above 0\.5 and at most 1, got/);
    const short = expectThrown(() => suspectLabels({ labels, scores: [1] }, { level: 0.9 }), 'BAD_DATA');
    expect(short.message).toBe('scores must have 5 × 3 values, got 1');
    const hole = scores.with(4, Number.NaN);
    const error = expectThrown(() => suspectLabels({ labels, scores: hole }, { level: 0.9 }), 'BAD_DATA');
    expect(error.message).toBe('row 1 has a score that is no number');
  });
});

describe('half of the rows flooded from one source with labels turned round', () => {
  const features = [
    { name: 'a', type: 'numeric' },
    { name: 'b', type: 'numeric' },
  ] as const;
  /** Rows whose class is told by the first feature; of the flood, by its opposite. */
  function rowsOf(nRows: number, seed: number, isFlood: (row: number) => boolean) {
    const roll = dice(seed);
    const values = Float32Array.from({ length: nRows * 2 }, () => roll());
    const codes = Uint16Array.from({ length: nRows }, (_, row) =>
      values[row * 2]! > 0.5 !== isFlood(row) ? 1 : 0,
    );
    const x: FeatureMatrix = { nSamples: nRows, features, values };
    return { x, y: { classes: [0, 1], codes } satisfies Labels };
  }
  const clean = 400;
  const train = rowsOf(820, 3, (row) => row >= clean);
  const test = rowsOf(500, 4, () => false);
  const sources = Array.from({ length: 820 }, (_, row) => (row < clean ? `s${row % 20}` : 'flood'));

  async function accuracyOf(
    { x, y }: { readonly x: FeatureMatrix; readonly y: Labels },
    sampleWeight?: Float64Array,
  ): Promise<number> {
    const params = { nEstimators: 20, maxDepth: 3, randomState: 1 };
    const model = await randomForest.fit(params, x, y, { sampleWeight });
    const codes = predict(model, model.predictScoresBatch(test.x));
    return codes.filter((code, i) => code === test.y.codes[i]).length / codes.length;
  }

  it('ruins a forest, not one on capped or weighted rows', async () => {
    expect(await accuracyOf(train)).toBeLessThan(0.6);
    const rows = capSourceShare(sources, { maxShare: 0.1 });
    expect(rows.length).toBeGreaterThan(clean);
    expect(await accuracyOf({ x: takeRows(train.x, rows), y: takeLabels(train.y, rows) })).toBeGreaterThan(
      0.95,
    );
    expect(await accuracyOf(train, inverseFrequencyWeights(sources))).toBeGreaterThan(0.95);
  });

  it('is listed by scores of folds that keep sources whole, once the cap lets the others speak', async () => {
    const rows = capSourceShare(sources, { maxShare: 0.1 });
    const [x, y] = [takeRows(train.x, rows), takeLabels(train.y, rows)];
    const scores = new Float64Array(rows.length * 2);
    const folds = groupKFold(
      Array.from(rows, (row) => sources[row]!),
      { nSplits: 5, shuffle: true, randomState: 0 },
    );
    for (const fold of folds) {
      const model = await decisionTree.fit(
        { maxDepth: 3 },
        takeRows(x, fold.train),
        takeLabels(y, fold.train),
      );
      const said = model.predictScoresBatch(takeRows(x, fold.test));
      for (const [i, row] of fold.test.entries()) scores.set(said.subarray(i * 2, i * 2 + 2), row * 2);
    }
    const suspects = suspectLabels({ labels: y, scores }, { level: 0.8 });
    const flooded = suspects.filter(({ row }) => rows[row]! >= clean);
    const inAll = rows.filter((row) => row >= clean).length;
    expect(flooded.length / inAll).toBeGreaterThan(0.9);
    expect((suspects.length - flooded.length) / clean).toBeLessThan(0.02);
  });
});
