/**
 * One row down all trees, level by level: every tree takes its step before any takes the next. Where a tree has come to
 * lies in memory, so any number of them are under way at once: the processor waits for none of them, and no register
 * holds more than one. Trees are sorted by depth, the deepest first, so a level goes over those that have it.
 */
import { isShort, LONG, MISSING, NUMBERS, nodeBits, SETS, SHORT, step, valueAt } from './step';

/** Where the row lies: one feature after the other, a pad behind them. Before it is room for the answers of `tests.ts`. */
export const ROW: u32 = 65536;

/**
 * Takes the row at ROW to its leaves. `roots`: the first node of each of `nTrees` trees; `nodes`: where each has come to;
 * `segments` to `end`: pairs of how many trees have some more levels, and how many levels those are.
 */
export function findLeaves(roots: u32, nodes: u32, nTrees: u32, segments: u32, end: u32): void {
  if (isShort) walk(roots, nodes, nTrees, segments, end, NUMBERS, SHORT);
  else walk(roots, nodes, nTrees, segments, end, NUMBERS, LONG);
}

/** The same for a row with missing values. */
export function findLeavesOfMissing(roots: u32, nodes: u32, nTrees: u32, segments: u32, end: u32): void {
  if (isShort) walk(roots, nodes, nTrees, segments, end, MISSING, SHORT);
  else walk(roots, nodes, nTrees, segments, end, MISSING, LONG);
}

/** The same for any row in a forest with category sets. */
export function findLeavesBySets(roots: u32, nodes: u32, nTrees: u32, segments: u32, end: u32): void {
  if (isShort) walk(roots, nodes, nTrees, segments, end, SETS, SHORT);
  else walk(roots, nodes, nTrees, segments, end, SETS, LONG);
}

// @ts-ignore: decorator
@inline
function walk(roots: u32, nodes: u32, nTrees: u32, segments: u32, end: u32, ready: u32, form: u32): void {
  const bits = nodeBits;
  const apart = nodes - roots;
  memory.copy(nodes, roots, nTrees << 2);
  for (; segments < end; segments += 8) {
    const last = nodes + (load<u32>(segments) << 2);
    for (let level = load<u32>(segments, 4); level != 0; level--) {
      let at = nodes;
      let p: u32 = 0;
      for (; at + 16 <= last; at += 16) {
        p = load<u32>(at);
        store<u32>(at, step(p, rootOf(at + 0, apart, form), load<f32>(valueAt(p, bits, 0, form), ROW), bits, ready, form));
        p = load<u32>(at, 4);
        store<u32>(at, step(p, rootOf(at + 4, apart, form), load<f32>(valueAt(p, bits, 0, form), ROW), bits, ready, form), 4);
        p = load<u32>(at, 8);
        store<u32>(at, step(p, rootOf(at + 8, apart, form), load<f32>(valueAt(p, bits, 0, form), ROW), bits, ready, form), 8);
        p = load<u32>(at, 12);
        store<u32>(at, step(p, rootOf(at + 12, apart, form), load<f32>(valueAt(p, bits, 0, form), ROW), bits, ready, form), 12);
      }
      for (; at < last; at += 4) {
        p = load<u32>(at);
        store<u32>(at, step(p, rootOf(at + 0, apart, form), load<f32>(valueAt(p, bits, 0, form), ROW), bits, ready, form));
      }
    }
  }
}

/** Returns the root of the tree whose node stands at `at`; short nodes need none. */
// @ts-ignore: decorator
@inline
function rootOf(at: u32, apart: u32, form: u32): u32 {
  return form == SHORT ? 0 : load<u32>(at - apart);
}

