import { type Forest, NODE_WORDS } from '../kernels/index.js';
import { damaged, type SectionData } from './codec-container.js';
import type { ModelHeader } from './codec-header.js';
import { checkProbabilities, type SectionReader } from './codec-sections.js';
import { createTreesModel, type TreesModel } from './trees-model.js';

const MAX_NODES = 2 ** 29 - 1; // so that the number of a node's first word stays within 31 bits

/** Returns the sections of a forest or stump, in file order. */
export function treeSections(model: TreesModel): Map<string, SectionData> {
  const { forest } = model;
  return new Map<string, SectionData>([
    ['trees', forest.trees],
    ['nodes', forest.nodes],
    ['nanLeft', forest.nanLeft],
    ['leaves', forest.leaves],
    ['importances', model.importances],
    ['oobScore', model.oobScore === null ? new Float64Array(0) : Float64Array.of(model.oobScore)],
  ]);
}

/** Returns the forest or stump of its sections, every node checked, so that scoring cannot leave the arrays or loop. */
export function readTrees(
  kind: TreesModel['kind'],
  header: ModelHeader,
  sections: SectionReader,
): TreesModel {
  const nClasses = header.classes.length;
  const trees = sections.i32('trees');
  const nodes = sections.i32('nodes');
  const nNodes = nodes.length / NODE_WORDS;
  if (!Number.isInteger(nNodes) || nNodes > MAX_NODES)
    throw damaged('nodes', `it has ${nodes.length} words, expected 4 a node and at most ${MAX_NODES} nodes`);
  checkTrees(trees, nNodes);
  const nanLeft = sections.u8('nanLeft', nNodes);
  const thresholds = new Float32Array(nodes.buffer, nodes.byteOffset, nodes.length);
  const nLeaves = checkNodes({ trees, nodes, thresholds, nanLeft }, header.features.length);
  const leaves = sections.f64('leaves', nLeaves * nClasses);
  checkProbabilities('leaves', leaves, nClasses);
  const importances = sections.f64('importances', header.features.length);
  if (importances.some((v) => v !== 0)) checkProbabilities('importances', importances, importances.length);
  const forest: Forest = { nClasses, trees, nodes, thresholds, nanLeft, leaves };
  return createTreesModel({ ...header, kind, forest, importances, oobScore: readOobScore(sections) });
}

function readOobScore(sections: SectionReader): number | null {
  const values = sections.f64('oobScore');
  if (values.length === 0) return null;
  if (values.length !== 1 || !(values[0]! >= 0 && values[0]! <= 1))
    throw damaged('oobScore', 'it is not one number from 0 to 1');
  return values[0]!;
}

function checkTrees(trees: Int32Array, nNodes: number): void {
  if (trees.length < 2 || trees[0] !== 0 || trees[trees.length - 1] !== nNodes)
    throw damaged('trees', `it does not run from node 0 to node ${nNodes}`);
  for (let t = 1; t < trees.length; t++)
    if (trees[t]! <= trees[t - 1]!) throw damaged('trees', `tree ${t - 1} has no nodes`);
}

/** Checks every node and returns the number of leaves. */
function checkNodes(
  parts: Pick<Forest, 'trees' | 'nodes' | 'thresholds' | 'nanLeft'>,
  nFeatures: number,
): number {
  const { trees, nodes, thresholds, nanLeft } = parts;
  const hasParent = new Uint8Array(nanLeft.length);
  let nLeaves = 0;
  for (let t = 0; t + 1 < trees.length; t++) {
    const end = trees[t + 1]!;
    hasParent[trees[t]!] = 1;
    for (let node = trees[t]!; node < end; node++) {
      const bad = (what: string) => damaged('nodes', `node ${node} ${what}`);
      const at = node * NODE_WORDS;
      const left = nodes[at + 2]!;
      const right = nodes[at + 3]!;
      if (hasParent[node] === 0) throw bad('has no parent');
      if (nanLeft[node]! > 1) throw damaged('nanLeft', `node ${node} has neither 0 nor 1`);
      if (left === node && right === node) {
        if (nodes[at] !== 0 || nanLeft[node] !== 0) throw bad('is a leaf with a feature or a side');
        if (nodes[at + 1] !== nLeaves++) throw bad('does not have the next leaf');
        continue;
      }
      if (!(left > node && right > node && left < end && right < end))
        throw bad('has children that are not later nodes of its tree');
      if (left === right || hasParent[left] || hasParent[right]) throw bad('shares a child');
      hasParent[left] = 1;
      hasParent[right] = 1;
      if (!(nodes[at]! >= 0 && nodes[at]! < nFeatures)) throw bad(`has feature ${nodes[at]} of ${nFeatures}`);
      if (!Number.isFinite(thresholds[at + 1])) throw bad('has a threshold that is not finite');
    }
  }
  return nLeaves;
}
