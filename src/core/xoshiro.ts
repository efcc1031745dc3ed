/**
 * Seeded random numbers: xoshiro128** (Blackman and Vigna 2018), its state filled by splitmix32 from one 32-bit seed.
 * Integer arithmetic only, so the same seed gives the same numbers everywhere.
 */
export class Xoshiro128 {
  readonly #state = new Uint32Array(4);

  /** `seed` is taken modulo 2^32. */
  constructor(seed: number) {
    let z = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      z = (z + 0x9e3779b9) >>> 0;
      let t = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
      this.#state[i] = t ^ (t >>> 15);
    }
  }

  /** Returns a whole number from 0 to 2^32 - 1. */
  nextUint32(): number {
    const s = this.#state;
    const product = Math.imul(s[1]!, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** Returns a number from 0 up to but not including 1, with 32 random bits. */
  nextFloat(): number {
    return this.nextUint32() / 4_294_967_296;
  }
}
