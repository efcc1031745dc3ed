import type { SampleBuilder } from './built-samples.js';
import { EventSamples } from './event-samples.js';
import type { LabelSource } from './label-source.js';
import type { SampleSpec } from './sample-spec.js';
import type { SampleState } from './sample-state.js';
import { SessionSamples } from './session-samples.js';

/**
 * Returns what makes samples of events, which it must see in the order of time. With a label, samples have it as a column,
 * and those without one are left out. With a state they go on from the files before. Throws INVALID_CONFIG for a condition
 * that names no field there is.
 */
export function createSampleBuilder(
  spec: SampleSpec,
  label: LabelSource | undefined,
  state?: SampleState,
): SampleBuilder {
  return spec.unit === 'session'
    ? new SessionSamples(spec, label, state)
    : new EventSamples(spec, label, state);
}
