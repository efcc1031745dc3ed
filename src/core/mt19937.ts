import { invalidParameter } from './errors.js';

const N = 624;
const M = 397;
const UPPER_BIT = 0x80000000;
const LOWER_BITS = 0x7fffffff;
const TWIST = 0x9908b0df;

/**
 * A stream of seeded random integers, the same as NumPy's legacy `RandomState(seed)`.
 *
 * For splits, where the row indices must equal scikit-learn's. Not for secrets: the stream can be predicted.
 * Deterministic given the seed; 2.5 kB of state. Source: Matsumoto and Nishimura 1998, "Mersenne Twister",
 * MT19937 with the 2002 seeding.
 *
 * @example
 * ```ts
 * const random = new RandomState(42);
 * random.nextUint32(); // 1608637542
 * random.permutation(5); // [1, 4, 2, 0, 3]
 * ```
 */
export class RandomState {
  readonly #state = new Uint32Array(N);
  #used = N;

  /** Starts the stream of `seed`, an integer from 0 to 2³² − 1. Throws INVALID_PARAMETER for any other. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
      invalidParameter('randomState', 'an integer from 0 to 4294967295', seed);
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < N; i++) {
      const previous = state[i - 1]!;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** Returns the next integer of the stream, 0 to 2³² − 1. */
  nextUint32(): number {
    if (this.#used === N) this.#refill();
    let y = this.#state[this.#used++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /**
   * Returns a uniform integer from 0 to `max`, both included; `max` at most 2³² − 1.
   * Draws until the masked bits fit, as NumPy's legacy generator does; draws nothing when `max` is 0.
   */
  nextInteger(max: number): number {
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    for (;;) {
      const value = (this.nextUint32() & mask) >>> 0;
      if (value <= max) return value;
    }
  }

  /** Shuffles `values` in place as NumPy's legacy `shuffle` does, and returns it. O(n). */
  shuffle<T extends Uint32Array | Uint16Array>(values: T): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.nextInteger(i);
      const swapped = values[i]!;
      values[i] = values[j]!;
      values[j] = swapped;
    }
    return values;
  }

  /** Returns the numbers 0 to `n` − 1, shuffled. O(n). */
  permutation(n: number): Uint32Array {
    return this.shuffle(Uint32Array.from({ length: n }, (_, i) => i));
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < N; i++) {
      const y = (state[i]! & UPPER_BIT) | (state[(i + 1) % N]! & LOWER_BITS);
      state[i] = state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? TWIST : 0);
    }
    this.#used = 0;
  }
}
