import { createLogisticModel } from '../../model/index.js';
import { breathe } from '../cancel.js';
import { checkData } from '../check-data.js';
import {
  checkParams,
  integer,
  nJobsRule,
  number,
  type ParamRules,
  randomStateRule,
} from '../check-params.js';
import { classWeightRule, effectiveWeights, type WeightByClass } from '../class-weight.js';
import type { Estimator } from '../estimator.js';
import { createDesign } from './design.js';
import { minimise } from './lbfgs.js';
import { createLoss } from './loss.js';

/** Params of the logistic regression, named as in scikit-learn; `randomState` and `nJobs` change nothing. */
export interface LogisticRegressionParams {
  /** Inverse strength of the L2 penalty, above 0. */
  readonly C: number;
  /** Largest slope of the mean loss at which the fit ends. */
  readonly tol: number;
  readonly maxIter: number;
  readonly classWeight: 'balanced' | WeightByClass | null;
  readonly randomState: number;
  readonly nJobs: number;
}

const RULES: ParamRules<LogisticRegressionParams> = {
  C: number(1, 'a number above 0', (v) => v > 0),
  tol: number(1e-4, 'a number above 0', (v) => v > 0),
  maxIter: integer(100, 1),
  classWeight: classWeightRule(['balanced']),
  randomState: randomStateRule,
  nJobs: nJobsRule,
};

/**
 * L2 logistic regression, multinomial above two classes, as scikit-learn's LogisticRegression after a StandardScaler:
 * columns are standardised inside, categories are columns of 0 and 1, and a missing value counts as its column's mean.
 */
export const logisticRegression: Estimator<LogisticRegressionParams> = {
  name: 'logistic-regression',
  params: (given) => checkParams('logistic-regression', RULES, given),
  async fit(given, x, y, options = {}) {
    const params = checkParams('logistic-regression', RULES, given);
    const { sampleWeight, signal, onProgress } = options;
    checkData(x, y, { sampleWeight });
    const weights =
      effectiveWeights(params.classWeight, y, sampleWeight) ?? new Float64Array(x.nSamples).fill(1);
    const design = createDesign(x, weights);
    const nOutputs = y.classes.length === 2 ? 1 : y.classes.length;
    const nCoefficients = nOutputs * design.nColumns;
    const loss = createLoss({ design, y, weights, C: params.C }, nOutputs);
    let theta = new Float64Array(nCoefficients + nOutputs);
    await breathe(signal);
    for (const state of minimise(loss, theta, params.tol)) {
      theta = Float64Array.from(state.theta);
      onProgress?.({ done: Math.min(state.iteration, params.maxIter), total: params.maxIter });
      await breathe(signal);
      if (state.iteration >= params.maxIter) break;
    }
    return createLogisticModel({
      features: x.features,
      classes: y.classes,
      means: design.means,
      scales: design.scales,
      coefficients: theta.slice(0, nCoefficients),
      intercepts: theta.slice(nCoefficients),
    });
  },
};
