export { sampleBuilder } from './build.js';
export type { BuiltSamples, SampleBuilder } from './built-samples.js';
export type { EventCondition, FieldTest } from './event-condition.js';
export { type LabelSource, labelSource } from './label-source.js';
export type { LabelJoin, LabelRule, SampleSpec } from './sample-spec.js';
export { type Sampling, samplingFromJSON, samplingOf } from './sampling.js';
export { SESSION_FEATURES, type SessionFeature } from './session-features.js';
