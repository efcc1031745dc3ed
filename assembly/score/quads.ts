/**
 * Row by row down all trees, two levels a step. A quad is a node with its two children, 8 bytes of four u16: the number of
 * the node's test, how many quads further the first of the four it leads to is, and the numbers of the tests of its left
 * and its right child. The number of a test is the address of its answer, 0 or 2, so a step has no comparison. The tests
 * of a leaf are such that are always answered 0, and it leads to itself. src/kernels/quads.ts makes them.
 */
import { addLeaf, divide, leafPair, nClasses } from './leaves';
import { ROW } from './row';
import { nFeatures } from './step';
import { answerTests } from './tests';

let roots: u32 = 0;
let places: u32 = 0;
let order: u32 = 0;
let orderEnd: u32 = 0;
let segments: u32 = 0;
let segmentsEnd: u32 = 0;

/**
 * Says where the quads lie. `roots`: the first quad of each tree, the deepest tree first; `places`: where each has come
 * to; `order` to `orderEnd`: by tree, where that stands before its last step; `segments` to `segmentsEnd`: as those of
 * `findLeaves`, in quads, without the last level.
 */
export function setQuads(
  rootsAt: u32,
  placesAt: u32,
  orderAt: u32,
  orderEndAt: u32,
  segmentsAt: u32,
  segmentsEndAt: u32,
): void {
  roots = rootsAt;
  places = placesAt;
  order = orderAt;
  orderEnd = orderEndAt;
  segments = segmentsAt;
  segmentsEnd = segmentsEndAt;
}

/**
 * Writes the scores of rows to `out`, up to the first with a missing value; returns how many rows that are. Value f of row
 * i is at `values` + i × rowBytes + f × featureBytes.
 */
export function scoreQuads(values: u32, rowBytes: u32, featureBytes: u32, nRows: u32, out: u32): u32 {
  for (let i: u32 = 0; i < nRows; i++) {
    let row = values + i * rowBytes;
    if (featureBytes != 4) row = gather(row, featureBytes);
    if (answerTests(row)) return i;
    scoreRow(out);
    out += nClasses << 3;
  }
  return nRows;
}

/** Copies a row's values to ROW and returns that. */
function gather(from: u32, featureBytes: u32): u32 {
  const end = ROW + (nFeatures << 2);
  for (let to = ROW; to < end; to += 4) {
    store<u32>(to, load<u32>(from));
    from += featureBytes;
  }
  return ROW;
}

// @ts-ignore: decorator
@inline
function scoreRow(out: u32): void {
  let from = roots;
  for (let segment = segments; segment < segmentsEnd; segment += 8) {
    const last = places + (load<u32>(segment) << 2);
    for (let level = load<u32>(segment, 4); level != 0; level--) {
      stepAll(from, places, last);
      from = places;
    }
  }
  const end = orderEnd;
  if (nClasses == 2) {
    let sum = f64x2.splat(0);
    for (let at = order; at < end; at += 4) sum = f64x2.add(sum, leafPair(lastLeaf(at)));
    v128.store(out, f64x2.div(sum, f64x2.splat(f64((end - order) >> 2))));
  } else {
    memory.fill(out, 0, nClasses << 3);
    for (let at = order; at < end; at += 4) addLeaf(lastLeaf(at), out);
    divide(out, 1, f64((end - order) >> 2));
  }
}

/** Steps from the quads whose addresses are at `from`, and writes those it leads to from `at` to `last`. */
// @ts-ignore: decorator
@inline
function stepAll(from: u32, at: u32, last: u32): void {
  for (; at + 32 <= last; at += 32) {
    store<u32>(at, step(load<u32>(from)));
    store<u32>(at, step(load<u32>(from, 4)), 4);
    store<u32>(at, step(load<u32>(from, 8)), 8);
    store<u32>(at, step(load<u32>(from, 12)), 12);
    store<u32>(at, step(load<u32>(from, 16)), 16);
    store<u32>(at, step(load<u32>(from, 20)), 20);
    store<u32>(at, step(load<u32>(from, 24)), 24);
    store<u32>(at, step(load<u32>(from, 28)), 28);
    from += 32;
  }
  for (; at < last; at += 4) {
    store<u32>(at, step(load<u32>(from)));
    from += 4;
  }
}

// @ts-ignore: decorator
@inline
function step(quad: u32): u32 {
  const word = load<u32>(quad);
  const first: u32 = load<u8>(word & 0xffff);
  const second: u32 = load<u8>(load<u16>(quad + first, 4));
  return quad + (((word >> 16) + first) << 3) + (second << 2);
}

/** Returns the number of the leaf that a tree's last step leads to: the upper half of it is the third u16, the lower the fourth. */
// @ts-ignore: decorator
@inline
function lastLeaf(at: u32): u32 {
  return rotl<u32>(load<u32>(step(load<u32>(load<u32>(at))), 4), 16);
}
