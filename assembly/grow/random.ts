/** xoshiro128** (Blackman and Vigna 2018), seeded as core/xoshiro.ts does: one stream for each pair of seed and stream number. */
let s0: u32 = 0;
let s1: u32 = 0;
let s2: u32 = 0;
let s3: u32 = 0;

function splitMix64(state: u64): u64 {
  let z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** Starts the stream of that seed and number. */
export function seed(seed: u32, stream: u32): void {
  const start = ((<u64>seed) << 32) | (<u64>stream);
  const first = splitMix64(start + 0x9e3779b97f4a7c15);
  const second = splitMix64(start + 0x3c6ef372fe94f82a);
  s0 = <u32>first;
  s1 = <u32>(first >> 32);
  s2 = <u32>second;
  s3 = <u32>(second >> 32);
}

/** Returns the next 32 bits. */
// @ts-ignore: decorator
@inline
export function next(): u32 {
  const result = rotl<u32>(s1 * 5, 7) * 9;
  const shifted = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  s0 ^= s3;
  s2 ^= shifted;
  s3 = rotl<u32>(s3, 11);
  return result;
}

/** Returns an integer from 0 to `bound` - 1, each equally likely: the high half of a product, drawn again in the rare case that would favour some (Lemire 2019). */
// @ts-ignore: decorator
@inline
export function below(bound: u32): u32 {
  let product = <u64>next() * <u64>bound;
  if (<u32>product < bound) {
    const limit: u32 = (0 - bound) % bound;
    while (<u32>product < limit) product = <u64>next() * <u64>bound;
  }
  return <u32>(product >> 32);
}

/**
 * Adds 1 to the byte at `counts` + d for each of `n` draws d below `bound`: those of `below`, with the state in locals,
 * which takes half the time.
 */
export function countDraws(n: u32, bound: u32, counts: usize): void {
  let a = s0;
  let b = s1;
  let c = s2;
  let d = s3;
  const limit: u32 = (0 - bound) % bound;
  for (let drawn: u32 = 0; drawn < n; ) {
    const product = <u64>(rotl<u32>(b * 5, 7) * 9) * <u64>bound;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotl<u32>(d, 11);
    if (<u32>product < limit) continue;
    const at = counts + <usize>(product >> 32);
    store<u8>(at, load<u8>(at) + 1);
    drawn++;
  }
  s0 = a;
  s1 = b;
  s2 = c;
  s3 = d;
}

/** Returns a number from 0 (included) to 1 (excluded), a multiple of 2^-53. */
export function nextDouble(): f64 {
  const high = <f64>(next() >> 5);
  const low = <f64>(next() >> 6);
  return (high * 67108864.0 + low) / 9007199254740992.0;
}
