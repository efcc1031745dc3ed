const WORD = 0xffffffffffffffffn;

function splitMix64(state: bigint): bigint {
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & WORD;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & WORD;
  return z ^ (z >> 31n);
}

/**
 * A seeded generator of 32-bit numbers (xoshiro128**, Blackman and Vigna 2018), one stream for each pair of seed and
 * stream number, so that work may be shared out in any order: tree 7 draws the same numbers whoever grows it.
 * Both are integers from 0 to 2^32 - 1; the state comes from two steps of SplitMix64 over the pair.
 *
 * @example
 * ```ts
 * const a = new Xoshiro128(42, 7);
 * const b = new Xoshiro128(42, 7);
 * a.nextUint32() === b.nextUint32(); // true
 * ```
 */
export class Xoshiro128 {
  private s0: number;
  private s1: number;
  private s2: number;
  private s3: number;

  constructor(seed: number, stream = 0) {
    const start = (BigInt(seed >>> 0) << 32n) | BigInt(stream >>> 0);
    const first = splitMix64((start + 0x9e3779b97f4a7c15n) & WORD);
    const second = splitMix64((start + 0x3c6ef372fe94f82an) & WORD);
    this.s0 = Number(first & 0xffffffffn) | 0;
    this.s1 = Number(first >> 32n) | 0;
    this.s2 = Number(second & 0xffffffffn) | 0;
    this.s3 = Number(second >> 32n) | 0;
  }

  /** Returns the next integer from 0 to 2^32 - 1. */
  nextUint32(): number {
    const scaled = Math.imul(this.s1, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const shifted = this.s1 << 9;
    this.s2 ^= this.s0;
    this.s3 ^= this.s1;
    this.s1 ^= this.s2;
    this.s0 ^= this.s3;
    this.s2 ^= shifted;
    this.s3 = (this.s3 << 11) | (this.s3 >>> 21);
    return result;
  }

  /** Returns an integer from 0 to `bound` - 1, each equally likely (`bound` from 1 to 2^32). */
  nextBelow(bound: number): number {
    const limit = 4294967296 - (4294967296 % bound);
    let draw = this.nextUint32();
    while (draw >= limit) draw = this.nextUint32();
    return draw % bound;
  }

  /** Returns a number from 0 (included) to 1 (excluded), a multiple of 2^-53. */
  nextDouble(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }
}
