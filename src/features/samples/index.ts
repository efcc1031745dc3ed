export {
  ATTACK_STAGES,
  ATTACK_TECHNIQUES,
  type AttackTechnique,
  attackTechnique,
} from './attack-techniques.js';
export { createSampleBuilder } from './build.js';
export type { BuiltSamples, SampleBuilder } from './built-samples.js';
export type { EventCondition, FieldTest } from './event-condition.js';
export { createLabelSource, type LabelSource } from './label-source.js';
export { type LabelJoin, type LabelRule, type SampleSpec, TAXONOMIES, type Taxonomy } from './sample-spec.js';
export { SampleState } from './sample-state.js';
export { type Sampling, samplingFromJSON, samplingOf } from './sampling.js';
export { SESSION_FEATURES, type SessionFeature } from './session-features.js';
