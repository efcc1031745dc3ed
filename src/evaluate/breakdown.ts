import { invalidParameter } from '../core/index.js';
import { type BinaryCounts, type BinaryPredictions, checkPredictions, checkShare } from './binary.js';
import { countOutcomes } from './count-outcomes.js';
import { codeGroups, type Groups } from './groups.js';
import { type CountedRates, withRates } from './rates.js';

/** How a model did on the samples of one group. */
export interface GroupFigures extends CountedRates {
  readonly group: number | string;
}

/** Whether errors come from everywhere or from a few groups. */
export interface ErrorConcentration {
  /** Samples in error. */
  readonly errors: number;
  readonly groupsWithErrors: number;
  /** 1 / Σ share²: about how many groups the errors come from, were they equal; 0 without errors. */
  readonly effectiveGroups: number;
  /** The groups with the most errors. */
  readonly top: readonly {
    readonly group: number | string;
    readonly errors: number;
    readonly share: number;
  }[];
}

/** A model's figures by group. */
export interface Breakdown {
  readonly nGroups: number;
  /** Worst first, at most `limit`. */
  readonly groups: readonly GroupFigures[];
  readonly falsePositives: ErrorConcentration;
  readonly falseNegatives: ErrorConcentration;
}

/** How much to list, and how sure. */
export interface BreakdownOptions {
  /** Groups listed at most; default 50. */
  readonly limit?: number | undefined;
  /** Coverage of the intervals; default 0.95. */
  readonly level?: number | undefined;
}

/** Groups named in a concentration. */
const TOP = 10;

/**
 * Returns recall and precision of each group (a sensor, an attack type, a source), worst first, and how concentrated the
 * errors are.
 *
 * Worst is the group whose recall is low even when its interval is read kindly: by rising upper end, so that one missed
 * sample of one does not stand before 80 of 100. Groups without positives follow, by their false alerts; of equals, the
 * larger group first. Throws BAD_DATA or INVALID_PARAMETER. Cost O(n + groups log groups).
 *
 * @example
 * ```ts
 * const report = breakdown(
 *   { yTrue: [1, 1, 1, 0], yPred: [1, 0, 0, 1] },
 *   ['sensor a', 'sensor a', 'sensor b', 'sensor b'],
 * );
 * report.groups.map(({ group, recall }) => [group, recall.value]); // [['sensor b', 0], ['sensor a', 0.5]]
 * report.falseNegatives.effectiveGroups; // 2
 * ```
 */
export function breakdown(input: BinaryPredictions, by: Groups, options: BreakdownOptions = {}): Breakdown {
  const { limit = 50, level = 0.95 } = options;
  if (!Number.isInteger(limit) || limit < 1) invalidParameter('limit', 'a whole number of at least 1', limit);
  checkShare('level', level, 'without-ends');
  checkPredictions(input);
  const { codes, values } = codeGroups('by', by, input.yTrue.length);
  const counts = countOutcomes(input, codes, values.length);
  const kindest = counts.map((c) => withRates(c, level).recall?.interval?.high ?? 2);
  const order = values.map((_, g) => g);
  order.sort(
    (a, b) =>
      kindest[a]! - kindest[b]! ||
      (kindest[a] === 2 ? counts[b]!.falsePositives - counts[a]!.falsePositives : 0) ||
      size(counts[b]!) - size(counts[a]!) ||
      a - b,
  );
  return {
    nGroups: values.length,
    groups: order.slice(0, limit).map((g) => ({ group: values[g]!, ...withRates(counts[g]!, level) })),
    falsePositives: concentration(
      counts.map((c) => c.falsePositives),
      values,
    ),
    falseNegatives: concentration(
      counts.map((c) => c.falseNegatives),
      values,
    ),
  };
}

function size(counts: BinaryCounts): number {
  return counts.truePositives + counts.falsePositives + counts.falseNegatives + counts.trueNegatives;
}

function concentration(
  errorsOf: readonly number[],
  values: readonly (number | string)[],
): ErrorConcentration {
  const errors = errorsOf.reduce((a, b) => a + b, 0);
  const withErrors = values.map((_, g) => g).filter((g) => errorsOf[g]! > 0);
  const squares = withErrors.reduce((sum, g) => sum + (errorsOf[g]! / errors) ** 2, 0);
  withErrors.sort((a, b) => errorsOf[b]! - errorsOf[a]! || a - b);
  return {
    errors,
    groupsWithErrors: withErrors.length,
    effectiveGroups: errors === 0 ? 0 : 1 / squares,
    top: withErrors
      .slice(0, TOP)
      .map((g) => ({ group: values[g]!, errors: errorsOf[g]!, share: errorsOf[g]! / errors })),
  };
}
