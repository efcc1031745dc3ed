import { Xoshiro128 } from '../core/index.js';

/** Seeded choices in whole numbers only, so the same seed makes the same sample on every machine. */
export class Dice {
  readonly #random: Xoshiro128;

  constructor(seed: number) {
    this.#random = new Xoshiro128(seed);
  }

  /** Returns a whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.#random.nextBelow(high - low + 1);
  }

  /** Returns one of `items`, each as likely as the others. */
  pick<T>(items: readonly T[]): T {
    return items[this.between(0, items.length - 1)]!;
  }

  /** Returns true in `percent` of 100 throws. */
  chance(percent: number): boolean {
    return this.between(1, 100) <= percent;
  }

  /** Returns `length` lower-case hex digits. */
  hex(length: number): string {
    return Array.from({ length }, () => this.between(0, 15).toString(16)).join('');
  }
}
