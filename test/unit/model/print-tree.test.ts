import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import type { FeatureSpec } from '#src/data/index.js';
import { forestNode, joinTrees } from '#src/kernels/index.js';
import {
  createTreesModel,
  describeTree,
  drawTree,
  isTreesModel,
  printTree,
  type TreesModel,
} from '#src/model/index.js';
import { type OutlineNode, outlineTree } from '#src/model/tree-outline.js';
import { cells, fit, shareText, single, word } from '#src/model/tree-words.js';
import { decisionTree } from '#src/train/index.js';
import { expectThrown } from '../../support/expect-thrown.js';
import { flatten, type PlainNode, randomTree, rowsOf, shape } from '../kernels/random-trees.js';
import { models } from './model-files.js';

const byHand = models['forest by hand'] as TreesModel;

/** A model of one tree on a number and a category. */
function treeOf(root: PlainNode, features: FeatureSpec[], classes: (number | string)[]): TreesModel {
  const levels = Int32Array.from(features, ({ categories = [] }) =>
    categories.length <= 255 ? categories.length : 0,
  );
  const form = { nClasses: classes.length, levels };
  return createTreesModel({
    kind: 'decision-tree',
    features,
    classes,
    forest: joinTrees([flatten(root, form)], form),
    importances: new Float64Array(features.length),
    oobScore: null,
  });
}
const leaf = (...shares: number[]): PlainNode => ({ leaf: shares });
const split = (
  feature: number,
  by: number | Set<number>,
  nanLeft: boolean,
  children = [leaf(1, 0), leaf(0, 1)],
) => ({
  leaf: [],
  split: { feature, by, nanLeft, left: children[0]!, right: children[1]! },
});
const named = (categories: string[]): FeatureSpec[] => [{ name: 'from', type: 'categorical', categories }];
/** A tree of that many nodes, split where `isSplit` says so, breadth first. */
function shaped(nNodes: number, isSplit: (node: number) => boolean): TreesModel {
  const nodes = new Int32Array(nNodes * 3);
  let [leaf, child] = [0, 1];
  for (let node = 0; node < nNodes; node++) {
    const isLeaf = !isSplit(node);
    nodes.set([isLeaf ? leaf++ : 0, isLeaf ? 1 : 0, isLeaf ? node : child], node * 3);
    if (!isLeaf) child += 2;
  }
  const sample = treeOf(split(0, 1, false), [{ name: 'x', type: 'numeric' }], [0, 1]);
  const leaves = new Float64Array(nNodes + 1).map((_, i) => (i + 1) % 2);
  const forest = {
    ...sample.forest,
    trees: Int32Array.of(0, nNodes),
    nodes,
    nodeWords: 3 as const,
    nodeBits: 0,
    leaves,
  };
  return {
    ...sample,
    forest: { ...forest, thresholds: new Float32Array(nodes.buffer), nanLeft: new Uint8Array(nNodes) },
  };
}
const lines = (model: TreesModel) => printTree(model).split('\n').slice(1);

describe('a tree that was grown, whose nodes are in the order of its paths', () => {
  const generator = new Xoshiro128(8);
  const nSamples = 400;
  const values = Float32Array.from({ length: 2 * nSamples }, () => generator.nextBelow(200));
  const codes = Uint16Array.from({ length: nSamples }, () => generator.nextBelow(2));
  const features = ['a', 'b'].map((name) => ({ name, type: 'numeric' as const }));
  const grown = decisionTree.fit({}, { nSamples, features, values }, { classes: [0, 1], codes });
  /** Depth of each node, found from the root. */
  const depthsOf = ({ forest }: TreesModel) => {
    const depths: number[] = [];
    const visit = (node: number, depth: number) => {
      depths.push(depth);
      const { feature, left } = forestNode(forest, node);
      if (feature === 2) return;
      visit(left, depth + 1);
      visit(left + 1, depth + 1);
    };
    visit(0, 0);
    return depths;
  };

  it('is told with its true depth', async () => {
    const model = (await grown) as TreesModel;
    const depths = depthsOf(model);
    const deepest = Math.max(...depths);
    expect(deepest).toBeGreaterThan(8);
    expect(describeTree(model, 0)).toMatchObject({ nNodes: depths.length, depth: deepest });
  });

  it.each([1, 4, 7])('is cut at depth %d, with all that is below it counted', async (maxDepth) => {
    const model = (await grown) as TreesModel;
    const nBelow = depthsOf(model).filter((depth) => depth > maxDepth).length;
    expect(outlineTree(model, { tree: 0, maxDepth }).nCut).toBe(nBelow);
    const text = printTree(model, { maxDepth });
    expect(text).toContain(`${nBelow} below depth ${maxDepth} not shown`);
    const told = [...text.matchAll(/… (\d+) nodes below/g)].map(([, n]) => Number(n));
    expect(told.reduce((a, b) => a + b)).toBe(nBelow);
  });
});

