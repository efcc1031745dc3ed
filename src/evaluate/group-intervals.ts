import { bootstrapIntervals } from './bootstrap.js';
import type {
  EvaluateOptions,
  EvaluationInput,
  EvaluationWarning,
  Interval,
  MetricIntervals,
} from './evaluation.js';
import { codeGroups, type Groups } from './groups.js';
import { precisionRecallF1 } from './label-metrics.js';
import { noInterval, rarelyDefined } from './no-interval.js';
import { type Remeasured, remeasurer } from './remeasure.js';
import type { PreparedScores } from './score-metrics.js';

/** Below this many groups the percentiles of so few distinct resamples are narrower than they say (Cameron, Gelbach and Miller 2008). */
const FEW_GROUPS = 20;

/**
 * Returns an interval for each metric, and for those of each class, from resampling whole groups with replacement.
 * A value that no resample varies has none. Source: Field and Welsh 2007. Cost O(resamples × n).
 */
export function groupIntervals(
  input: EvaluationInput & { readonly groups: Groups },
  options: Required<EvaluateOptions>,
  measured: { positive: number | undefined; prepared: PreparedScores | undefined },
): MetricIntervals {
  const { codes, values } = codeGroups('groups', input.groups, input.yTrue.length);
  const warnings = warnOfGroups(values.length);
  const none = input.classes.map(() => ({}));
  if (values.length === 1 || options.resamples === 0) return { intervals: {}, ofClasses: none, warnings };
  const remeasure = remeasurer(input, options, measured);
  const weights = new Uint32Array(codes.length);
  const measure = (drawn: Uint32Array) => {
    for (let i = 0; i < codes.length; i++) weights[i] = drawn[codes[i]!]!;
    return withClasses(remeasure(weights));
  };
  const result = bootstrapIntervals(measure, {
    ...options,
    nSamples: values.length,
    method: 'clusterBootstrap',
  });
  const isOfAll = (metric: string) => !isOfClass(metric);
  warnings.push(...rarelyDefined(result.undefinedMetrics.filter(isOfAll)));
  return { ...sortOut(result.intervals, none, warnings), warnings };
}

function warnOfGroups(nGroups: number): EvaluationWarning[] {
  if (nGroups === 1)
    return [{ metric: 'groups', message: 'there are no intervals: all samples belong to one group' }];
  if (nGroups >= FEW_GROUPS) return [];
  return [
    {
      metric: 'groups',
      message: `intervals come from ${nGroups} groups: of fewer than ${FEW_GROUPS} they are often too narrow`,
    },
  ];
}

/** The metrics, and those of class c as `c/precision` and so on: no metric has a name like that. */
function withClasses({ metrics, sums }: Remeasured): Record<string, number> {
  const all = { ...metrics };
  sums.forEach((s, c) => {
    for (const [name, value] of Object.entries(precisionRecallF1(s, 'nan'))) all[`${c}/${name}`] = value;
  });
  return all;
}

function isOfClass(name: string): boolean {
  return name.includes('/');
}

function sortOut(
  resampled: Record<string, Interval>,
  none: readonly Record<string, Interval>[],
  warnings: EvaluationWarning[],
): { intervals: Record<string, Interval>; ofClasses: Record<string, Interval>[] } {
  const intervals: Record<string, Interval> = {};
  const ofClasses = none.map(() => ({}) as Record<string, Interval>);
  const constant: string[] = [];
  for (const [name, interval] of Object.entries(resampled)) {
    const isVaried = interval.high - interval.low > 1e-12;
    if (isOfClass(name)) {
      const [c, metric] = name.split('/') as [string, string];
      if (isVaried) ofClasses[Number(c)]![metric] = interval;
    } else if (isVaried) intervals[name] = interval;
    else constant.push(name);
  }
  warnings.push(...noInterval(constant, 'every resample of the groups gives the same value'));
  return { intervals, ofClasses };
}
