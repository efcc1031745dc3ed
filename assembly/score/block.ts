/**
 * Blocks of rows down one tree after the other, so that a tree stays in the nearest cache. The rows of a block lie in
 * groups of eight, feature after feature, each with its eight values; so the eight that step together share one address.
 */
import { addLeaf } from './leaves';
import { notLeaf, step } from './step';

const FEW: u32 = 14;
const AGAIN: u32 = 3;
/** Rows of a group. */
const LANES: u32 = 8;

/**
 * Adds the leaves of trees to the sums of the rows at `out` (`rowBytes` each). `table` has root and depth of each tree.
 * `block`: `nGroups` groups of `groupBytes`.
 */
export function addTrees(table: u32, end: u32, block: u32, nGroups: u32, groupBytes: u32, out: u32, rowBytes: u32): void {
  walk(table, end, block, nGroups, groupBytes, out, rowBytes, false);
}

/** The same for rows with missing values and forests with category sets. */
export function addTreesAny(table: u32, end: u32, block: u32, nGroups: u32, groupBytes: u32, out: u32, rowBytes: u32): void {
  walk(table, end, block, nGroups, groupBytes, out, rowBytes, true);
}

// @ts-ignore: decorator
@inline
function walk(table: u32, end: u32, block: u32, nGroups: u32, groupBytes: u32, out: u32, rowBytes: u32, any: bool): void {
  const last = block + nGroups * groupBytes;
  for (; table < end; table += 8) {
    const root = load<u32>(table);
    const depth = load<u32>(table, 4);
    let to = out;
    for (let x = block; x < last; x += groupBytes) {
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      let e = root;
      let f = root;
      let g = root;
      let h = root;
      let rest = depth;
      let now = rest <= FEW ? rest : rest >> 1;
      while (true) {
        rest -= now;
        for (; now != 0; now--) {
          a = step(a, root, x, 5, any);
          b = step(b, root, x + 4, 5, any);
          c = step(c, root, x + 8, 5, any);
          d = step(d, root, x + 12, 5, any);
          e = step(e, root, x + 16, 5, any);
          f = step(f, root, x + 20, 5, any);
          g = step(g, root, x + 24, 5, any);
          h = step(h, root, x + 28, 5, any);
        }
        if (rest == 0) break;
        const one = notLeaf(a) | notLeaf(b) | notLeaf(c) | notLeaf(d);
        if ((one | notLeaf(e) | notLeaf(f) | notLeaf(g) | notLeaf(h)) == 0) break;
        now = rest < AGAIN ? rest : AGAIN;
      }
      to = addAndNext(a, to, rowBytes);
      to = addAndNext(b, to, rowBytes);
      to = addAndNext(c, to, rowBytes);
      to = addAndNext(d, to, rowBytes);
      to = addAndNext(e, to, rowBytes);
      to = addAndNext(f, to, rowBytes);
      to = addAndNext(g, to, rowBytes);
      to = addAndNext(h, to, rowBytes);
    }
  }
}

// @ts-ignore: decorator
@inline
function addAndNext(node: u32, to: u32, rowBytes: u32): u32 {
  addLeaf(load<u32>(node), to);
  return to + rowBytes;
}
