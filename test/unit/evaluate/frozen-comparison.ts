import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { PairedTest, Untested } from '#src/evaluate/index.js';

type Numbers = number[];

/** Difference, interval ends and p of a test, by its definition. */
export type Expected = [difference: number, low: number, high: number, pValue: number];

/** What `test/parity/comparison-frozen.py` wrote. */
export const frozen = JSON.parse(
  readFileSync(new URL('../../parity/frozen/comparison.json', import.meta.url), 'utf8'),
) as {
  delong: { isPositive: Numbers; scores: Numbers; otherScores: Numbers; expected: Expected }[];
  correctedT: { values: Numbers; otherValues: Numbers; testToTrain: number; expected: Expected }[];
  bootstrap: { right: Numbers; otherRight: Numbers; groups: Numbers | null; expected: Expected }[];
  bonettPrice: [b: number, c: number, n: number, low: number, high: number][];
  normal: [z: number, p: number][];
  student: [t: number, df: number, p: number][];
  studentQuantiles: [p: number, df: number, t: number][];
};

/** Fails unless two numbers agree to `digits` relative to their size. */
export function expectNear(actual: number, expected: number, digits = 1e-10): void {
  expect(Math.abs(actual - expected), `${actual} against ${expected}`).toBeLessThanOrEqual(
    digits * Math.max(Math.abs(expected), 1e-300),
  );
}

/** Returns the test; fails with the reason where there is none. */
export function tested(result: PairedTest | Untested): PairedTest {
  if ('reason' in result) throw new Error(result.reason);
  return result;
}

/** Fails unless `swapped` is `result` seen from the other model. */
export function expectMirrored(swapped: PairedTest | Untested, result: PairedTest | Untested): void {
  if ('reason' in result) {
    expect(swapped).toEqual(result);
    return;
  }
  const { difference, interval, pValue } = tested(swapped);
  expect(difference + result.difference).toBe(0);
  expect(pValue).toBe(result.pValue);
  expect(interval.low).toBeCloseTo(-result.interval.high, 12);
  expect(interval.high).toBeCloseTo(-result.interval.low, 12);
}
