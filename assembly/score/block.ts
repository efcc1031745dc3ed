/**
 * Blocks of rows down one tree after the other, so that a tree stays in the nearest cache. The rows of a block lie in
 * groups of eight, feature after feature, each with its eight values; so the eight that step together share one address.
 */
import { addLeaf } from './leaves';
import { feature, MISSING, NUMBERS, nodeBits, notLeaf, SETS, step } from './step';

const FEW: u32 = 14;
const AGAIN: u32 = 3;
/** Rows of a group. */
const LANES: u32 = 8;

/**
 * Adds the leaves of trees to the sums of the rows at `out` (`rowBytes` each). `table` has root and depth of each tree.
 * `block`: `nGroups` groups of `groupBytes`.
 */
export function addTrees(table: u32, end: u32, block: u32, nGroups: u32, groupBytes: u32, out: u32, rowBytes: u32): void {
  walk(table, end, block, nGroups, groupBytes, out, rowBytes, NUMBERS);
}

/** The same for rows with missing values. */
export function addTreesOfMissing(table: u32, end: u32, block: u32, nGroups: u32, groupBytes: u32, out: u32, rowBytes: u32): void {
  walk(table, end, block, nGroups, groupBytes, out, rowBytes, MISSING);
}

/** The same for any rows in a forest with category sets. */
export function addTreesBySets(table: u32, end: u32, block: u32, nGroups: u32, groupBytes: u32, out: u32, rowBytes: u32): void {
  walk(table, end, block, nGroups, groupBytes, out, rowBytes, SETS);
}

// @ts-ignore: decorator
@inline
function walk(table: u32, end: u32, block: u32, nGroups: u32, groupBytes: u32, out: u32, rowBytes: u32, ready: u32): void {
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
      let word: u32 = 0;
      while (true) {
        rest -= now;
        for (; now != 0; now--) {
          word = load<u32>(a, 4);
          a = step(a, word, root, load<f32>(x + feature(word, bits, 5)), bits, ready);
          word = load<u32>(b, 4);
          b = step(b, word, root, load<f32>(x + feature(word, bits, 5), 4), bits, ready);
          word = load<u32>(c, 4);
          c = step(c, word, root, load<f32>(x + feature(word, bits, 5), 8), bits, ready);
          word = load<u32>(d, 4);
          d = step(d, word, root, load<f32>(x + feature(word, bits, 5), 12), bits, ready);
          word = load<u32>(e, 4);
          e = step(e, word, root, load<f32>(x + feature(word, bits, 5), 16), bits, ready);
          word = load<u32>(f, 4);
          f = step(f, word, root, load<f32>(x + feature(word, bits, 5), 20), bits, ready);
          word = load<u32>(g, 4);
          g = step(g, word, root, load<f32>(x + feature(word, bits, 5), 24), bits, ready);
          word = load<u32>(h, 4);
          h = step(h, word, root, load<f32>(x + feature(word, bits, 5), 28), bits, ready);
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
