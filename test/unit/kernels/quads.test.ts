import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import {
  columnMajor,
  createJsScorer,
  type Forest,
  type ForestShape,
  joinTrees,
  rowMajor,
  type Tree,
} from '#src/kernels/index.js';
import { addQuads } from '#src/kernels/quad-memory.js';
import { buildQuads } from '#src/kernels/quads.js';
import { isCode } from '#src/kernels/rows.js';
import { createScoreMemory, ROW, rowOf } from '#src/kernels/score-memory.js';
import { planTests } from '#src/kernels/test-plan.js';
import { createWasmScorer } from '#src/kernels/wasm-scorer.js';
import { flatten, numericShape, oracle, randomTree, rowsOf, shape } from './random-trees.js';

const numeric = (nFeatures: number, nClasses = 2): ForestShape => ({
  nClasses,
  levels: new Int32Array(nFeatures),
});

/** What scores one row in quads, or null where the forest does without; it returns null where a value is missing. */
function quadScorer(forest: Forest): ((row: Float32Array) => number[] | null) | null {
  const held = createScoreMemory(forest)!;
  if (!addQuads(held, forest)) return null;
  const input = rowOf(held, forest.levels.length);
  const out = new Float64Array(held.memory.buffer, held.at.out, forest.nClasses);
  return (row) => {
    input.set(row);
    return held.exports.scoreQuads(ROW, 0, 4, 1, held.at.out) === 1 ? [...out] : null;
  };
}

/** A tree that halves ascending thresholds of feature f; node i of a level splits at the middle of its stretch. */
function balanced(thresholds: readonly number[], feature: number, { levels, nClasses }: ForestShape): Tree {
  const n = thresholds.length;
  const stretches: [from: number, to: number][] = [[0, n]];
  const left: number[] = [];
  for (let i = 0; i < stretches.length; i++) {
    const [from, to] = stretches[i]!;
    left.push(from < to ? stretches.length : i);
    const middle = (from + to) >> 1;
    if (from < to) stretches.push([from, middle], [middle + 1, to]);
  }
  const value = new Int32Array(left.length);
  const asFloats = new Float32Array(value.buffer);
  const leaves: number[] = [];
  stretches.forEach(([from, to], i) => {
    if (from < to) asFloats[i] = thresholds[(from + to) >> 1]!;
    else {
      value[i] = leaves.length / nClasses;
      for (let c = 0; c < nClasses; c++) leaves.push(c === 0 ? 1 / (from + 2) : 1 / (from + 3 + c));
    }
  });
  return {
    feature: Int32Array.from(stretches, ([from, to]) => (from < to ? feature : levels.length)),
    value,
    left: Int32Array.from(left),
    nanLeft: new Uint8Array(left.length),
    categorySets: new Int32Array(),
    leaves: Float64Array.from(leaves),
    importances: new Float64Array(levels.length),
  };
}

const upTo = (n: number, from = 0) => Array.from({ length: n }, (_, i) => from + i);

