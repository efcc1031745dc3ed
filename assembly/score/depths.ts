import { nFeatures, nodeBits } from './step';

/**
 * Writes the levels below the root of every tree at `depths`. `starts`: the first node of each tree, and the number of
 * all at the end. Nodes are numbered breadth first: a level ends where the children of the one before end.
 */
export function treeDepths(nodes: u32, starts: u32, nTrees: u32, depths: u32): void {
  for (let t: u32 = 0; t < nTrees; t++) {
    const start = load<u32>(starts + (t << 2));
    const end = load<u32>(starts + (t << 2), 4) - start;
    const root = nodes + (start << 3);
    let depth: u32 = 0;
    let levelEnd: u32 = 1;
    let nextChild: u32 = 1;
    for (let node: u32 = 0; node < end; node++) {
      if (node == levelEnd) {
        depth++;
        levelEnd = nextChild;
      }
      nextChild += u32((load<u32>(root + (node << 3), 4) >> nodeBits) != nFeatures) << 1;
    }
    store<u32>(depths + (t << 2), depth);
  }
}
