import {
  type Forest,
  largestTree,
  MAX_DENSE_CLASSES,
  type NodeLayout,
  nodeLayout,
} from '../kernels/index.js';
import { checkNodes, type NodeSections } from './check-nodes.js';
import { damaged, type SectionData } from './codec-container.js';
import type { ModelHeader } from './codec-header.js';
import { checkProbabilities, checkSparseLeaves, type SectionReader } from './codec-sections.js';
import { createTreesModel, featureLevels, type TreesModel } from './trees-model.js';

const MAX_NODES = 2 ** 29 - 1; // so that the number of a node's last word stays within 31 bits

/** Returns the sections of a forest or stump, in file order. */
export function treeSections(model: TreesModel): Map<string, SectionData> {
  const { forest } = model;
  const sparse = forest.nClasses > MAX_DENSE_CLASSES;
  return new Map<string, SectionData>([
    ['trees', forest.trees],
    ['nodes', forest.nodes],
    ['nanLeft', forest.nanLeft],
    ['categorySets', forest.categorySets],
    ...(sparse
      ? ([
          ['leafStarts', forest.leafStarts],
          ['leafClasses', forest.leafClasses],
        ] as const)
      : []),
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
  const { features, classes } = header;
  const nFeatures = features.length;
  const trees = sections.i32('trees');
  const nodes = sections.i32('nodes');
  checkTrees(trees);
  const layout = readLayout(header, trees);
  const nNodes = trees[trees.length - 1]!;
  if (nNodes > MAX_NODES || nodes.length !== nNodes * layout.nodeWords)
    throw damaged(
      'nodes',
      `it has ${nodes.length} words, expected ${layout.nodeWords} a node of at most ${MAX_NODES} nodes`,
    );
  const parts: NodeSections = {
    ...layout,
    levels: featureLevels(features),
    trees,
    nodes,
    thresholds: new Float32Array(nodes.buffer, nodes.byteOffset, nodes.length),
    nanLeft: sections.u8('nanLeft', nNodes),
    categorySets: sections.i32('categorySets'),
  };
  const nLeaves = checkNodes(parts);
  const leaves = readLeaves(sections, nLeaves, classes.length);
  const importances = sections.f64('importances', nFeatures);
  if (importances.some((v) => v !== 0)) checkProbabilities('importances', importances, nFeatures);
  const forest: Forest = { ...parts, nClasses: classes.length, ...leaves };
  const oobScore = readOobScore(sections);
  return createTreesModel({ kind, features, classes, forest, importances, oobScore });
}

function readLayout({ nodeBits, features }: ModelHeader, trees: Int32Array): NodeLayout {
  const layout = nodeLayout(largestTree(trees), features.length);
  if (nodeBits !== layout.nodeBits)
    throw damaged('header', `nodeBits is ${nodeBits}, but the largest tree needs ${layout.nodeBits}`);
  return layout;
}

function readLeaves(
  sections: SectionReader,
  nLeaves: number,
  nClasses: number,
): Pick<Forest, 'leaves' | 'leafStarts' | 'leafClasses'> {
  if (nClasses <= MAX_DENSE_CLASSES) {
    const leaves = sections.f64('leaves', nLeaves * nClasses);
    checkProbabilities('leaves', leaves, nClasses);
    return { leaves, leafStarts: new Int32Array(0), leafClasses: new Int32Array(0) };
  }
  const leafStarts = sections.i32('leafStarts', nLeaves + 1);
  const leafClasses = sections.i32('leafClasses');
  const leaves = sections.f64('leaves', leafClasses.length);
  checkSparseLeaves({ leafStarts, leafClasses, leaves }, nClasses);
  return { leaves, leafStarts, leafClasses };
}

function readOobScore(sections: SectionReader): number | null {
  const values = sections.f64('oobScore');
  if (values.length === 0) return null;
  if (values.length !== 1 || !(values[0]! >= 0 && values[0]! <= 1))
    throw damaged('oobScore', 'it is not one number from 0 to 1');
  return values[0]!;
}

function checkTrees(trees: Int32Array): void {
  if (trees.length < 2 || trees[0] !== 0) throw damaged('trees', 'it does not run from node 0');
  for (let t = 1; t < trees.length; t++)
    if (trees[t]! <= trees[t - 1]!) throw damaged('trees', `tree ${t - 1} has no nodes`);
}
