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

/** Returns the feature that a node's second word asks for, times 2^`shift`. `bits` is nodeBits. */
// @ts-ignore: decorator
@inline
export function feature(word: u32, bits: u32, shift: u32): u32 {
  return (word >> bits) << shift;
}

/** What a step must be ready for: only numbers, missing ones too, or category sets too. */
export const NUMBERS: u32 = 0;
export const MISSING: u32 = 1;
export const SETS: u32 = 2;

/**
 * Returns the address of the child that a row goes to from the node at `p`, without a branch; a leaf leads to itself.
 * `word` is the node's second word and `value` the row's value of its feature; `bits` is nodeBits, held in a local, which
 * is faster.
 */
// @ts-ignore: decorator
@inline
export function step(p: u32, word: u32, root: u32, value: f32, bits: u32, ready: u32): u32 {
  const left = word & ((1 << bits) - 1);
  let right = u32(value > load<f32>(p));
  if (ready == SETS) {
    const isSet: u32 = load<u8>(bySet + (word >> bits));
    const code = reinterpret<u32>(value + 8388608) & 255; // 2^23: the whole number stands in the last bits
    const set = load<u32>(sets + ((load<u32>(p) & (0 - isSet)) << 5) + ((code >> 5) << 2));
    right = either(isSet, 1 - ((set >> (code & 31)) & 1), right);
  }
  if (ready != NUMBERS) right = either(u32(value != value), 1 - u32(load<u8>(nanLeft + ((p - nodes) >> 3))), right);
  return root + ((left + right) << 3);
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
export function notLeaf(p: u32): u32 {
  return (load<u32>(p, 4) >> nodeBits) ^ nFeatures;
}
