import { createForestEstimator } from './create-forest.js';

/**
 * Extremely randomized trees (Geurts, Ernst and Wehenkel 2006), with the params and meanings of scikit-learn's
 * ExtraTreesClassifier: of each drawn feature one threshold is drawn, and all samples are used unless `bootstrap` is true.
 * The same params, data and seed give the same bytes of model, whatever `nJobs` is.
 */
export const extraTrees = createForestEstimator('extra-trees');
