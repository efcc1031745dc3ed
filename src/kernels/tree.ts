import { type Growth, SET_WORDS } from './growth.js';
import { MAX_DENSE_CLASSES } from './node-classes.js';

/**
 * One grown tree: what a worker posts, and what `joinTrees` packs. Siblings are neighbours, so the right
 * child is the left child + 1, and the k-th split (in the order of the nodes) has the children 2k + 1 and 2k + 2.
 */
export interface Tree {
  /** Feature of a split; for a leaf the number of features, one past the last. */
  readonly feature: Int32Array;
  /** Bits of the float32 threshold, number of the category set, or number of the leaf; sets and leaves in the order of their nodes. */
  readonly value: Int32Array;
  /** Left child; itself for a leaf. */
  readonly left: Int32Array;
  /** 1 where missing values go left; 0 for a leaf. */
  readonly nanLeft: Uint8Array;
  /** 8 words a set: bit c % 32 of word c / 32 is 1 where category c goes left. */
  readonly categorySets: Int32Array;
  /** Class probabilities, nClasses a leaf; beyond `MAX_DENSE_CLASSES` only those above 0. */
  readonly leaves: Float64Array;
  /** Beyond `MAX_DENSE_CLASSES`: where each leaf's probabilities start in `leaves`, and their number at the end. */
  readonly leafStarts?: Int32Array;
  /** Beyond `MAX_DENSE_CLASSES`: the class of each probability, ascending in a leaf. */
  readonly leafClasses?: Int32Array;
  /** Share of the tree's decrease of impurity by feature; all 0 for a tree that is one leaf. */
  readonly importances: Float64Array;
}

/** Returns the buffers of a tree, to be moved to another thread. */
export function treeBuffers(tree: Tree): ArrayBuffer[] {
  return Object.values(tree).map((array: Tree['leaves']) => array.buffer as ArrayBuffer);
}

/** What finishing a tree needs to know beside its growth. */
interface FinishRules {
  /** Number of categories by feature; 0 for a feature that is split by threshold. */
  readonly levels: Int32Array;
  readonly nClasses: number;
  readonly ccpAlpha: number;
}

/** Returns the finished tree of what was grown: pruned where `ccpAlpha` is above 0, and numbered path by path. */
export function finishTree(growth: Growth, rules: FinishRules): Tree {
  const { levels } = rules;
  const splitOf = numberSplits(growth);
  const measures = measureNodes(growth);
  if (rules.ccpAlpha > 0) prune(growth, splitOf, measures, rules.ccpAlpha);
  const { order, left } = numberByPaths(growth, splitOf, measures.weight);
  const nNodes = order.length;
  const tree = {
    feature: new Int32Array(nNodes).fill(levels.length),
    value: new Int32Array(nNodes),
    left,
    nanLeft: new Uint8Array(nNodes),
  };
  const thresholds = new Float32Array(tree.value.buffer);
  const sets: number[] = [];
  const leafNodes = new Int32Array((nNodes + 1) / 2);
  let nLeaves = 0;
  for (let node = 0; node < nNodes; node++) {
    const split = splitOf[order[node]!]!;
    if (split < 0) {
      tree.value[node] = nLeaves;
      leafNodes[nLeaves++] = order[node]!;
      continue;
    }
    tree.feature[node] = growth.feature[split]!;
    if (growth.setOf[split]! < 0) thresholds[node] = growth.threshold[split]!;
    else tree.value[node] = copySet(growth, split, levels[growth.feature[split]!]!, sets);
    tree.nanLeft[node] = growth.nanLeft[split]!;
  }
  const importances = treeImportances(growth, splitOf, measures, levels.length);
  const leaves = packLeaves(growth, leafNodes, measures, rules.nClasses);
  return { ...tree, categorySets: Int32Array.from(sets), ...leaves, importances };
}

/** Returns the number of each node's split, -1 for a leaf. */
function numberSplits(growth: Growth): Int32Array {
  const splitOf = new Int32Array(growth.nNodes).fill(-1);
  for (let k = 0; k < growth.nSplits; k++) splitOf[growth.node[k]!] = k;
  return splitOf;
}

/**
 * Numbers the nodes that can be reached from the root along heavy paths: from each split on to the child that most of the
 * weight goes to, the other children later. So the nodes that most rows visit one after the other lie in the same cache
 * lines. Returns the old number of each node, and its left child, or itself for a leaf.
 */
