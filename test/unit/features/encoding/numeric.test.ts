import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureEncodingOptions } from '#src/features/index.js';
import { columnsOf, encodeLater } from './columns-of.js';

const { NaN: nan } = Number;
const fit = (train: number[], later: number[], options: FeatureEncodingOptions) =>
  encodeLater(columnsOf({ n: train }), columnsOf({ n: later }), options);

describe('imputers', () => {
  it.each([
    ['median', 2.5],
    ['mean', 3],
    ['most-frequent', 2],
    ['constant', -1],
  ] as const)('%s fills a missing number with %f', (strategy, expected) => {
    const made = fit([2, 2, nan, 3, 5], [nan, 7], { impute: { strategy, fillValue: -1 } });
    expect(made.rows).toEqual([[expected], [7]]);
  });

  it('fill with 0 where training has no value, and with the least of equally frequent ones', () => {
    expect(fit([nan, nan], [nan], { impute: {} }).rows).toEqual([[0]]);
    expect(fit([5, 5, 1, 1, 9], [nan], { impute: { strategy: 'most-frequent' } }).rows).toEqual([[1]]);
  });

  it('say in a second column where a value was missing, where training misses some', () => {
    const impute = { addIndicator: true };
    const made = fit([1, nan, 3], [nan, 4], { impute });
    expect(made.names).toEqual(['n', 'missingindicator_n']);
    expect(made.rows).toEqual([
      [2, 1],
      [4, 0],
    ]);
    expect(fit([1, 2, 3], [nan], { impute }).rows).toEqual([[2]]);
  });
});

describe('scalers', () => {
  it.each([
    ['standard', [-1, 1, 3]],
    ['min-max', [0, 1, 2]],
    ['robust', [-1, 1, 3]],
  ] as const)('%s scales by the training column', (scale, expected) => {
    expect(fit([0, 10], [0, 10, 20], { scale }).rows.flat()).toEqual(expected);
  });

  it.each(['standard', 'min-max', 'robust'] as const)('%s leaves a constant column finite', (scale) => {
    expect(fit([7, 7, nan], [7, 8, nan], { scale }).rows).toEqual([[0], [1], [nan]]);
    expect(fit([nan], [8], { scale }).rows).toEqual([[8]]);
  });

  it('scale the filled column', () => {
    expect(fit([0, 4, nan, nan], [nan], { impute: {}, scale: 'min-max' }).rows).toEqual([[0.5]]);
    const { encoding } = fit([0, 4, nan, nan], [nan], { impute: {}, scale: 'standard' });
    expect(encoding.toJSON().columns[0]).toMatchObject({ fillValue: 2, center: 2, scale: Math.sqrt(2) });
  });

  it('never give a number beyond single precision', () => {
    const largest = 3.4028234663852886e38;
    expect(fit([0, 1e-10], [largest, -largest], { scale: 'min-max' }).rows.flat()).toEqual([
      largest,
      -largest,
    ]);
  });

  it('leave numbers to the bit where neither is asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noDefaultInfinity: true }), { minLength: 1 }), (values) => {
        const { rows } = fit(values, values, { encoding: { categorical: 'one-hot' } });
        expect(rows.flat()).toEqual(values.map((value) => (value === 0 ? expect.closeTo(0) : value)));
      }),
    );
  });
});
