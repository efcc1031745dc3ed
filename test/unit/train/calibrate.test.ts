import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import { applyCalibration, type Calibration, parseCalibration } from '#src/model/index.js';
import { fitCalibration } from '#src/train/index.js';

/** Labels drawn with the probability `truth(score)`. */
function drawn(n: number, truth: (score: number) => number) {
  const random = new Xoshiro128(21);
  const scores = Float64Array.from({ length: n }, () => random.nextDouble());
  return { scores, yTrue: Uint8Array.from(scores, (s) => (random.nextDouble() < truth(s) ? 1 : 0)) };
}

const twoClasses = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 15 })), { maxLength: 40 })
  .map((rows) => ({ yTrue: [0, 1, ...rows.map(([y]) => y)], scores: [3, 9, ...rows.map(([, s]) => s)] }));

describe('fitCalibration', () => {
  it('pools what falls, by hand', () => {
    const samples = { yTrue: [0, 1, 0, 0, 1, 1], scores: [1, 2, 3, 3, 4, 5] };
    // 2 and 3 pool to 1 of 3; 4 and 5 are both 1.
    expect(fitCalibration(samples, 'isotonic')).toEqual({
      kind: 'isotonic',
      x: [1, 2, 3, 4, 5],
      y: [0, 1 / 3, 1 / 3, 1, 1],
    });
    expect(fitCalibration({ yTrue: [1, 0], scores: [0.2, 0.9] }, 'isotonic')).toEqual({
      kind: 'isotonic',
      x: [0.2, 0.9],
      y: [0.5, 0.5],
    });
    expect(fitCalibration({ yTrue: [1, 0, 1], scores: [0, -0, 0] }, 'isotonic')).toEqual({
      kind: 'isotonic',
      x: [0],
      y: [2 / 3],
    });
  });

  it.each(['isotonic', 'sigmoid'] as const)('finds the true probabilities again: %s', (kind) => {
    const truth = (s: number) => 1 / (1 + Math.exp(-(6 * s - 4)));
    const fitted = fitCalibration(drawn(40_000, truth), kind);
    for (const s of [0.1, 0.3, 0.5, 0.7, 0.9])
      expect(Math.abs(applyCalibration(fitted, [s])[0]! - truth(s))).toBeLessThan(0.05);
  });

  it('says for samples as a whole what is so, and is no farther from the labels than one level for all', () => {
    fc.assert(
      fc.property(twoClasses, ({ yTrue, scores }) => {
        const fitted = fitCalibration({ yTrue, scores }, 'isotonic');
        const p = applyCalibration(fitted, scores);
        const positives = yTrue.reduce((a, b) => a + b, 0);
        expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(positives, 9);
        const loss = (at: (i: number) => number) => yTrue.reduce((sum, y, i) => sum + (y - at(i)) ** 2, 0);
        expect(loss((i) => p[i]!)).toBeLessThanOrEqual(loss(() => positives / yTrue.length) + 1e-9);
      }),
    );
  });

  it('makes what a load accepts, the same in any order of the samples', () => {
    const kinds = fc.constantFrom<Calibration['kind']>('isotonic', 'sigmoid');
    fc.assert(
      fc.property(twoClasses, kinds, ({ yTrue, scores }, kind) => {
        const fitted = fitCalibration({ yTrue, scores }, kind);
        expect(parseCalibration(JSON.parse(JSON.stringify(fitted)))).toEqual(fitted);
        const turned = fitCalibration({ yTrue: yTrue.toReversed(), scores: scores.toReversed() }, kind);
        const [one, other] = [fitted, turned].map((c) => applyCalibration(c, scores));
        one!.forEach((p, i) => {
          expect(p).toBeCloseTo(other![i]!, 7);
        });
      }),
    );
  });

  it('gives one probability where scores are equal or rank backwards', () => {
    // Platt's targets of 1 positive and 3 negatives: 2/3 and 1/5.
    const level = (2 / 3 + 3 / 5) / 4;
    for (const scores of [
      [0.5, 0.5, 0.5, 0.5],
      [0.1, 0.7, 0.8, 0.9],
    ]) {
      const fitted = fitCalibration({ yTrue: [1, 0, 0, 0], scores }, 'sigmoid');
      expect(fitted).toMatchObject({ kind: 'sigmoid', a: 0 });
      for (const p of applyCalibration(fitted, [0, 0.5, 1])) expect(p).toBeCloseTo(level, 12);
    }
  });

  it('stays finite for scores that separate the classes, however large', () => {
    for (const scale of [1, 1e-6, 1e6, 1e150]) {
      const fitted = fitCalibration(
        { yTrue: [0, 0, 1, 1], scores: [1, 2, 3, 4].map((s) => s * scale) },
        'sigmoid',
      );
      const p = applyCalibration(fitted, [scale, 4 * scale]);
      // Platt's targets of two a side are 1/4 and 3/4; the slope stays finite because of them.
      expect(p[0]).toBeCloseTo(0.2, 1);
      expect(p[1]).toBeCloseTo(0.8, 1);
    }
  });

  it('takes a million samples', () => {
    const samples = drawn(1_000_000, (s) => s * s);
    for (const kind of ['isotonic', 'sigmoid'] as const)
      expect(applyCalibration(fitCalibration(samples, kind), [0.8])[0]).toBeCloseTo(0.64, 1);
  });

  it('refuses what cannot be fitted', () => {
    const fit = (yTrue: number[], scores: number[]) => () => fitCalibration({ yTrue, scores }, 'sigmoid');
    expect(fit([0, 1], [1])).toThrow('scores must have 2 values, got 1');
    expect(fit([0, 2], [1, 1])).toThrow('yTrue of sample 1 must be 0 or 1, got 2');
    expect(fit([0, 1], [1, Number.NaN])).toThrow('scores of sample 1 must be a finite number, got NaN');
    expect(fit([0, 0], [1, 2])).toThrow('there is nothing to calibrate on: 2 negatives and 0 positives');
    expect(() => fitCalibration({ yTrue: [0, 1], scores: [0, 1] }, 'beta' as 'sigmoid')).toThrow(
      "kind must be 'isotonic' or 'sigmoid', got \"beta\"",
    );
  });
});
