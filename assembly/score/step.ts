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
 * Returns the address of the child that a row goes to from the node at `p`, without a branch; a leaf leads to itself.
 * Feature f of the row is at `x` + (f << shift). `any` rows may have missing values, and forests category sets.
 */
// @ts-ignore: decorator
@inline
export function step(p: u32, root: u32, x: u32, shift: u32, any: bool): u32 {
  const w = load<u32>(p, 4);
  const f = w >> nodeBits;
  const left = w & ((1 << nodeBits) - 1);
  const value = load<f32>(x + (f << shift));
  let right = u32(value > load<f32>(p));
  if (any) {
    const isSet: u32 = load<u8>(bySet + f);
    const code = i32(value);
    const word = sets + select<u32>(load<u32>(p) << 5, 0, isSet != 0) + (((code >> 5) & 7) << 2);
    right = select<u32>(1 - ((load<u32>(word) >> (code & 31)) & 1), right, isSet != 0);
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
