import { createMajorityModel } from '../model/index.js';
import { breathe } from './cancel.js';
import { checkData } from './check-data.js';
import { checkParams, nJobsRule, type ParamRules, randomStateRule } from './check-params.js';
import type { Estimator } from './estimator.js';

/** Params of the majority baseline; both are taken for uniformity and change nothing. */
export interface MajorityParams {
  readonly randomState: number;
  readonly nJobs: number;
}

const RULES: ParamRules<MajorityParams> = { randomState: randomStateRule, nJobs: nJobsRule };

/**
 * The baseline that looks at no feature: every row gets the class shares of the training set (scikit-learn's
 * DummyClassifier with strategy 'prior'). Takes samples of one class too.
 */
export const majority: Estimator<MajorityParams> = {
  name: 'majority',
  params: (given) => checkParams('majority', RULES, given),
  async fit(given, x, y, options = {}) {
    checkParams('majority', RULES, given);
    const { sampleWeight, signal, onProgress } = options;
    checkData(x, y, { sampleWeight, oneClass: true });
    await breathe(signal);
    const priors = new Float64Array(y.classes.length);
    let total = 0;
    for (let i = 0; i < y.codes.length; i++) {
      const weight = sampleWeight ? sampleWeight[i]! : 1;
      priors[y.codes[i]!]! += weight;
      total += weight;
    }
    onProgress?.({ done: 1, total: 1 });
    return createMajorityModel({
      features: x.features,
      classes: y.classes,
      priors: priors.map((sum) => sum / total),
    });
  },
};
