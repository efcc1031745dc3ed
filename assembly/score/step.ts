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

/** Returns the feature that a node's second word asks for, times 2^`shift`. */
// @ts-ignore: decorator
@inline
export function feature(word: u32, shift: u32): u32 {
  return (word >> nodeBits) << shift;
}

/**
 * Returns the address of the child that a row goes to from the node at `p`, without a branch; a leaf leads to itself.
 * `word` is the node's second word and `value` the row's value of its feature. `any` rows may have missing values, and
 * forests category sets.
 */
// @ts-ignore: decorator
@inline
export function step(p: u32, word: u32, root: u32, value: f32, any: bool): u32 {
  const left = word & ((1 << nodeBits) - 1);
  let right = u32(value > load<f32>(p));
  if (any) {
    const isSet: u32 = load<u8>(bySet + (word >> nodeBits));
    const code = i32(value);
    const bits = sets + select<u32>(load<u32>(p) << 5, 0, isSet != 0) + (((code >> 5) & 7) << 2);
    right = select<u32>(1 - ((load<u32>(bits) >> (code & 31)) & 1), right, isSet != 0);
    right = select<u32>(1 - u32(load<u8>(nanLeft + ((p - nodes) >> 3))), right, value != value);
  }
  return root + ((left + right) << 3);
}

/** Returns 0 where the node at `p` is a leaf. */
// @ts-ignore: decorator
@inline
export function notLeaf(p: u32): u32 {
  return (load<u32>(p, 4) >> nodeBits) ^ nFeatures;
}
