import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mcnemarExact, type RowPredictions } from '#src/evaluate/index.js';
import { compareByRow } from '#src/evaluate/mcnemar.js';

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

describe('compareByRow', () => {
  const model: RowPredictions = { dataset: 'd1', rows: [5, 2, 9], yTrue: [1, 0, 1], yPred: [1, 1, 1] };

  it('matches rows by their position, whatever their order', () => {
    const other = { dataset: 'd1', rows: [9, 5, 2], yTrue: [1, 1, 0], yPred: [0, 0, 0] };
    expect(compareByRow(model, other)).toEqual({ onlyThisRight: 2, onlyOtherRight: 1, pValue: 1 });
  });

  it.each([
    ['it has no predictions by row', undefined, model],
    ['the chosen run has no predictions by row', model, undefined],
    ['it was tested on another dataset', model, { ...model, dataset: 'd2' }],
    [
      'it was tested on 3 rows, the chosen run on 2',
      model,
      { dataset: 'd1', rows: [5, 2], yTrue: [1, 0], yPred: [1, 1] },
    ],
    ['it was tested on other rows', model, { ...model, rows: [5, 2, 8] }],
    ['the two have different labels', model, { ...model, yTrue: [1, 1, 1] }],
  ])('says why not: %s', (reason, left, right) => {
    expect(compareByRow(left, right)).toEqual({ reason });
  });
});
