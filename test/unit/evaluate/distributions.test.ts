import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalTwoSided, studentQuantile, studentTwoSided } from '#src/evaluate/distributions.js';
import { expectNear, frozen } from './frozen-comparison.js';

describe('tails', () => {
  it("agree with SciPy's to 12 digits, far out too", () => {
    for (const [z, p] of frozen.normal) expectNear(normalTwoSided(z), p, 1e-12);
    for (const [t, df, p] of frozen.student) expectNear(studentTwoSided(t, df), p, 1e-12);
    for (const [p, df, t] of frozen.studentQuantiles) expectNear(studentQuantile(p, df), t, 1e-12);
  });

  it('hold what is known by hand: one degree of freedom is a Cauchy, two have a closed form', () => {
    expect(studentTwoSided(1, 1)).toBeCloseTo(0.5, 14);
    expect(studentTwoSided(Math.SQRT2, 2)).toBeCloseTo(1 - Math.SQRT1_2, 14);
    expect([normalTwoSided(0), studentTwoSided(0, 7)]).toEqual([1, 1]);
    expect([normalTwoSided(-2), studentTwoSided(-2, 5)]).toEqual([normalTwoSided(2), studentTwoSided(2, 5)]);
    expect([normalTwoSided(Infinity), studentTwoSided(Infinity, 3)]).toEqual([0, 0]);
  });

  it('are probabilities that fall as the number grows', () => {
    const size = fc.double({ min: 0, max: 60, noNaN: true });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 600 }), (a, b, df) => {
        const [near, far] = [Math.min(a, b), Math.max(a, b)];
        for (const tail of [normalTwoSided, (t: number) => studentTwoSided(t, df)]) {
          expect(tail(far)).toBeGreaterThanOrEqual(0);
          expect(tail(near)).toBeLessThanOrEqual(1);
          expect(tail(far)).toBeLessThanOrEqual(tail(near) * (1 + 1e-12));
        }
      }),
    );
  });
});
