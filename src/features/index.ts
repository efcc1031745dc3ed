/**
 * Takes events or the rows of a labelled table, gives feature matrices and labels: the only code that turns them into
 * numbers, in training and in scoring.
 * What is fitted (category lists, encoders, imputers, scalers) comes from training rows only and is given back as state for the composer to keep.
 * Never reads a file, never sees a model, never makes a feature of a column that defines the label or tells the outcome.
 */
export { describeFeatures } from './catalogue.js';
export { featurePipelineFromJSON } from './codec.js';
export {
  type CategoricalOptions,
  type ColumnState,
  columnRecords,
  type EncoderName,
  type EncodingTraining,
  type FeatureColumn,
  type FeatureColumns,
  FeatureEncoding,
  type FeatureEncodingOptions,
  type FeatureEncodingState,
  type FittedEncoding,
  featureEncodingFromJSON,
  fitEncoding,
  type HashingOptions,
  type ImputeOptions,
  type ImputeStrategy,
  type InputFeature,
  MAX_ENCODED_CATEGORIES,
  MAX_ENCODED_FEATURES,
  type OneHotOptions,
  type OrdinalOptions,
  type ScalerName,
  type Smoothing,
  type StoredEncoding,
  storedEncoding,
  type TargetOptions,
} from './encoding/index.js';
export type { EmptyAs, FeatureDescription, FeatureSet } from './feature-definition.js';
export { type FitFeaturesOptions, fitFeatures, MAX_CATEGORIES } from './fit.js';
export {
  compareEvents,
  describeHistoryFeatures,
  EventHistory,
  type EventOrder,
  type HistoryCounts,
  type HistoryEvent,
  type HistoryFeature,
  type HistoryOptions,
  type HistoryScopeName,
  LiveHistory,
  type LiveHistoryCounts,
  type LiveHistoryOptions,
  type ObservedEvent,
  replayHistory,
} from './history/index.js';
export { type InputKind, inputKindOf } from './input-kind.js';
export {
  ATTACK_EVENTS,
  type ClassCount,
  columnLabels,
  countClasses,
  IS_ATTACK,
  isAttackLabels,
  type LabelOptions,
  labelEvents,
} from './labels.js';
export { NSL_KDD_ATTACK_CLASSES } from './nsl-kdd-attacks.js';
export {
  type EncodedMatrix,
  FeaturePipeline,
  type FeaturePipelineState,
  type FeatureSignature,
  rowsSignature,
} from './pipeline.js';
export { asLabelColumn, resolveFeatures, withLabelColumn } from './roles.js';
export { type RowsOptions, rowsToColumns, rowsToMatrix } from './rows.js';
export {
  ATTACK_STAGES,
  ATTACK_TECHNIQUES,
  type AttackTechnique,
  attackTechnique,
  type BuiltSamples,
  createLabelSource,
  createSampleBuilder,
  type EventCondition,
  type FieldTest,
  type LabelJoin,
  type LabelRule,
  type LabelSource,
  type SampleBuilder,
  type SampleSpec,
  SampleState,
  type Sampling,
  SESSION_FEATURES,
  type SessionFeature,
  samplingFromJSON,
  samplingOf,
  TAXONOMIES,
  type Taxonomy,
} from './samples/index.js';
export {
  fitTableFeatures,
  resolveTableFeatures,
  roundingNotes,
  tableToColumns,
  tableToMatrix,
} from './table-features.js';
export { checkTableLabel, tableLabelNames, tableLabelNotes, tableLabels } from './table-labels.js';
export { columnNotes } from './table-notes.js';
