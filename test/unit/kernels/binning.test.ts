import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeColumn, midpoint } from '#src/kernels/binning.js';
import { findBins, MISSING_BIN } from '#src/kernels/index.js';

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const encode = (values: Float32Array, edges: Float32Array) => {
  const codes = new Uint8Array(values.length);
  encodeColumn(values, edges, codes);
  return codes;
};

describe('midpoint', () => {
  it('lies between its neighbours: low ≤ t < high, as a float32', () => {
    fc.assert(
      fc.property(float, float, (a, b) => {
        fc.pre(a !== b);
        const [low, high] = a < b ? [a, b] : [b, a];
        const t = midpoint(low, high);
        expect(Math.fround(t)).toBe(t);
        expect(low <= t && t < high).toBe(true);
        expect(Object.is(t, -0)).toBe(false);
      }),
    );
  });

  it('is the lower neighbour where the middle rounds up to the higher one', () => {
    const high = 1 + 2 ** -23;
    expect(midpoint(1, high)).toBe(1);
    expect(midpoint(1 + 2 ** -23, 1 + 2 ** -22)).toBe(1 + 2 ** -23);
  });
});

describe('findBins', () => {
  it('gives every distinct value its own bin while there are at most 255', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i * 7919) % 255);
    const bins = findBins(values);
    expect([...bins.lows]).toEqual(Array.from({ length: 255 }, (_, i) => i));
    expect([...bins.highs]).toEqual([...bins.lows]);
    expect(bins.edges[0]).toBe(0.5);
    expect([...encode(values, bins.edges)]).toEqual([...values]);
  });

  it('gives each of 255 bins its share of what is left, and at most a 1024th of all beyond it', () => {
    const values = Float32Array.from({ length: 25_500 }, (_, i) => (i * 7919) % 25_500);
    const counts = new Array<number>(255).fill(0);
    for (const code of encode(values, findBins(values).edges)) counts[code]!++;
    let left = values.length;
    counts.forEach((count, b) => {
      const share = left / (255 - b);
      expect(count).toBeGreaterThanOrEqual(share);
      expect(count).toBeLessThan(share + values.length / 1024);
      left -= count;
    });
    expect(left).toBe(0);
  });

  it('makes no bin of NaN alone', () => {
    expect(findBins(Float32Array.of(Number.NaN)).lows.length).toBe(0);
  });

  it('keeps order and bounds for any values, whatever their order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noDefaultInfinity: true }), { maxLength: 400 }),
        fc.integer({ min: 2, max: 20 }),
        (list, maxBins) => {
          const values = Float32Array.from(list);
          const bins = findBins(values, maxBins);
          expect(findBins(values.slice().reverse(), maxBins)).toEqual(bins);
          expect(bins.lows.length).toBeLessThanOrEqual(maxBins);
          encode(values, bins.edges).forEach((code, i) => {
            const value = values[i]!;
            if (Number.isNaN(value)) expect(code).toBe(MISSING_BIN);
            else expect(bins.lows[code]! <= value && value <= bins.highs[code]!).toBe(true);
          });
        },
      ),
    );
  });

  it('puts values beyond the training range into the outer bins', () => {
    const { edges } = findBins(Float32Array.of(1, 2, 3));
    expect([...encode(Float32Array.of(-9, 9, Number.POSITIVE_INFINITY, Number.NaN), edges)]).toEqual([
      0, 2, 2, 255,
    ]);
  });
});
