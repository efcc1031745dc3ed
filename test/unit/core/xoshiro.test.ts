import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';

const WORD = 2n ** 64n;
function splitMix64(state: bigint): bigint {
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) % WORD;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) % WORD;
  return z ^ (z >> 31n);
}

/** The generator as its authors write it, in whole numbers of any size. */
function reference(seed: number, stream: number, n: number): number[] {
  const golden = 0x9e3779b97f4a7c15n;
  const start = BigInt(seed) * 2n ** 32n + BigInt(stream);
  const words = [1n, 2n].flatMap((k) => {
    const z = splitMix64((start + k * golden) % WORD);
    return [z % 2n ** 32n, z >> 32n];
  });
  let [a, b, c, d] = words as [bigint, bigint, bigint, bigint];
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) % 2n ** 32n;
  return Array.from({ length: n }, () => {
    const result = (rotate((b * 5n) % 2n ** 32n, 7n) * 9n) % 2n ** 32n;
    const t = (b << 9n) % 2n ** 32n;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11n);
    return Number(result);
  });
}

const word = fc.integer({ min: 0, max: 4294967295 });

describe('Xoshiro128', () => {
  it('draws what the published algorithm draws', () => {
    fc.assert(
      fc.property(word, word, (seed, stream) => {
        const generator = new Xoshiro128(seed, stream);
        const drawn = Array.from({ length: 50 }, () => generator.nextUint32());
        expect(drawn).toEqual(reference(seed, stream, 50));
      }),
      { numRuns: 50 },
    );
  });

  it('gives streams of one seed different numbers', () => {
    const first = new Set(Array.from({ length: 1000 }, (_, t) => new Xoshiro128(0, t).nextUint32()));
    expect(first.size).toBeGreaterThan(990);
  });

  it('draws every number below a bound about equally often', () => {
    const generator = new Xoshiro128(1);
    const counts = new Array(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[generator.nextBelow(7)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('draws from 0 up to but not including 1, with mean one half', () => {
    const generator = new Xoshiro128(2);
    let sum = 0;
    for (let i = 0; i < 10_000; i++) {
      const value = generator.nextDouble();
      expect(value >= 0 && value < 1).toBe(true);
      sum += value;
    }
    expect(Math.abs(sum / 10_000 - 0.5)).toBeLessThan(0.02);
  });
});
