/**
 * Takes bytes or the parts of a fitted model, gives a model that scores, and applies calibrations.
 * Never touches the file system and never trains.
 */
export {
  applyCalibration,
  type Calibration,
  type IsotonicCalibration,
  parseCalibration,
  type SigmoidCalibration,
} from './calibration.js';
export { decodeModel, encodeModel, modelDigest } from './codec.js';
export { type Decided, type Decision, decide, type ThresholdText, thresholdText } from './decision.js';
export { type DrawTreeOptions, drawTree, type TreeDrawing } from './draw-tree.js';
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
export { type PrintTreeOptions, printTree } from './print-tree.js';
export { describeTree, type TreeFacts } from './tree-facts.js';
export {
  type ColumnMatrix,
  createTreesModel,
  featureLevels,
  isTreesModel,
  type TreesModel,
  type TreesModelParts,
} from './trees-model.js';
