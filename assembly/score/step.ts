/** Steps of walks down trees, and where the forest lies. See docs/formats/model-v1.md for a node. */

let nodes: u32 = 0;
/** Bits of a node's second word that hold its left child. */
export let nodeBits: u32 = 0;
export let nFeatures: u32 = 0;
let nanLeft: u32 = 0;
/** By feature: 1 where it is split by set; 0 behind the last. */
let bySet: u32 = 0;
let sets: u32 = 0;

/** Says where the forest lies. */
export function setForest(
  nodesAt: u32,
  nodeBitsOf: u32,
  nFeaturesOf: u32,
  nanLeftAt: u32,
  bySetAt: u32,
  setsAt: u32,
): void {
  nodes = nodesAt;
  nodeBits = nodeBitsOf;
  nFeatures = nFeaturesOf;
  nanLeft = nanLeftAt;
  bySet = bySetAt;
  sets = setsAt;
}

/**
 * How a node's second word says where to go. Long: as the file has it, feature << nodeBits | left child. Short, which is
 * fewer instructions a step: 4 × the feature in the lower half, and in the upper how many nodes further the left child is.
 */
export const LONG: u32 = 0;
export const SHORT: u32 = 1;
export let isShort: bool = false;

/** Makes the second words of all nodes short where all of them fit. `roots`: 8 bytes a tree, the root in the first 4; `starts`: its first node, and that of the next. */
export function shorten(roots: u32, starts: u32, nTrees: u32): void {
  if (nFeatures > 16383) return;
  for (let write: u32 = 0; write < 2; write++)
    for (let t: u32 = 0; t < nTrees; t++) {
      const root = load<u32>(roots + (t << 3));
      const count = load<u32>(starts + (t << 2), 4) - load<u32>(starts + (t << 2));
      for (let node: u32 = 0; node < count; node++) {
        const at = root + (node << 3);
        const word = load<u32>(at, 4);
        const further = (word & ((1 << nodeBits) - 1)) - node;
        if (further > 0xffff) return;
        if (write) store<u32>(at, ((word >> nodeBits) << 2) | (further << 16), 4);
      }
    }
  isShort = true;
}

/** Returns the address, from that of feature 0, of the value that the node at `p` compares; values of a row are 4 << `shift` bytes apart. */
// @ts-ignore: decorator
@inline
export function valueAt(p: u32, bits: u32, shift: u32, form: u32): u32 {
  return form == SHORT ? u32(load<u16>(p, 4)) << shift : (load<u32>(p, 4) >> bits) << (2 + shift);
}

/** What a step must be ready for: only numbers, missing ones too, or category sets too. */
export const NUMBERS: u32 = 0;
export const MISSING: u32 = 1;
export const SETS: u32 = 2;

/**
 * Returns the address of the child that a row goes to from the node at `p`, without a branch; a leaf leads to itself.
 * `value` is the row's value of the node's feature, `root` its tree's first node; `bits` is nodeBits, held in a local,
 * which is faster.
 */
// @ts-ignore: decorator
@inline
export function step(p: u32, root: u32, value: f32, bits: u32, ready: u32, form: u32): u32 {
  let right = u32(value > load<f32>(p));
  if (ready == SETS) {
    const isSet: u32 = load<u8>(bySet + (valueAt(p, bits, 0, form) >> 2));
    const code = reinterpret<u32>(value + 8388608) & 255; // 2^23: the whole number stands in the last bits
    const set = load<u32>(sets + ((load<u32>(p) & (0 - isSet)) << 5) + ((code >> 5) << 2));
    right = either(isSet, 1 - ((set >> (code & 31)) & 1), right);
  }
  if (ready != NUMBERS) right = either(u32(value != value), 1 - u32(load<u8>(nanLeft + ((p - nodes) >> 3))), right);
  if (form == SHORT) return p + ((u32(load<u16>(p, 6)) + right) << 3);
  return root + (((load<u32>(p, 4) & ((1 << bits) - 1)) + right) << 3);
}

/** Returns `yes` where `condition` is 1, and `no` where it is 0; a select would be a branch. */
// @ts-ignore: decorator
@inline
function either(condition: u32, yes: u32, no: u32): u32 {
  return no ^ ((no ^ yes) & (0 - condition));
}

/** Returns 0 where the node at `p` is a leaf. */
// @ts-ignore: decorator
@inline
export function notLeaf(p: u32, form: u32): u32 {
  return form == SHORT ? u32(load<u16>(p, 6)) : (load<u32>(p, 4) >> nodeBits) ^ nFeatures;
}
