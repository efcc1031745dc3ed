import { describe, expect, it } from 'vitest';
import type { GrowShape, MemoryPlan, TreeRules } from '#src/kernels/index.js';
import { fits, planMemory } from '#src/kernels/index.js';
import { hasLargeCounts } from '#src/train/forest/fit-trees.js';
import { type FitSize, planFit } from '#src/train/forest/plan-fit.js';
import { growRules } from '#src/train/forest/tree-params.js';
import { randomForest } from '#src/train/index.js';
import { makeData } from '../../../support/forest-cases.js';

// All of this is arithmetic: nothing is allocated.
const GIB = 2 ** 30;
const shape = (nSamples: number, nFeatures: number, more: Partial<GrowShape> = {}): GrowShape => ({
  nSamples,
  nFeatures,
  nClasses: 2,
  weighted: false,
  wide: false,
  maxLeafNodes: 0,
  ...more,
});

function size(of: GrowShape, nThreads: number, params: Record<string, unknown> = {}): FitSize {
  const rules: TreeRules = {
    ...growRules(randomForest.params(params), of.nSamples, of.nFeatures),
    drawFeatures: true,
    randomSplits: false,
    randomState: 0,
    nDraws: of.nSamples,
    balancedSubsample: false,
  };
  return { shape: of, rules, nTrees: 10, nThreads };
}

/** Start and end of all that a plan lays out, in order; the parts of a worker one by one. */
function partsOf({ shape: of, shared, workers }: MemoryPlan): [name: string, start: number, least: number][] {
  const { nSamples, nFeatures, nClasses } = of;
  const sums = 8 * nClasses;
  return [
    ['control', shared.control, 1024],
    ['kinds', shared.kinds, nFeatures],
    ['lows', shared.lows, 1024 * nFeatures],
    ['highs', shared.highs, 1024 * nFeatures],
    ['labels', shared.labels, 2 * nSamples],
    ...(of.weighted
      ? ([
          ['sampleWeights', shared.sampleWeights, 8 * nSamples],
          ['cumulative', shared.cumulative, 8 * nSamples],
        ] as [string, number, number][])
      : []),
    ['columns', shared.columns, nSamples * nFeatures],
    ...(shared.rows > 0
      ? ([['rows', shared.rows, nSamples * shared.rowBytes]] as [string, number, number][])
      : []),
    ...workers.flatMap((own, w): [string, number, number][] => [
      [`config ${w}`, own.config, 256],
      [`samples ${w}`, own.samples, 4 * nSamples],
      [`scratch ${w}`, own.scratch, 4 * nSamples],
      ...(of.wide
        ? ([[`treeWeights ${w}`, own.treeWeights, 8 * nSamples]] as [string, number, number][])
        : []),
      [`histograms ${w}`, own.histograms, 256 * sums],
      [`counts ${w}`, own.counts, 1024],
      [`bitmaps ${w}`, own.bitmaps, 96],
      [`order ${w}`, own.order, 4 * nFeatures],
      [`constants ${w}`, own.constants, 8 * nFeatures],
      [`chosen ${w}`, own.chosen, 4 * nFeatures],
      ...(['totals', 'leftSums', 'rightSums', 'bestSums'] as const).map((name): [string, number, number] => [
        `${name} ${w}`,
        own[name],
        sums,
      ]),
      [`levels ${w}`, own.levels, 256 + 2048],
      [`bestSet ${w}`, own.bestSet, 288],
      [`stack ${w}`, own.stack, 54 * (32 + sums)],
      [`blocks ${w}`, own.blocks, 0],
      [`events ${w}`, own.events, 48 + 2 * sums],
    ]),
  ];
}

describe('the layout of a fit', () => {
  it.each([
    ['1 row', shape(1, 1), 1],
    ['2^24 rows', shape(2 ** 24, 30), 2],
    ['one row more than 2^24', shape(2 ** 24 + 1, 30), 2],
    ['2^27 rows', shape(2 ** 27, 8), 2],
    ['one row more than 2^27', shape(2 ** 27 + 1, 8, { wide: true }), 1],
    ['weights', shape(1_000_001, 17, { weighted: true, wide: true }), 3],
    ['many classes', shape(5000, 3, { nClasses: 256 }), 2],
    ['many features', shape(1000, 100_003), 2],
  ])('has no part that reaches into the next, each at a multiple of 64: %s', (_name, of, nWorkers) => {
    for (const rowMajor of [true, false]) {
      const plan = planMemory(of, nWorkers, rowMajor);
      let end = 0;
      for (const [name, start, least] of partsOf(plan)) {
        expect(start % 64, name).toBe(0);
        expect(start, name).toBeGreaterThanOrEqual(end);
        end = start + least;
      }
      expect(plan.bytes).toBeGreaterThanOrEqual(end);
      expect(plan.bytes).toBeGreaterThanOrEqual(plan.binning.end);
      expect(plan.workers.map((own) => own.end)).toEqual(
        [...plan.workers.slice(1).map((own) => own.config), plan.workers.at(-1)!.end].map(
          (at) => Math.ceil(at / 64) * 64,
        ),
      );
      // Addresses are 32-bit words.
      expect(fits(plan)).toBe(plan.bytes <= 4 * GIB);
    }
  });

  it('holds 40 million rows of 30 features with 2 threads, and 2^27 rows of 8', () => {
    const { plan, forecast } = planFit(size(shape(40_000_000, 30), 2));
    expect(forecast).toMatchObject({ nThreads: 2, memoryBytes: plan.bytes });
    expect(plan.bytes).toBeLessThanOrEqual(4 * GIB);
    expect(planFit(size(shape(2 ** 27, 8), 2)).forecast.nThreads).toBe(2);
    expect(planFit(size(shape(2 ** 24, 100), 2)).forecast.nThreads).toBe(2);
  });

  it('goes without the copy of the rows first, then with fewer threads, and never with more', () => {
    const of = (nSamples: number) => {
      const { plan, forecast } = planFit(size(shape(nSamples, 30), 4));
      expect(plan.bytes).toBeLessThanOrEqual(4 * GIB);
      return { nThreads: forecast.nThreads, withRows: plan.shared.rows > 0 };
    };
    expect(of(10_000_000)).toEqual({ nThreads: 4, withRows: true });
    let before = { nThreads: 4, withRows: true };
    const steps = [before];
    for (let millions = 10; millions <= 105; millions++) {
      const next = of(millions * 1e6);
      expect(next.nThreads).toBeLessThanOrEqual(before.nThreads);
      if (next.nThreads !== before.nThreads || next.withRows !== before.withRows) steps.push(next);
      before = next;
    }
    expect(steps.map(({ nThreads }) => nThreads)).toEqual(expect.arrayContaining([4, 3, 2, 1]));
    expect(steps[1]).toEqual({ nThreads: 4, withRows: false });
    expect(before).toEqual({ nThreads: 1, withRows: false });
  });

  it('says what does not fit, and what to do', () => {
    expect(() => planFit(size(shape(2 ** 27, 30), 2))).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        message:
          '134217728 rows × 30 features take 5.0 GiB with one thread, more than the 4 GiB of a WebAssembly memory',
        hint: 'fit on a sample of the rows, or on fewer features',
        details: { nSamples: 2 ** 27, nFeatures: 30 },
      }),
    );
  });
});

