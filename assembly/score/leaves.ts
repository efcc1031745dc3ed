/** Sums of the probabilities of leaves. */

let nClasses: u32 = 0;
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

/** Writes into `out` the mean of the leaves whose numbers stand at `numbers`, summed in their order. */
export function meanOfLeaves(numbers: u32, nTrees: u32, out: u32): void {
  const end = numbers + (nTrees << 2);
  if (nClasses == 2) {
    let sum = f64x2.splat(0);
    for (; numbers < end; numbers += 4)
      sum = f64x2.add(sum, v128.load(leaves + (load<u32>(numbers) << 4)));
    v128.store(out, f64x2.div(sum, f64x2.splat(f64(nTrees))));
    return;
  }
  memory.fill(out, 0, nClasses << 3);
  for (; numbers < end; numbers += 4) addLeaf(load<u32>(numbers), out);
  divide(out, 1, f64(nTrees));
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
  if (nClasses == 2) v128.store(out, f64x2.add(v128.load(out), v128.load(leaves + (leaf << 4))));
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