describe('printTree', () => {
  it('says each branch, where missing values go, and what a leaf answers', () => {
    const [number, , category] = byHand.features;
    expect([number!.name, category!.categories]).toEqual(['size', ['ssh', 'ftp', 'smtp']]);
    expect(printTree(byHand)).toBe(
      [
        'random-forest, tree 0 of 2: 5 nodes, 3 leaves, depth 2',
        '|--- size <= 1 or missing',
        '|   |--- protocol not in {"ftp"}',
        '|   |   |--- class: 0 (0: 1)',
        '|   |--- protocol in {"ftp"} or missing',
        '|   |   |--- class: 0 (0: 0.5, 1: 0.5)',
        '|--- size > 1',
        '|   |--- class: 1 (1: 0.75, 0: 0.25)',
      ].join('\n'),
    );
    expect(printTree(byHand, { tree: 1 })).toBe(
      'random-forest, tree 1 of 2: 1 node, 1 leaf, depth 0\n|--- class: 0 (0: 0.75, 1: 0.25)',
    );
  });

  it('counts what is below the depth it is asked for', () => {
    expect(printTree(byHand, { maxDepth: 1 })).toBe(
      [
        'random-forest, tree 0 of 2: 5 nodes, 3 leaves, depth 2; 2 below depth 1 not shown',
        '|--- size <= 1 or missing',
        '|   |--- … 2 nodes below, leaves: 2 of class 0',
        '|--- size > 1',
        '|   |--- class: 1 (1: 0.75, 0: 0.25)',
      ].join('\n'),
    );
  });

  it('asks for missing values where a split tells nothing else apart', () => {
    const numeric: FeatureSpec[] = [{ name: 'port', type: 'numeric' }];
    const largest = new Float32Array(Int32Array.of(0x7f7fffff).buffer)[0]!;
    const asked = ['|--- port is not missing', '|--- port is missing'];
    const branches = (model: TreesModel) => lines(model).filter((line) => !line.includes('class'));
    expect(branches(treeOf(split(0, largest, false), numeric, [0, 1]))).toEqual(asked);
    expect(branches(treeOf(split(0, new Set([0, 1]), false), named(['a', 'b']), [0, 1]))).toEqual(
      asked.map((line) => line.replace('port', 'from')),
    );
    expect(branches(treeOf(split(0, new Set([0, 1]), true), named(['a', 'b']), [0, 1]))).toEqual([
      '|--- from in {"a", "b"} or missing',
      '|--- from not in {"a", "b"}',
    ]);
  });

  it('names the categories of a threshold on codes, ten at most', () => {
    const many = named(Array.from({ length: 300 }, (_, i) => `c${i}`));
    const ten = Array.from({ length: 10 }, (_, i) => `"c${i}"`).join(', ');
    expect(lines(treeOf(split(0, 11.5, false), many, [0, 1]))[0]).toBe(`|--- from in {${ten}, … 2 more}`);
  });

  it('quotes names that are no plain word, and lets none break a line', () => {
    const features: FeatureSpec[] = [
      { name: 'n <= 3\n|--- class: 0', type: 'categorical', categories: ['\u202eevil\u0000', 'b', 'c'] },
    ];
    const model = treeOf(split(0, new Set([0]), false), features, ['1', 'x: 1\r\n']);
    expect(lines(model)).toEqual([
      '|--- "n <= 3\\n|--- class: 0" in {"\\u202eevil\\u0000"}',
      '|   |--- class: "1" ("1": 1)',
      '|--- "n <= 3\\n|--- class: 0" not in {"\\u202eevil\\u0000"} or missing',
      '|   |--- class: "x: 1\\r\\n" ("x: 1\\r\\n": 1)',
    ]);
  });

  it('refuses a tree there is not, a wrong depth and more nodes than anybody reads', () => {
    const refused = (options: object) => expectThrown(() => printTree(byHand, options), 'INVALID_PARAMETER');
    expect(refused({ tree: 2 }).message).toBe('tree must be a whole number from 0 to 1, got 2');
    expect(refused({ tree: 0.5 }).message).toContain('got 0.5');
    expect(refused({ maxDepth: 0 }).message).toBe('maxDepth must be a whole number from 1 to 200, got 0');
    expect(
      expectThrown(() => describeTree(models['stump'] as TreesModel, 1), 'INVALID_PARAMETER').message,
    ).toBe('tree must be 0: there is one tree, got 1');
    const model = shaped(2 ** 17 - 1, (node) => node < 2 ** 16 - 1);
    expect(expectThrown(() => printTree(model, { maxDepth: 15 }), 'INVALID_PARAMETER').message).toBe(
      'maxDepth must be less: tree 0 has 65535 nodes down to there, got 15',
    );
  });

  it('follows a tree that is as deep as it has leaves', () => {
    const model = shaped(200_001, (node) => node % 2 === 0 && node < 200_000);
    expect(describeTree(model, 0)).toMatchObject({ nNodes: 200_001, nLeaves: 100_001, depth: 100_000 });
    expect(printTree(model).split('\n')[0]).toContain('199980 below depth 10 not shown');
  });

  it('is only for trees', () => {
    expect(Object.values(models).map(isTreesModel)).toEqual([true, true, true, true, false, false]);
    expect(expectThrown(() => printTree(models['majority']!), 'UNSUPPORTED').message).toBe(
      'a model of majority has no trees',
    );
    expect(expectThrown(() => drawTree(models['logistic-regression']!), 'UNSUPPORTED').hint).toBe(
      'models of random-forest, extra-trees, decision-tree, stump have them',
    );
  });
});

