import { inverseFrequencyWeights } from '../train/index.js';
import type { Samples } from './samples.js';
import { sampleGroups } from './split-columns.js';

/** Returns the weight of each row so that all sources, named by `groupBy`, weigh the same; undefined where nobody asks. */
export function sourceWeights(groupBy: string | undefined, samples: Samples): Float64Array | undefined {
  return groupBy === undefined ? undefined : inverseFrequencyWeights(sampleGroups(samples, groupBy));
}
