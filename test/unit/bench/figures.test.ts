import { describe, expect, it } from 'vitest';

const { auc, fastest, pairedRatio, quantile, spread, verdict } = await import(
  new URL('../../../bench/forest/figures.mjs', import.meta.url).href
);

describe('the arithmetic of npm run bench', () => {
  it('interpolates quantiles and skips what was not measured', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(spread([3, null, 1, 2])).toEqual({ median: 2, min: 1, max: 3, n: 3 });
    expect(spread([null])).toBeNull();
  });

  it('pairs the rounds in which both were measured', () => {
    expect(pairedRatio([1, 2, 4], [3, null, 4])).toEqual({ median: 2, min: 1, max: 3, n: 2 });
    expect(pairedRatio([1], [null])).toBeNull();
  });

  it('takes the peer with the smallest median for the fastest', () => {
    const peers = [
      { name: 'steady', values: [2, 2, 2] },
      { name: 'one lucky round', values: [1, 3, 3] },
      { name: 'absent', values: [null, null, null] },
    ];
    expect(fastest(peers).name).toBe('steady');
    expect(fastest([])).toBeUndefined();
  });

  it('says what a value is beside its target and its floor', () => {
    const more = { target: 4, floor: 2.5 };
    expect([4, 3.99, 2.5, 2.49].map((value) => verdict(value, more))).toEqual([
      'reached',
      'below target',
      'below target',
      'BELOW FLOOR',
    ]);
    const less = { target: 100, floor: 130, less: true };
    expect([100, 130, 131].map((value) => verdict(value, less))).toEqual([
      'reached',
      'below target',
      'BELOW FLOOR',
    ]);
    expect([null, Number.NaN].map((value) => verdict(value, more))).toEqual(['not measured', 'not measured']);
  });

  it('counts ties half in the area under the curve', () => {
    expect(auc(Float64Array.of(0.1, 0.4, 0.35, 0.8), [0, 0, 1, 1])).toBe(0.75);
    expect(auc(Float64Array.of(0.5, 0.5, 0.5), [0, 1, 1])).toBe(0.5);
    expect(auc(Float64Array.of(1, 2), [1, 1])).toBeNaN();
  });
});