function numberByPaths(
  growth: Growth,
  splitOf: Int32Array,
  weight: Float64Array,
): { readonly order: Int32Array; readonly left: Int32Array } {
  const order = new Int32Array(growth.nNodes);
  const left = new Int32Array(growth.nNodes);
  const starts = [0];
  let n = 1;
  for (let start = starts.pop(); start !== undefined; start = starts.pop()) {
    let node = start;
    for (let split = splitOf[order[node]!]!; split >= 0; split = splitOf[order[node]!]!) {
      const [child, sibling] = [2 * split + 1, 2 * split + 2];
      order[n] = child;
      order[n + 1] = sibling;
      left[node] = n;
      const goesRight = weight[sibling]! > weight[child]! ? 1 : 0;
      node = n + goesRight;
      starts.push(n + 1 - goesRight);
      n += 2;
    }
    left[node] = node;
  }
  return { order: order.slice(0, n), left: left.slice(0, n) };
}

/** Appends a split's set, without the bits of categories there are none of, and returns its number. */
function copySet(growth: Growth, split: number, nLevels: number, sets: number[]): number {
  const from = growth.setOf[split]! * SET_WORDS;
  for (let w = 0; w < SET_WORDS; w++) {
    const bits = Math.min(32, Math.max(0, nLevels - 32 * w));
    sets.push(growth.sets[from + w]! & (bits === 32 ? -1 : 2 ** bits - 1));
  }
  return sets.length / SET_WORDS - 1;
}

/** Weight of each node, and its impurity times that weight. */
interface Measures {
  readonly weight: Float64Array;
  readonly weighted: Float64Array;
}

function measureNodes({ nNodes, classes }: Growth): Measures {
  const weight = new Float64Array(nNodes);
  const weighted = new Float64Array(nNodes);
  for (let node = 0; node < nNodes; node++) {
    const own = classes.measure(node);
    weight[node] = own.weight;
    weighted[node] = own.weight * own.impurity;
  }
  return { weight, weighted };
}

/**
 * Turns into leaves the nodes whose subtree is not worth `ccpAlpha` a leaf: minimal cost-complexity pruning (Breiman et
 * al. 1984, chapter 3), with each node's impurity weighted by its share of the root's weight, as scikit-learn does.
 */
function prune(growth: Growth, splitOf: Int32Array, { weight, weighted }: Measures, ccpAlpha: number): void {
  const cost = new Float64Array(growth.nNodes);
  const asLeaf = (node: number) => weighted[node]! / weight[0]! + ccpAlpha;
  // Children come after their split, and a split after that of its parent: backwards, children are done first.
  for (let node = 0; node < cost.length; node++) cost[node] = asLeaf(node);
  for (let k = growth.nSplits - 1; k >= 0; k--) {
    const node = growth.node[k]!;
    const asSplit = cost[2 * k + 1]! + cost[2 * k + 2]!;
    if (cost[node]! <= asSplit) splitOf[node] = -1;
    else cost[node] = asSplit;
  }
}

function packLeaves(
  { classes }: Growth,
  nodes: Int32Array,
  { weight }: Measures,
  nClasses: number,
): Pick<Tree, 'leaves' | 'leafStarts' | 'leafClasses'> {
  if (nClasses <= MAX_DENSE_CLASSES) {
    const leaves = new Float64Array(nodes.length * nClasses);
    nodes.forEach((node, leaf) => {
      classes.visit(node, (c, own) => {
        leaves[leaf * nClasses + c] = own / weight[node]!;
      });
    });
    return { leaves };
  }
  const leafStarts = new Int32Array(nodes.length + 1);
  const pairs: number[] = [];
  const leafClasses: number[] = [];
  nodes.forEach((node, leaf) => {
    classes.visit(node, (c, own) => {
      pairs.push(own / weight[node]!);
      leafClasses.push(c);
    });
    leafStarts[leaf + 1] = pairs.length;
  });
  return { leaves: Float64Array.from(pairs), leafStarts, leafClasses: Int32Array.from(leafClasses) };
}

/** Returns each feature's share of the decrease of weighted impurity; sums run over the splits in their order. */
function treeImportances(
  growth: Growth,
  splitOf: Int32Array,
  { weighted }: Measures,
  nFeatures: number,
): Float64Array {
  const importances = new Float64Array(nFeatures);
  let total = 0;
  const reached = reachable(growth, splitOf);
  for (let k = 0; k < growth.nSplits; k++) {
    if (!reached[k]) continue;
    const decrease = Math.max(0, weighted[growth.node[k]!]! - weighted[2 * k + 1]! - weighted[2 * k + 2]!);
    importances[growth.feature[k]!]! += decrease;
    total += decrease;
  }
  if (total > 0) for (let f = 0; f < nFeatures; f++) importances[f]! /= total;
  return importances;
}

/** Says of each split whether pruning has left it: it and all its ancestors. */
function reachable(growth: Growth, splitOf: Int32Array): Uint8Array {
  const reached = new Uint8Array(growth.nSplits);
  for (let k = 0; k < growth.nSplits; k++) {
    const node = growth.node[k]!;
    const parent = node === 0 ? -1 : (node - 1) >> 1;
    reached[k] = splitOf[node] === k && (parent < 0 || reached[parent] === 1) ? 1 : 0;
  }
  return reached;
}
