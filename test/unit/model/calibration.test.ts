import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCalibration, type Calibration, parseCalibration } from '#src/model/index.js';

const isotonic = { kind: 'isotonic', x: [0.2, 0.4, 0.8], y: [0.1, 0.1, 0.9] } as const;

/** Any isotonic calibration: points at rising scores with rising probabilities. */
const isotonics: fc.Arbitrary<Calibration> = fc
  .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 30 })
  .chain((scores) =>
    fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), {
        minLength: scores.length,
        maxLength: scores.length,
      })
      .map((levels) => ({
        kind: 'isotonic' as const,
        x: [...new Set(scores.map((s) => s + 0))].sort((a, b) => a - b),
        y: levels.sort((a, b) => a - b),
      })),
  )
  .filter((c) => c.x.length === c.y.length);
const sigmoids: fc.Arbitrary<Calibration> = fc.record({
  kind: fc.constant('sigmoid' as const),
  a: fc.double({ max: 0, noNaN: true, noDefaultInfinity: true }),
  b: fc.double({ noNaN: true, noDefaultInfinity: true }),
});

describe('applyCalibration', () => {
  it('draws straight lines between points, and is level outside', () => {
    const scores = [-5, 0.2, 0.3, 0.4, 0.6, 0.8, 1, Infinity, -Infinity];
    const expected = [0.1, 0.1, 0.1, 0.1, 0.5, 0.9, 0.9, 0.9, 0.1];
    applyCalibration(isotonic, scores).forEach((p, i) => {
      expect(p).toBeCloseTo(expected[i]!, 14);
    });
  });

  it('is 1 / (1 + exp(a s + b)) for a sigmoid', () => {
    const [half, most] = applyCalibration({ kind: 'sigmoid', a: -2, b: 1 }, [0.5, 2]);
    expect(half).toBe(0.5);
    expect(most).toBeCloseTo(1 / (1 + Math.exp(-3)), 15);
  });

  it('never rises over the next point, nor loses its way between points too far apart to subtract', () => {
    const far = { kind: 'isotonic', x: [-1.7e308, 1.7e308], y: [0.25, 0.75] } as const;
    expect(Array.from(applyCalibration(far, [-1.7e308, 0, 1e308, 1.7e308]))).toEqual([
      0.25, 0.25, 0.25, 0.75,
    ]);
    // The way to the second point rounds to 1, and low + (high - low) to one step above high.
    const u = 2 ** -53;
    const steep = { kind: 'isotonic', x: [-1, 1], y: [1.5 * u, 0.5 + 3 * u] } as const;
    expect(1.5 * u + (0.5 + 3 * u - 1.5 * u)).toBe(0.5 + 4 * u);
    expect(applyCalibration(steep, [1 - u])[0]).toBe(0.5 + 3 * u);
  });

  it('keeps NaN', () => {
    expect(applyCalibration(isotonic, [Number.NaN])[0]).toBeNaN();
    expect(applyCalibration({ kind: 'sigmoid', a: -2, b: 1 }, [Number.NaN])[0]).toBeNaN();
  });

  it('of any stored calibration gives probabilities that never fall as the score rises', () => {
    const scores = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(fc.oneof(isotonics, sigmoids), scores, (calibration, raw) => {
        const sorted = Float64Array.from(raw).sort();
        const probabilities = applyCalibration(parseCalibration(calibration), sorted);
        probabilities.forEach((p, i) => {
          expect(p >= 0 && p <= 1).toBe(true);
          if (i > 0) expect(p).toBeGreaterThanOrEqual(probabilities[i - 1]!);
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseCalibration', () => {
  it('gives back what JSON kept, and drops what does not belong', () => {
    expect(parseCalibration(JSON.parse(JSON.stringify(isotonic)))).toEqual(isotonic);
    expect(parseCalibration({ kind: 'sigmoid', a: -1, b: 0, x: [1], __proto__: { c: 1 } })).toEqual({
      kind: 'sigmoid',
      a: -1,
      b: 0,
    });
  });

  it.each([
    [null, 'calibration: value must be an object, got null'],
    ['isotonic', 'calibration: value must be an object, got "isotonic"'],
    [{ kind: 'spline' }, `calibration: kind must be 'isotonic' or 'sigmoid', got "spline"`],
    [{ kind: 'sigmoid', a: 1, b: 0 }, 'calibration: a must be a finite number of 0 or less, got 1'],
    [{ kind: 'sigmoid', a: '-1', b: 0 }, 'calibration: a must be a finite number of 0 or less, got "-1"'],
    [{ kind: 'sigmoid', a: -1, b: Infinity }, 'calibration: b must be a finite number, got Infinity'],
    [{ kind: 'isotonic', x: [], y: [] }, 'calibration: x must be a list of 1 to 200000 numbers, got 0'],
    [{ kind: 'isotonic', x: {}, y: [] }, 'calibration: x must be a list of 1 to 200000 numbers, got {}'],
    [
      { kind: 'isotonic', x: new Array(200_001).fill(0), y: [0] },
      'calibration: x must be a list of 1 to 200000 numbers, got 200001',
    ],
    [{ kind: 'isotonic', x: [0, null], y: [0, 1] }, 'calibration: x[1] must be a finite number, got null'],
    [{ kind: 'isotonic', x: [0, 1], y: [0] }, 'calibration: y must be a list of 2 numbers, got [0]'],
    [{ kind: 'isotonic', x: [0, 0], y: [0, 1] }, 'calibration: x[1] must be above the one before it, got 0'],
    [
      { kind: 'isotonic', x: [0, 1], y: [0.5, 0.4] },
      'calibration: y[1] must be no lower than 0 and the one before it, got 0.4',
    ],
    [
      { kind: 'isotonic', x: [0], y: [-0.1] },
      'calibration: y[0] must be no lower than 0 and the one before it',
    ],
    [{ kind: 'isotonic', x: [0, 1], y: [0, 1.1] }, 'calibration: y[1] must be at most 1, got 1.1'],
  ])('refuses %j', (value, message) => {
    expect(() => parseCalibration(value)).toThrow(message);
    expect(() => parseCalibration(value)).toThrow(expect.objectContaining({ code: 'INTEGRITY' }));
  });
});
