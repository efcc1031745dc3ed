/** The nodes of a tree while it grows, by node id; children have greater ids than their parent, a leaf has left 0. */
export interface GrowingNodes {
  readonly nClasses: number;
  readonly feature: number[];
  readonly threshold: number[];
  readonly nanLeft: number[];
  /** Id of the left child, 0 for a leaf. */
  readonly left: number[];
  readonly right: number[];
  readonly impurity: number[];
  readonly weight: number[];
  /** Class weights of every node, nClasses a node. */
  readonly sums: number[];
}

/** Returns no nodes yet. */
export function createNodes(nClasses: number): GrowingNodes {
  return {
    nClasses,
    feature: [],
    threshold: [],
    nanLeft: [],
    left: [],
    right: [],
    impurity: [],
    weight: [],
    sums: [],
  };
}

/** Adds a leaf and returns its id. */
export function addLeaf(nodes: GrowingNodes, totals: Float64Array, weight: number, impurity: number): number {
  nodes.feature.push(0);
  nodes.threshold.push(0);
  nodes.nanLeft.push(0);
  nodes.left.push(0);
  nodes.right.push(0);
  nodes.impurity.push(impurity);
  nodes.weight.push(weight);
  for (let c = 0; c < nodes.nClasses; c++) nodes.sums.push(totals[c]!);
  return nodes.feature.length - 1;
}

/**
 * Turns into leaves the nodes whose subtree is not worth `ccpAlpha` a leaf: minimal cost-complexity pruning (Breiman et
 * al. 1984, chapter 3), with each node's impurity weighted by its share of the root's weight, as scikit-learn does.
 */
export function prune(nodes: GrowingNodes, ccpAlpha: number): void {
  const rootWeight = nodes.weight[0]!;
  const cost = new Float64Array(nodes.feature.length);
  for (let id = cost.length - 1; id >= 0; id--) {
    const asLeaf = (nodes.impurity[id]! * nodes.weight[id]!) / rootWeight + ccpAlpha;
    const left = nodes.left[id]!;
    const asSplit = left === 0 ? Number.POSITIVE_INFINITY : cost[left]! + cost[nodes.right[id]!]!;
    cost[id] = Math.min(asLeaf, asSplit);
    if (asLeaf <= asSplit) nodes.left[id] = 0;
  }
}