describe('quads', () => {
  it.each([
    ['numbers', numericShape],
    ['numbers and categories', shape],
  ])(
    'score as the plain walk does, to the bit, and leave rows with missing values to it: %s',
    (_kind, shapes) => {
      let served = 0;
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 1e6 }),
          fc.integer({ min: 1, max: 90 }),
          fc.integer({ min: 0, max: 40 }),
          shapes.chain((of) => fc.tuple(fc.constant(of), rowsOf(of.levels.length, 11))),
          (seed, nTrees, splits, [of, values]) => {
            const generator = new Xoshiro128(seed);
            const plain = Array.from({ length: nTrees }, () =>
              randomTree(generator, generator.nextBelow(splits + 1), of),
            );
            const forest = joinTrees(
              plain.map((tree) => flatten(tree, of)),
              of,
            );
            const score = quadScorer(forest);
            if (score === null) return;
            served++;
            const nFeatures = of.levels.length;
            for (let at = 0; at < values.length; at += nFeatures) {
              const row = values.subarray(at, at + nFeatures);
              const scores = score(row);
              if (scores !== null) expect(scores).toEqual(oracle(plain, of, row));
              else {
                const isMissing = (value: number, f: number) =>
                  Number.isNaN(value) || (of.levels[f]! > 0 && !isCode(value, of.levels[f]!));
                expect([...row].some(isMissing)).toBe(true);
              }
            }
          },
        ),
        { numRuns: 300 },
      );
      expect(served).toBeGreaterThan(50);
    },
  );

  it.each([1, 8, 9, 64, 65, 512, 513, 4096, 4097])('know %d thresholds of a feature apart', (n) => {
    const of = numeric(3);
    const thresholds = upTo(n).map((i) => Math.fround((i - n / 2) / 3));
    const trees = [...upTo(25).map(() => balanced(thresholds, 1, of)), balanced([0.5], 2, of)];
    const forest = joinTrees(trees, of);
    const score = quadScorer(forest)!;
    const js = createJsScorer(forest);
    const expected = new Float64Array(2);
    const near = thresholds.flatMap((t) => [t, Math.fround(t + 0.01)]);
    for (const value of [Number.NEGATIVE_INFINITY, -1e9, ...near, 1e9, Number.POSITIVE_INFINITY])
      for (const other of [0, 1]) {
        const row = Float32Array.of(Number.NaN, value, other);
        js.scoreRow(row, expected);
        expect(score(row)).toEqual([...expected]);
      }
    expect(score(Float32Array.of(0, Number.NaN, 0))).toBeNull();
  });

  it('number more leaves than a u16 holds', () => {
    const of = numeric(2);
    // 40 trees of 2,048 leaves, which share their thresholds.
    const trees = upTo(40).map((t) => balanced(upTo(2047), t % 2, of));
    const forest = joinTrees(trees, of);
    expect(forest.leaves.length / 2).toBeGreaterThan(65_536);
    const score = quadScorer(forest)!;
    const js = createJsScorer(forest);
    const expected = new Float64Array(2);
    for (let i = -1; i < 2048; i += 0.5) {
      const row = Float32Array.of(i, 2046 - i);
      js.scoreRow(row, expected);
      expect(score(row)).toEqual([...expected]);
    }
  });

  it('number up to 65,536 tests', () => {
    const of = numeric(1024);
    const trees = (perFeature: number) => upTo(1024).map((f) => balanced(upTo(perFeature), f, of));
    // 16 numbers are not for tests; 1,023 features have 64 each, and one 16 for its 8.
    const fits = joinTrees([...trees(64).slice(1), balanced(upTo(8), 0, of)], of);
    expect(planTests(fits, 16)?.end).toBe(16 + 16 + 1023 * 64);
    expect(planTests(joinTrees([...trees(64)], of), 16)).toBeNull();
    expect(planTests(joinTrees([...trees(64)], of), 0)?.end).toBe(65_536);
  });

  it('lead no further than 65,535 quads', () => {
    const of = numeric(1);
    const forest = (n: number) =>
      joinTrees(
        [
          balanced(
            upTo(n).map((i) => i >> 1),
            0,
            of,
          ),
        ],
        of,
      );
    const built = (n: number) => buildQuads(forest(n), planTests(forest(n), 2)!, (leaf) => leaf);
    expect(built(40_000)).not.toBeNull();
    expect(built(80_000)).toBeNull();
  });

  it('are made of up to 262,144 nodes', () => {
    const of = numeric(1);
    const tree = balanced(upTo(2047), 0, of);
    const forest = (nTrees: number) => joinTrees(new Array(nTrees).fill(tree), of);
    expect(forest(64).nanLeft.length).toBe(262_144 - 64);
    expect(quadScorer(forest(64))).not.toBeNull();
    expect(quadScorer(forest(65))).toBeNull();
  });

  it('are not made where they would cost more than they save', () => {
    const few = numeric(40);
    const tree = (of: ForestShape) => balanced(upTo(3), 1, of);
    expect(quadScorer(joinTrees([tree(few)], few))).toBeNull();
    expect(
      quadScorer(
        joinTrees(
          upTo(40).map(() => tree(few)),
          few,
        ),
      ),
    ).not.toBeNull();
  });

  it('answer for every code of a category', () => {
    const of = { nClasses: 2, levels: Int32Array.of(255, 3) };
    const generator = new Xoshiro128(3);
    const plain = upTo(60).map(() => randomTree(generator, 30, of));
    const score = quadScorer(
      joinTrees(
        plain.map((tree) => flatten(tree, of)),
        of,
      ),
    )!;
    for (let code = 0; code < 255; code++)
      for (const other of [0, 1, 2])
        expect(score(Float32Array.of(code, other))).toEqual(oracle(plain, of, [code, other]));
    for (const bad of [-1, 255, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(score(Float32Array.of(bad, 0))).toBeNull();
      expect(score(Float32Array.of(0, bad))).toBeNull();
    }
  });

  it('are not made where the answers by code would be too large', () => {
    const of = { nClasses: 2, levels: Int32Array.of(255) };
    const generator = new Xoshiro128(4);
    const forest = (nTrees: number) =>
      joinTrees(
        upTo(nTrees).map(() => flatten(randomTree(generator, 150, of), of)),
        of,
      );
    expect(planTests(forest(1), 1)?.categories[0]?.answers.length).toBe(255 * 192);
    // 450 trees have 67,500 splits, whose sets are all different: 17 MB.
    expect(planTests(forest(450), 1)).toBeNull();
  });

  it('take over unseen, once enough rows were scored', () => {
    const of = numeric(5, 3);
    const generator = new Xoshiro128(11);
    const plain = upTo(70).map(() => randomTree(generator, 25, of));
    const forest = joinTrees(
      plain.map((tree) => flatten(tree, of)),
      of,
    );
    const held = createScoreMemory(forest)!;
    const bytes = (from: number, to: number) => new Uint8Array(held.memory.buffer).slice(from, to);
    const answered = () => bytes(0, ROW).some((byte) => byte !== 0);
    const before = bytes(ROW + 4 * 6, held.at.trees);
    const scorer = createWasmScorer(forest, held)!;
    const out = new Float64Array(3);
    const score = (n: number) => {
      for (let i = 0; i < n; i++) {
        const row = Float32Array.from({ length: 5 }, () => generator.nextBelow(11) - 5);
        if (i % 9 === 4) row[i % 5] = Number.NaN;
        scorer.scoreRow(row, out);
        expect([...out]).toEqual(oracle(plain, of, row));
      }
    };
    const enough = Math.ceil(forest.nanLeft.length / 64);
    score(enough - 1);
    expect(answered()).toBe(false);
    score(100);
    expect(answered()).toBe(true);
    expect(Buffer.compare(bytes(ROW + 4 * 6, held.at.trees), before)).toBe(0);
    expect(bytes(planTests(forest, 1)!.end, ROW).some((byte) => byte !== 0)).toBe(false);
  });

  it.each([
    ['none', () => false],
    ['the first of a block', (i: number) => i % 64 === 0],
    ['the last of a block', (i: number) => i % 64 === 63],
    ['some', (i: number) => i % 17 === 3],
    ['all', () => true],
  ])('score batches by row and by column where %s has missing values', (_which, isMissing) => {
    const of = numeric(7, 2);
    const generator = new Xoshiro128(5);
    const plain = upTo(60).map(() => randomTree(generator, 30, of));
    const forest = joinTrees(
      plain.map((tree) => flatten(tree, of)),
      of,
    );
    const nRows = 200;
    const values = Float32Array.from({ length: 7 * nRows }, (_, i) =>
      isMissing(Math.floor(i / 7)) && i % 7 === 2 ? Number.NaN : generator.nextBelow(11) - 5,
    );
    const columns = Float32Array.from(values, (_, i) => values[(i % nRows) * 7 + Math.floor(i / nRows)]!);
    const scorer = createWasmScorer(forest)!;
    const expected = upTo(nRows).flatMap((i) => oracle(plain, of, values.subarray(7 * i, 7 * i + 7)));
    const out = new Float64Array(2 * nRows);
    for (const rows of [rowMajor(values, 7), columnMajor(columns, 7)]) {
      out.fill(7);
      scorer.scoreRows(rows, out);
      expect([...out]).toEqual(expected);
    }
  });
});
