import { createForestEstimator } from './create-forest.js';

/**
 * The random forest (Breiman 2001), with the params and meanings of scikit-learn's RandomForestClassifier, on values in
 * at most 255 bins a feature. The same params, data and seed give the same bytes of model, whatever `nJobs` is.
 */
export const randomForest = createForestEstimator('random-forest');
