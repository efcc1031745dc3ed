import { expect, it } from 'vitest';
import { estimators, getEstimator } from '#src/train/index.js';
import { type EstimatorCase, estimatorContract } from './estimator.contract.js';

const cases: EstimatorCase[] = [
  {
    estimator: getEstimator('random-forest'),
    params: { nEstimators: 10 },
    accuracy: 0.95,
    ignoresOrder: false, // a bootstrap draws positions
  },
  {
    estimator: getEstimator('extra-trees'),
    params: { nEstimators: 10 },
    accuracy: 0.95,
    ignoresOrder: false,
  },
  { estimator: getEstimator('decision-tree'), accuracy: 0.95, ignoresOrder: true },
  { estimator: getEstimator('logistic-regression'), accuracy: 0.9, ignoresOrder: true },
  { estimator: getEstimator('stump'), accuracy: 0.9, ignoresOrder: true },
  { estimator: getEstimator('majority'), accuracy: 0.5, ignoresOrder: true, oneClass: true },
];

for (const testCase of cases) estimatorContract(testCase);

it('every estimator runs the contract', () => {
  expect(cases.map((c) => c.estimator)).toEqual(estimators);
});

it('an unknown estimator is named, with the nearest one or the list', () => {
  expect(() => getEstimator('random-forrest')).toThrow(
    expect.objectContaining({
      code: 'INVALID_PARAMETER',
      message: 'no estimator "random-forrest"',
      hint: "did you mean 'random-forest'?",
    }),
  );
  expect(() => getEstimator('xyz')).toThrow(
    expect.objectContaining({
      hint: 'the estimators are random-forest, extra-trees, decision-tree, logistic-regression, stump, majority',
    }),
  );
});
