/** Sums of the probabilities of leaves. */
import { nFeatures, nodeBits } from './step';

export let nClasses: u32 = 0;
let leaves: u32 = 0;
/** 0 where a leaf has nClasses probabilities; else where each starts, with the class of each. */
let starts: u32 = 0;
let classes: u32 = 0;

/** Says where the leaves lie. */
export function setLeaves(nClassesOf: u32, leavesAt: u32, startsAt: u32, classesAt: u32): void {
  nClasses = nClassesOf;
  leaves = leavesAt;
  starts = startsAt;
  classes = classesAt;
}

/**
 * Makes the leaves that are sure of a class share one: most rows end in such leaves, which then stay in the nearest cache.
 * Behind the `nLeaves` leaves of the forest lies one for each class. `roots` and `starts`: see `shorten`.
 */
export function shareSureLeaves(roots: u32, starts: u32, nTrees: u32, nLeaves: u32): void {
  for (let t: u32 = 0; t < nTrees; t++) {
    const root = load<u32>(roots + (t << 3));
    const end = root + ((load<u32>(starts + (t << 2), 4) - load<u32>(starts + (t << 2))) << 3);
    for (let at = root; at < end; at += 8) {
      if (load<u32>(at, 4) >> nodeBits != nFeatures) continue;
      store<u32>(at, sharedLeaf(load<u32>(at), nLeaves));
    }
  }
}

/** Returns the leaf of the class that a leaf is sure of, or the leaf itself. */
function sharedLeaf(leaf: u32, nLeaves: u32): u32 {
  const from = leaves + ((leaf * nClasses) << 3);
  for (let c: u32 = 0; c < nClasses; c++) if (load<f64>(from + (c << 3)) == 1) return nLeaves + c;
  return leaf;
}

/** Writes into `out` the mean of the leaves of all trees, summed in the trees' order. `places`: where the node that each has come to stands. */
export function meanOfLeaves(places: u32, nTrees: u32, out: u32): void {
  const end = places + (nTrees << 2);
  if (nClasses == 2) {
    let sum = f64x2.splat(0);
    for (; places < end; places += 4) sum = f64x2.add(sum, leafPair(leafAt(places)));
    v128.store(out, f64x2.div(sum, f64x2.splat(f64(nTrees))));
    return;
  }
  memory.fill(out, 0, nClasses << 3);
  for (; places < end; places += 4) addLeaf(leafAt(places), out);
  divide(out, 1, f64(nTrees));
}

/** Returns the two probabilities of a leaf, where there are two classes. */
// @ts-ignore: decorator
@inline
export function leafPair(leaf: u32): v128 {
  return v128.load(leaves + (leaf << 4));
}

// @ts-ignore: decorator
@inline
function leafAt(place: u32): u32 {
  return load<u32>(load<u32>(load<u32>(place)));
}

/** Divides the scores of `nRows` rows. */
export function divide(out: u32, nRows: u32, by: f64): void {
  const end = out + ((nRows * nClasses) << 3);
  for (; out < end; out += 8) store<f64>(out, load<f64>(out) / by);
}

/** Adds the probabilities of a leaf to the sums at `out`. */
// @ts-ignore: decorator
@inline
export function addLeaf(leaf: u32, out: u32): void {
  if (nClasses == 2) v128.store(out, f64x2.add(v128.load(out), leafPair(leaf)));
  else addWideLeaf(leaf, out);
}

function addWideLeaf(leaf: u32, out: u32): void {
  if (starts != 0) {
    const end = load<u32>(starts + (leaf << 2), 4);
    for (let i = load<u32>(starts + (leaf << 2)); i < end; i++) {
      const to = out + (load<u32>(classes + (i << 2)) << 3);
      store<f64>(to, load<f64>(to) + load<f64>(leaves + (i << 3)));
    }
    return;
  }
  let from = leaves + ((leaf * nClasses) << 3);
  const end = out + (nClasses << 3);
  for (; out < end; out += 8) {
    store<f64>(out, load<f64>(out) + load<f64>(from));
    from += 8;
  }
}
