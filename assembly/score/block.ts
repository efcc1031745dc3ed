/**
 * Blocks of rows down one tree after the other, so that a tree stays in the nearest cache. The rows of a block lie in
 * groups of eight, feature after feature, each with its eight values; so the eight that step together share one address.
 */
import { addLeaf } from './leaves';
import { isShort, LONG, MISSING, NUMBERS, nodeBits, notLeaf, SETS, SHORT, step, valueAt } from './step';

const FEW: u32 = 14;
const AGAIN: u32 = 3;
/** Rows of a group. */
const LANES: u32 = 8;

/**
 * Adds the leaves of trees to the sums of the rows at `out` (`rowBytes` each). `table` has root and depth of each tree.
 * `block`: `nGroups` groups of `groupBytes`.
 */
export function addTrees(table: u32, end: u32, block: u32, nGroups: u32, groupBytes: u32, out: u32, rowBytes: u32): void {
  if (isShort) walk(table, end, block, nGroups, groupBytes, out, rowBytes, NUMBERS, SHORT);
  else walk(table, end, block, nGroups, groupBytes, out, rowBytes, NUMBERS, LONG);
}

/** The same for rows with missing values. */
export function addTreesOfMissing(table: u32, end: u32, block: u32, nGroups: u32, groupBytes: u32, out: u32, rowBytes: u32): void {
  if (isShort) walk(table, end, block, nGroups, groupBytes, out, rowBytes, MISSING, SHORT);
  else walk(table, end, block, nGroups, groupBytes, out, rowBytes, MISSING, LONG);
}

/** The same for any rows in a forest with category sets. */
export function addTreesBySets(table: u32, end: u32, block: u32, nGroups: u32, groupBytes: u32, out: u32, rowBytes: u32): void {
  if (isShort) walk(table, end, block, nGroups, groupBytes, out, rowBytes, SETS, SHORT);
  else walk(table, end, block, nGroups, groupBytes, out, rowBytes, SETS, LONG);
}

// @ts-ignore: decorator
@inline
function walk(table: u32, end: u32, block: u32, nGroups: u32, groupBytes: u32, out: u32, rowBytes: u32, ready: u32, form: u32): void {
  const bits = nodeBits;
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
          a = step(a, root, load<f32>(x + valueAt(a, bits, 3, form)), bits, ready, form);
          b = step(b, root, load<f32>(x + valueAt(b, bits, 3, form), 4), bits, ready, form);
          c = step(c, root, load<f32>(x + valueAt(c, bits, 3, form), 8), bits, ready, form);
          d = step(d, root, load<f32>(x + valueAt(d, bits, 3, form), 12), bits, ready, form);
          e = step(e, root, load<f32>(x + valueAt(e, bits, 3, form), 16), bits, ready, form);
          f = step(f, root, load<f32>(x + valueAt(f, bits, 3, form), 20), bits, ready, form);
          g = step(g, root, load<f32>(x + valueAt(g, bits, 3, form), 24), bits, ready, form);
          h = step(h, root, load<f32>(x + valueAt(h, bits, 3, form), 28), bits, ready, form);
        }
        if (rest == 0) break;
        const one = notLeaf(a, form) | notLeaf(b, form) | notLeaf(c, form) | notLeaf(d, form);
        if ((one | notLeaf(e, form) | notLeaf(f, form) | notLeaf(g, form) | notLeaf(h, form)) == 0) break;
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
