import { didYouMean, PhantomNetError, show } from '../core/index.js';
import type { Estimator } from './estimator.js';
import { decisionTree } from './forest/decision-tree.js';
import { extraTrees } from './forest/extra-trees.js';
import { randomForest } from './forest/random-forest.js';
import { logisticRegression } from './logistic/logistic-regression.js';
import { majority } from './majority.js';
import { stump } from './stump.js';

/** Every estimator. Their params differ, so a caller that picks one by name holds them as an opaque object. */
export type AnyEstimator = Estimator<object>;

/** All estimators, in the order they are listed to people. To add one, add it here. */
export const estimators: readonly AnyEstimator[] = [
  randomForest,
  extraTrees,
  decisionTree,
  logisticRegression,
  stump,
  majority,
].map((estimator) => estimator as unknown as AnyEstimator);

/** Returns the estimator of that name. Throws INVALID_PARAMETER with the nearest name. */
export function getEstimator(name: string): AnyEstimator {
  const found = estimators.find((estimator) => estimator.name === name);
  if (found) return found;
  const names = estimators.map((estimator) => estimator.name);
  throw new PhantomNetError('INVALID_PARAMETER', `no estimator ${show(name)}`, {
    hint: didYouMean(name, names) ?? `the estimators are ${names.join(', ')}`,
    details: { given: name, allowed: names },
  });
}
