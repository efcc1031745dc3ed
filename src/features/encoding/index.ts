export { MAX_ENCODED_CATEGORIES } from './categories.js';
export { featureEncodingFromJSON, type StoredEncoding, storedEncoding } from './codec.js';
export { columnRecords, type FeatureColumn, type FeatureColumns, type InputFeature } from './columns.js';
export { type ColumnState, FeatureEncoding, type FeatureEncodingState } from './feature-encoding.js';
export {
  type CategoricalOptions,
  type EncoderName,
  type EncodingTraining,
  type FeatureEncodingOptions,
  type FittedEncoding,
  fitEncoding,
  MAX_ENCODED_FEATURES,
} from './fit-encoding.js';
export type { HashingOptions } from './hashing.js';
export type { ImputeOptions, ImputeStrategy } from './impute.js';
export type { OneHotOptions } from './one-hot.js';
export type { OrdinalOptions } from './ordinal.js';
export type { ScalerName } from './scale.js';
export type { TargetOptions } from './target.js';
export type { Smoothing } from './target-means.js';
