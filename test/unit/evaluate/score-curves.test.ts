import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, scoreCurves } from '#src/evaluate/index.js';
import { expectThrown } from '../../support/expect-thrown.js';

describe('scoreCurves', () => {
  it('steps through every distinct score, ties together', () => {
    const { roc, precisionRecall } = scoreCurves({ yTrue: [1, 0, 1, 0], scores: [0.8, 0.8, 0.3, 0.1] });
    expect(roc).toEqual([
      [0, 0],
      [0.5, 0.5],
      [0.5, 1],
      [1, 1],
    ]);
    expect(precisionRecall).toEqual([
      [0.5, 0.5],
      [1, 2 / 3],
      [1, 0.5],
    ]);
  });

  it('is empty where a class is missing', () => {
    expect(scoreCurves({ yTrue: [1, 1], scores: [0.1, 0.2] })).toEqual({ roc: [], precisionRecall: [] });
  });

  it('has the area that evaluate gives, rises, and keeps its ends when thinned', () => {
    const sample = fc.record({ y: fc.constantFrom(0, 1), s: fc.integer({ min: 0, max: 1000 }) });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 2, maxLength: 400 }), (samples) => {
        const yTrue = samples.map(({ y }) => y);
        fc.pre(yTrue.includes(0) && yTrue.includes(1));
        const scores = samples.map(({ s }) => s / 1000);
        const { roc } = scoreCurves({ yTrue, scores }, { maxPoints: 1000 });
        let area = 0;
        for (let i = 1; i < roc.length; i++)
          area += ((roc[i]![1] + roc[i - 1]![1]) / 2) * (roc[i]![0] - roc[i - 1]![0]);
        const rows = scores.flatMap((s) => [1 - s, s]);
        const { metrics } = evaluate(
          { yTrue, yPred: yTrue, classes: [0, 1], scores: rows },
          { resamples: 0 },
        );
        expect(area).toBeCloseTo(metrics['rocAuc']!, 10);
        const thin = scoreCurves({ yTrue, scores }, { maxPoints: 20 }).roc;
        expect(thin.length).toBeLessThanOrEqual(21);
        expect([thin[0], thin.at(-1)]).toEqual([
          [0, 0],
          [1, 1],
        ]);
        for (let i = 1; i < thin.length; i++) {
          expect(thin[i]![0]).toBeGreaterThanOrEqual(thin[i - 1]![0]);
          expect(thin[i]![1]).toBeGreaterThanOrEqual(thin[i - 1]![1]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('refuses fewer than two points', () => {
    const input = { yTrue: [0, 1], scores: [0, 1] };
    expect(expectThrown(() => scoreCurves(input, { maxPoints: 1 }), 'INVALID_PARAMETER').message).toBe(
      'maxPoints must be a whole number of at least 2, got 1',
    );
  });
});