/** The probabilities of a row by what is shown, asked question by question. */
function answer(
  node: OutlineNode,
  row: Float32Array,
  features: readonly FeatureSpec[],
  nClasses: number,
): number[] {
  if (node.kind === 'cut') throw new Error('the whole tree is shown');
  if (node.kind === 'leaf') {
    const out = new Array<number>(nClasses).fill(0);
    for (const { code, share } of node.shares) out[code] = share;
    return out;
  }
  const value = row[features.indexOf(node.feature)]!;
  const text = node.feature.categories?.[value];
  const { question } = node;
  const isMissing = node.feature.type === 'categorical' ? text === undefined : Number.isNaN(value);
  const goesLeft = isMissing
    ? node.missing === 'left'
    : 'isKnown' in question ||
      ('threshold' in question
        ? value <= question.threshold
        : question.categories.includes(text!) === question.isIn);
  return answer(goesLeft ? node.left : node.right, row, features, nClasses);
}

describe('what is shown of a tree', () => {
  it('answers as the tree does', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(shape, fc.integer(), fc.nat(30))
          .chain(([form, seed, splits]) =>
            fc.tuple(fc.constant({ form, seed, splits }), rowsOf(form.levels.length, 20)),
          ),
        ([{ form, seed, splits }, rows]) => {
          const width = form.levels.length;
          const features = Array.from(form.levels, (nLevels, f): FeatureSpec => {
            const name = `f${f}`;
            if (nLevels === 0) return { name, type: 'numeric' };
            return {
              name,
              type: 'categorical',
              categories: Array.from({ length: nLevels }, (_, i) => `c${i}`),
            };
          });
          const classes = [...Array(form.nClasses).keys()];
          const model = treeOf(randomTree(new Xoshiro128(seed), splits, form), features, classes);
          const { root, nNodes, nCut } = outlineTree(model, { tree: 0, maxDepth: 200 });
          expect([nNodes, nCut]).toEqual([2 * splits + 1, 0]);
          const scores = new Float64Array(form.nClasses);
          for (let at = 0; at < rows.length; at += width) {
            const row = rows.subarray(at, at + width);
            model.predictScores(row, scores);
            expect(answer(root, row, features, form.nClasses)).toEqual([...scores]);
          }
        },
      ),
    );
  });

  it('adds up, whatever is left out', () => {
    const forest = models['random-forest'] as TreesModel;
    for (const maxDepth of [1, 2, 3, 9]) {
      const { root, nNodes, nCut } = outlineTree(forest, { tree: 1, maxDepth });
      const count = (node: OutlineNode): { shown: number; below: number } => {
        if (node.kind !== 'split') return { shown: 1, below: node.kind === 'cut' ? node.nBelow : 0 };
        const [a, b] = [count(node.left), count(node.right)];
        return { shown: 1 + a.shown + b.shown, below: a.below + b.below };
      };
      expect(count(root)).toEqual({ shown: nNodes - nCut, below: nCut });
    }
  });
});

describe('words of a tree', () => {
  it('give a float32 in no more digits than it takes', () => {
    expect([0.1, 17.5, 16777216, -0.00001, 3.4028234663852886e38].map((v) => single(Math.fround(v)))).toEqual(
      [...['0.1', '17.5', '16777216', '-0.00001', '3.4028235e+38']],
    );
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Math.fround(Number(single(value)))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('round a probability, but not to a certainty', () => {
    expect([0, 1, 0.5, 1 / 3, 0.0001, 0.9999, 0.9994].map(shareText)).toEqual([
      ...['0', '1', '0.5', '0.333', '<0.001', '>0.999', '0.999'],
    ]);
  });

  it('are bare where they can be nothing else', () => {
    expect(['payload_length', 'a b', '', '1', 1, 'in', '-x'].map(word)).toEqual([
      ...['payload_length', '"a b"', '""', '"1"', '1', 'in', '"-x"'],
    ]);
  });

  it('are cut to their width', () => {
    expect(fit('payload_length', 8)).toBe('payload…');
    expect(fit('漢字漢字', 6)).toBe('漢字…');
    expect(fit('fits', 4)).toBe('fits');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 30 }), (text, most) => {
        expect(cells(fit(text, most))).toBeLessThanOrEqual(most);
      }),
    );
  });
});
