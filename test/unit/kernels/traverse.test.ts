import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import {
  buildStepTable,
  columnMajor,
  createJsScorer,
  createScorer,
  type Forest,
  type ForestShape,
  forestNode,
  joinTrees,
  rowMajor,
  type Scorer,
  scoreStep,
} from '#src/kernels/index.js';
import { createScoreMemory } from '#src/kernels/score-memory.js';
import { createWasmScorer } from '#src/kernels/wasm-scorer.js';
import { flatten, numericShape, oracle, type PlainNode, randomTree, rowsOf, shape } from './random-trees.js';

const numeric = (nFeatures: number, nClasses = 2): ForestShape => ({
  nClasses,
  levels: new Int32Array(nFeatures),
});

/** A forest of random trees, plain and joined. */
function randomForest(seed: number, nTrees: number, splits: number, of: ForestShape) {
  const generator = new Xoshiro128(seed);
  const plain = Array.from({ length: nTrees }, () =>
    randomTree(generator, generator.nextBelow(splits + 1), of),
  );
  const forest = joinTrees(
    plain.map((tree) => flatten(tree, of)),
    of,
  );
  return { plain, forest };
}

/** The same forest in the layout of three words a node. */
function widened(forest: Forest): Forest {
  const nodes = forest.nanLeft.length;
  const words = new Int32Array(nodes * 3);
  for (let i = 0; i < nodes; i++) {
    const { value, feature, left } = forestNode(forest, i);
    words.set([value, feature, left], i * 3);
  }
  return { ...forest, nodeWords: 3, nodes: words, thresholds: new Float32Array(words.buffer) };
}

/** Rows turned into columns. */
function transposed(values: Float32Array, nFeatures: number): Float32Array {
  const nRows = values.length / nFeatures;
  return Float32Array.from(values, (_, i) => values[(i % nRows) * nFeatures + Math.floor(i / nRows)]!);
}

function expectScores(scorer: Scorer, trees: readonly PlainNode[], of: ForestShape, values: Float32Array) {
  const nFeatures = of.levels.length;
  const rows = rowMajor(values, nFeatures);
  const batch = new Float64Array(rows.nRows * of.nClasses).fill(7);
  const byColumn = batch.slice();
  scorer.scoreRows(rows, batch);
  scorer.scoreRows(columnMajor(transposed(values, nFeatures), nFeatures), byColumn);
  expect(byColumn).toEqual(batch);
  const out = new Float64Array(of.nClasses).fill(7);
  for (let i = 0; i < rows.nRows; i++) {
    const row = values.subarray(i * nFeatures, (i + 1) * nFeatures);
    scorer.scoreRow(row, out);
    expect([...out]).toEqual(oracle(trees, of, row));
    expect([...batch.subarray(i * of.nClasses, (i + 1) * of.nClasses)]).toEqual([...out]);
  }
}

const scorers: Record<string, (forest: Forest) => Scorer> = {
  JavaScript: createJsScorer,
  // Only JavaScript reads the wide layout.
  WebAssembly: (forest) => createWasmScorer(forest) ?? createJsScorer(forest),
};

describe.each(Object.entries(scorers))('scoring with %s', (_name, create) => {
  it.each([
    ['numbers', numericShape],
    ['numbers and categories', shape],
  ])('gives rows and batches the scores of the plain walk, to the bit: %s', (_kind, shapes) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 40 }),
        shapes.chain((of) => fc.tuple(fc.constant(of), rowsOf(of.levels.length, 11))),
        (seed, nTrees, [of, values]) => {
          const { plain, forest } = randomForest(seed, nTrees, 20, of);
          expectScores(create(forest), plain, of, values);
          expectScores(create(widened(forest)), plain, of, values);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([0, 40])('follows long paths to their ends (%d categories)', (levels) => {
    const of = { nClasses: 2, levels: Int32Array.of(0, levels) };
    const generator = new Xoshiro128(2);
    const long = (depth: number): PlainNode => {
      const tree = randomTree(generator, 1, of);
      let node = tree;
      for (let i = 0; i < depth; i++) {
        Object.assign(node, { split: randomTree(generator, 1, of).split });
        node = i % 3 === 0 ? node.split!.left : node.split!.right;
      }
      return tree;
    };
    const plain = [1, 70, 3, 14, 15, 16, 17, 40, 0, 5, 31, 13].map(long);
    const forest = joinTrees(
      plain.map((tree) => flatten(tree, of)),
      of,
    );
    const values = Float32Array.from(
      { length: 2 * 100 },
      (_, i) => (i % 37 === 0 ? NaN : (i * 7) % 9) - (i % 4),
    );
    expectScores(create(forest), plain, of, values);
    expectScores(
      create(forest),
      plain,
      of,
      values.map((v) => (Number.isNaN(v) ? 4 : v)),
    );
  });

  it('scores more rows than fit into one block', () => {
    const of = numeric(3);
    const { plain, forest } = randomForest(5, 9, 60, of);
    const generator = new Xoshiro128(9);
    const values = Float32Array.from({ length: 3 * 333 }, () => generator.nextBelow(11) - 5);
    expectScores(create(forest), plain, of, values);
    for (let i = 0; i < values.length; i += 50) values[i] = Number.NaN;
    expectScores(create(forest), plain, of, values);
  });
});

