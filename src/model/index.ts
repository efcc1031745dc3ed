/**
 * Takes bytes or the parts of a fitted model, gives a model that scores.
 * Never touches the file system and never trains.
 */
export { decodeModel, encodeModel, modelDigest } from './codec.js';
export {
  createLogisticModel,
  featureColumns,
  type LogisticModel,
  type LogisticModelParts,
  logitsToScores,
} from './logistic-model.js';
export { createMajorityModel, type MajorityModel, type MajorityModelParts } from './majority-model.js';
export type { Model } from './model.js';
export { exportOnnx, labelType, type OnnxOptions, scoreNames } from './onnx-export.js';
export { inspectOnnx, type OnnxFacts } from './onnx-inspect.js';
export { predict } from './predict.js';
export { type ParallelOptions, predictScoresParallel } from './predict-parallel.js';
export {
  type ColumnMatrix,
  createTreesModel,
  featureLevels,
  type TreesModel,
  type TreesModelParts,
} from './trees-model.js';
