import type { Xoshiro128 } from '../core/index.js';

/**
 * Returns an integer from 0 to `bound` - 1 (bound up to 2^32), each equally likely: the high half of a product of 64 bits,
 * drawn again in the rare case that would favour some (Lemire 2019). Cheaper in WebAssembly than a remainder a draw.
 */
export function drawBelow(generator: Xoshiro128, bound: number): number {
  const limit = (4294967296 - bound) % bound;
  for (;;) {
    const draw = generator.nextUint32();
    // The product in two parts, each below 2^48, so that float64 holds them.
    const low = (draw & 0xffff) * bound;
    const high = (draw >>> 16) * bound + Math.floor(low / 65536);
    const lowHalf = (high % 65536) * 65536 + (low % 65536);
    if (lowHalf >= limit) return Math.floor(high / 65536);
  }
}