describe('a forest of one feature', () => {
  it.each([0, 7])('has a step table that says what the trees say (%d categories)', (levels) => {
    const of = { nClasses: 2, levels: Int32Array.of(levels) };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), rowsOf(1, 20), (seed, values) => {
        const { plain, forest } = randomForest(seed, 5, 9, of);
        const table = buildStepTable(forest, createJsScorer(forest))!;
        const out = new Float64Array(2);
        for (const v of values) {
          scoreStep(table, v, out, 0);
          expect([...out]).toEqual(oracle(plain, of, [v]));
        }
      }),
    );
  });

  it('has none that would take too long to work out', () => {
    const tree = flatten(randomTree(new Xoshiro128(1), 8, numeric(1)), numeric(1));
    const table = (nTrees: number) => {
      const forest = joinTrees(new Array(nTrees).fill(tree), numeric(1));
      return buildStepTable(forest, createJsScorer(forest));
    };
    expect(table(10_000)).not.toBeNull();
    expect(table(200_000)).toBeNull();
  });
});

describe('WebAssembly memory', () => {
  it('holds the forest unchanged after rows of every kind were scored', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        shape.chain((of) => fc.tuple(fc.constant(of), rowsOf(of.levels.length, 70))),
        (seed, [of, values]) => {
          const { forest } = randomForest(seed, 11, 15, of);
          const held = createScoreMemory(forest)!;
          const scratch = held.at.trees; // what scoring writes lies behind here, and the row before everything
          const first = 65_536 + 4 * (of.levels.length + 1);
          const before = new Uint8Array(held.memory.buffer).slice(first, scratch);
          const { scoreRow, scoreRows } = createWasmScorer(forest, held)!;
          const rows = rowMajor(values, of.levels.length);
          scoreRows(rows, new Float64Array(rows.nRows * of.nClasses));
          scoreRow(values.subarray(0, of.levels.length), new Float64Array(of.nClasses));
          expect(Buffer.compare(new Uint8Array(held.memory.buffer).slice(first, scratch), before)).toBe(0);
          expect(held.memory.buffer.byteLength).toBeGreaterThanOrEqual(held.sizeBytes);
          expect(new Uint8Array(held.memory.buffer).slice(held.sizeBytes).every((b) => b === 0)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is refused to a forest of more than 4 GiB', () => {
    const { forest } = randomForest(1, 3, 9, numeric(2));
    const huge = { ...forest, leaves: { byteLength: 2 ** 33 } as Float64Array };
    expect(createScoreMemory(huge)).toBeNull();
  });
});

describe('which scorer serves', () => {
  const { forest } = randomForest(1, 3, 9, numeric(2));
  afterEach(() => {
    delete process.env['PHANTOMNET_KERNELS'];
  });

  it('WebAssembly, unless nodes are wide', () => {
    expect(createWasmScorer(forest)).not.toBeNull();
    expect(createWasmScorer(widened(forest))).toBeNull();
  });

  it.each(['', 'js'])('either gives the same (PHANTOMNET_KERNELS=%s)', (kernels) => {
    process.env['PHANTOMNET_KERNELS'] = kernels;
    const out = new Float64Array(2);
    const expected = new Float64Array(2);
    createScorer(forest).scoreRow(Float32Array.of(1, 2), out);
    createJsScorer(forest).scoreRow(Float32Array.of(1, 2), expected);
    expect(out).toEqual(expected);
  });
});
