import { expect, it } from 'vitest';
import { trackingEndpoints } from '#src/mlflow/index.js';

const read = (value: unknown) =>
  trackingEndpoints.logMetric.request.safeParse({ run_id: 'r', key: 'k', value, timestamp: 1 });

it.each([
  [1, 1],
  ['1', 1],
  ['1.', 1],
  ['.5', 0.5],
  ['-1.5e-3', -0.0015],
  ['NaN', Number.NaN],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])('reads the double %j', (given, value) => {
  expect(read(given).data).toMatchObject({ value });
});

it.each(['', '.', '1e', '1.2.3', 'x', '0x10', ' 1', null])('refuses the double %j', (given) => {
  expect(read(given).success).toBe(false);
});

it('refuses a text of digits that is no number in time that grows with its length alone', () => {
  expect(read(`${'1'.repeat(2_000_000)}x`).success).toBe(false);
});