describe('a limit on memory', () => {
  it('is compared with the forecast, the trees at their largest included', () => {
    const of = size(shape(1_000_000, 30), 2, { maxDepth: 10 });
    const { forecast } = planFit(of);
    // 10 trees of 1,024 leaves and 1,023 splits: 13 bytes a node, 8 a class.
    expect(forecast.treesBytes).toBe(10 * (2048 * 13 + 1024 * 16));
    const needed = forecast.memoryBytes + forecast.treesBytes;
    expect(planFit(of, needed).forecast).toEqual(forecast);
    expect(() => planFit(of, needed - 1)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        message: expect.stringMatching(
          /^the fit can take \d+ MiB \(\d+ MiB to grow in, trees of at most 1 MiB\), more than the limit of [\d.]+ MiB$/,
        ),
        hint: expect.stringContaining('raise maxMemoryBytes'),
      }),
    );
  });

  it('counts out-of-bag scores', () => {
    const of = { ...size(shape(1_000_000, 30), 2, { maxDepth: 10 }), outOfBag: true };
    const { forecast } = planFit(of);
    // A float64 a class of two, and 16 bytes of draws, a row.
    expect(forecast.outOfBagBytes).toBe(32_000_000);
    const needed = forecast.memoryBytes + forecast.treesBytes + 32_000_000;
    expect(planFit(of, needed).forecast).toEqual(forecast);
    expect(() => planFit(of, needed - 1)).toThrow(/trees of at most 1 MiB, out-of-bag scores of 31 MiB\),/);
  });

  it('is kept by a fit, before it starts', async () => {
    const { x, y } = makeData({
      seed: 1,
      nSamples: 500,
      nClasses: 2,
      columns: ['continuous'],
      weights: 'none',
    });
    const fit = (maxMemoryBytes: number) => randomForest.fit({ nEstimators: 2 }, x, y, { maxMemoryBytes });
    await expect(fit(1000)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('more than the limit of 1000 bytes'),
      details: { nSamples: 500, nFeatures: 1 },
    });
    expect((await fit(2 ** 26)).kind).toBe('random-forest');
  });

  it.each([
    ['the depth', { maxDepth: 4 }, 16],
    ['the leaves', { maxLeafNodes: 9 }, 9],
    ['the samples of a leaf', { minSamplesLeaf: 50 }, 20],
    ['the samples', {}, 1000],
  ])('counts the leaves of a tree by %s', (_name, params, leaves) => {
    const { forecast } = planFit(size(shape(1000, 3), 1, params));
    expect(forecast.treesBytes).toBe(10 * (2 * leaves * 13 + leaves * 16));
  });
});

describe('whether draws may outgrow a packed word', () => {
  // A word holds row, class and draws; a bootstrap of as many draws as rows has 29 at most, which take 5 bits.
  it.each([
    [2 ** 26, 2, false],
    [2 ** 26 + 1, 2, true],
    [2 ** 27, 1, false],
    [2 ** 27 + 1, 1, true],
    [2 ** 24, 8, false],
    [2 ** 24, 9, true],
    [2 ** 24 + 1, 8, true],
    [2 ** 19, 256, false],
    [2 ** 19 + 1, 256, true],
    [2 ** 31, 2, true],
  ])('%d rows of %d classes: %s', (nSamples, nClasses, expected) => {
    expect(hasLargeCounts(nSamples, nSamples, nClasses)).toBe(expected);
  });

  it('counts in a byte, whatever bits are left', () => {
    expect(hasLargeCounts(100 * 1000, 1000, 2)).toBe(false);
    expect(hasLargeCounts(120 * 1000, 1000, 2)).toBe(true);
  });

  it('needs fewer bits where all samples are taken', () => {
    expect(hasLargeCounts(0, 2 ** 26, 2)).toBe(false);
    expect(hasLargeCounts(0, 2 ** 30, 4)).toBe(true);
  });
});
