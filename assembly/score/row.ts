/**
 * One row down all trees. Ten trees step together, sorted by depth, for as many steps as the deepest of them has levels:
 * that costs less than to ask at every level whether all have arrived. Those of many levels are asked after half of them,
 * and again every few.
 */
import { isShort, LONG, MISSING, NUMBERS, nodeBits, notLeaf, SETS, SHORT, step, valueAt } from './step';

/** Where the row lies: one feature after the other, a pad behind them. */
const ROW: u32 = 64;
/** Bytes of an entry of the table of trees: root, where the number of its leaf goes, depth. */
const ENTRY: u32 = 12;
/** Trees that step together. */
const LANES: u32 = 10;
/** Levels down to which no one asks. */
const FEW: u32 = 14;
const AGAIN: u32 = 3;

/** Takes the row at ROW to its leaves and writes their numbers; `table` has whole groups of ten. */
export function findLeaves(table: u32, end: u32): void {
  if (isShort) walk(table, end, NUMBERS, SHORT);
  else walk(table, end, NUMBERS, LONG);
}

/** The same for a row with missing values. */
export function findLeavesOfMissing(table: u32, end: u32): void {
  if (isShort) walk(table, end, MISSING, SHORT);
  else walk(table, end, MISSING, LONG);
}

/** The same for any row in a forest with category sets. */
export function findLeavesBySets(table: u32, end: u32): void {
  if (isShort) walk(table, end, SETS, SHORT);
  else walk(table, end, SETS, LONG);
}

// @ts-ignore: decorator
@inline
function walk(table: u32, end: u32, ready: u32, form: u32): void {
  const bits = nodeBits;
  for (; table < end; table += LANES * ENTRY) {
    const rootA = load<u32>(table);
    const rootB = load<u32>(table, 12);
    const rootC = load<u32>(table, 24);
    const rootD = load<u32>(table, 36);
    const rootE = load<u32>(table, 48);
    const rootF = load<u32>(table, 60);
    const rootG = load<u32>(table, 72);
    const rootH = load<u32>(table, 84);
    const rootI = load<u32>(table, 96);
    const rootJ = load<u32>(table, 108);
    let a = rootA;
    let b = rootB;
    let c = rootC;
    let d = rootD;
    let e = rootE;
    let f = rootF;
    let g = rootG;
    let h = rootH;
    let i = rootI;
    let j = rootJ;
    let rest = load<u32>(table, 116);
    let now = rest <= FEW ? rest : rest >> 1;
    while (true) {
      rest -= now;
      for (; now != 0; now--) {
        a = step(a, rootA, load<f32>(ROW + valueAt(a, bits, 0, form)), bits, ready, form);
        b = step(b, rootB, load<f32>(ROW + valueAt(b, bits, 0, form)), bits, ready, form);
        c = step(c, rootC, load<f32>(ROW + valueAt(c, bits, 0, form)), bits, ready, form);
        d = step(d, rootD, load<f32>(ROW + valueAt(d, bits, 0, form)), bits, ready, form);
        e = step(e, rootE, load<f32>(ROW + valueAt(e, bits, 0, form)), bits, ready, form);
        f = step(f, rootF, load<f32>(ROW + valueAt(f, bits, 0, form)), bits, ready, form);
        g = step(g, rootG, load<f32>(ROW + valueAt(g, bits, 0, form)), bits, ready, form);
        h = step(h, rootH, load<f32>(ROW + valueAt(h, bits, 0, form)), bits, ready, form);
        i = step(i, rootI, load<f32>(ROW + valueAt(i, bits, 0, form)), bits, ready, form);
        j = step(j, rootJ, load<f32>(ROW + valueAt(j, bits, 0, form)), bits, ready, form);
      }
      if (rest == 0) break;
      const one = notLeaf(a, form) | notLeaf(b, form) | notLeaf(c, form) | notLeaf(d, form) | notLeaf(e, form);
      if ((one | notLeaf(f, form) | notLeaf(g, form) | notLeaf(h, form) | notLeaf(i, form) | notLeaf(j, form)) == 0) break;
      now = rest < AGAIN ? rest : AGAIN;
    }
    store<u32>(load<u32>(table, 4), load<u32>(a));
    store<u32>(load<u32>(table, 16), load<u32>(b));
    store<u32>(load<u32>(table, 28), load<u32>(c));
    store<u32>(load<u32>(table, 40), load<u32>(d));
    store<u32>(load<u32>(table, 52), load<u32>(e));
    store<u32>(load<u32>(table, 64), load<u32>(f));
    store<u32>(load<u32>(table, 76), load<u32>(g));
    store<u32>(load<u32>(table, 88), load<u32>(h));
    store<u32>(load<u32>(table, 100), load<u32>(i));
    store<u32>(load<u32>(table, 112), load<u32>(j));
  }
}
