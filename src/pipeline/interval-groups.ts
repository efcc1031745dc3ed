import { PhantomNetError } from '../core/index.js';
import type { ExperimentConfig } from './config.js';
import type { Samples } from './samples.js';
import { DEFAULT_GROUP_BY, sampleGroups } from './split-columns.js';

/** What the intervals of test samples resample: whole groups, or rows where `groups` is undefined. */
export type IntervalGroups =
  | {
      /** What names the groups. */
      readonly by: string;
      readonly groups: readonly (number | string)[];
    }
  | { readonly by: null; readonly groups: undefined };

/**
 * Returns the groups of test samples: those of a split by groups, else their sources. Samples of one group tell much the
 * same. There are none where samples name none, where all are of one, which tells nothing of others, and where each has its
 * own. Cost O(n).
 */
export function intervalGroups(
  { method, groupBy }: Partial<Pick<ExperimentConfig['split'], 'method' | 'groupBy'>>,
  samples: Samples,
): IntervalGroups {
  const isGrouped = method === 'group' || method === 'stratified-group';
  const by = isGrouped ? (groupBy ?? DEFAULT_GROUP_BY) : DEFAULT_GROUP_BY;
  const groups = groupsOf(samples, by);
  const nGroups = new Set(groups).size;
  if (groups === undefined || nGroups < 2 || nGroups === groups.length)
    return { by: null, groups: undefined };
  return { by, groups };
}

/** Returns what the samples are grouped by in a split, or their sources; undefined where they have no such column. */
export function groupsOf(
  samples: Samples,
  groupBy: string = DEFAULT_GROUP_BY,
): (number | string)[] | undefined {
  try {
    return sampleGroups(samples, groupBy).map((group) => (Number.isNaN(group) ? '' : group));
  } catch (error) {
    if (error instanceof PhantomNetError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
