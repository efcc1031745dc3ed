import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mcnemarExact, mcnemarTest } from '#src/evaluate/index.js';
import { expectMirrored, expectNear, frozen } from './frozen-comparison.js';

const { mcnemar } = JSON.parse(
  readFileSync(new URL('../../parity/frozen/metrics.json', import.meta.url), 'utf8'),
) as { mcnemar: [number, number, number][] };

describe('mcnemarExact', () => {
  it("agrees with SciPy's binomial test", () => {
    for (const [b, c, p] of mcnemar)
      expect(Math.abs(mcnemarExact(b, c) - p), `${b}, ${c}`).toBeLessThan(1e-11);
  });

  it('is symmetric, a probability, and falls as the sides part', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (b, c) => {
        const p = mcnemarExact(b, c);
        expect(mcnemarExact(c, b)).toBe(p);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        const [fewer, more] = [Math.min(b, c), Math.max(b, c)];
        expect(mcnemarExact(fewer, more + 1)).toBeLessThanOrEqual(p + 1e-12);
      }),
    );
  });

  it('stays finite for a million rows that differ', () => {
    expect(mcnemarExact(0, 1_000_000)).toBe(0);
    expect(mcnemarExact(499_000, 501_000)).toBeCloseTo(0.0456, 3);
  });
});

describe('mcnemarTest', () => {
  /** Predictions of `n` rows of class 1 of which b are right here alone, c there alone, and the others in both. */
  const rows = (b: number, c: number, n: number) => ({
    yTrue: new Array<number>(n).fill(1),
    yPred: Array.from({ length: n }, (_, i) => (i >= b && i < b + c ? 0 : 1)),
    otherPred: Array.from({ length: n }, (_, i) => (i < b ? 0 : 1)),
  });

  it("counts the rows on which the models part, with Bonett and Price's interval", () => {
    for (const [b, c, n, low, high] of frozen.bonettPrice) {
      const test = mcnemarTest(rows(b, c, n));
      expect(test).toMatchObject({
        test: 'mcnemar',
        metric: 'accuracy',
        onlyThisRight: b,
        onlyOtherRight: c,
      });
      expect([test.difference, test.pValue]).toEqual([(b - c) / n, mcnemarExact(b, c)]);
      expectNear(test.interval.low, low, 1e-12);
      expectNear(test.interval.high, high, 1e-12);
      expect(test.interval).toMatchObject({ level: 0.95, method: 'bonettPrice' });
    }
  });

  it('refuses no rows, and predictions of other rows', () => {
    expect(() => mcnemarTest({ yTrue: [], yPred: [], otherPred: [] })).toThrow(
      expect.objectContaining({
        code: 'BAD_DATA',
        message: 'there is no row to compare two models on: yTrue is empty',
        hint: 'give at least one labelled row that both models predict',
      }),
    );
    expect(() => mcnemarTest({ yTrue: [1], yPred: [1], otherPred: [1, 0] })).toThrow(
      expect.objectContaining({
        code: 'INVALID_PARAMETER',
        message: 'otherPred must have 1 values, got 2',
      }),
    );
  });

  it('mirrors when the models are swapped, and shows nothing between equal ones', () => {
    const row = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (list) => {
        const [yTrue, yPred, otherPred] = [0, 1, 2].map((column) => list.map((r) => r[column]!));
        const test = mcnemarTest({ yTrue: yTrue!, yPred: yPred!, otherPred: otherPred! });
        expectMirrored(mcnemarTest({ yTrue: yTrue!, yPred: otherPred!, otherPred: yPred! }), test);
        const same = mcnemarTest({ yTrue: yTrue!, yPred: yPred!, otherPred: yPred! });
        expect([same.difference, same.pValue]).toEqual([0, 1]);
      }),
    );
  });
});
