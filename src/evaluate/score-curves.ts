import { invalidParameter } from '../core/index.js';
import { type BinaryScores, checkScores } from './binary.js';
import { type Cuts, cutsOf } from './cuts.js';

/** A point of a curve: across, then up. */
export type CurvePoint = [number, number];

/** What a model could do at every threshold. */
export interface ScoreCurves {
  /** False-positive rate, recall: from (0, 0) to (1, 1). */
  readonly roc: CurvePoint[];
  /** Recall, precision: from the highest threshold on; nothing where no sample alerts. */
  readonly precisionRecall: CurvePoint[];
}

/**
 * Returns the ROC curve and the precision-recall curve, each thinned to about `maxPoints` (default 200) that are spread
 * evenly along it. The points are those of scikit-learn's roc_curve and precision_recall_curve, the latter without the
 * point (0, 1) that stands for no threshold. Empty where a class is missing. Throws BAD_DATA or INVALID_PARAMETER.
 * Deterministic. Cost O(n log n).
 *
 * @example
 * ```ts
 * const curves = scoreCurves({ yTrue: [0, 1, 0, 1], scores: [0.1, 0.4, 0.6, 0.9] });
 * curves.roc; // [[0, 0], [0, 0.5], [0.5, 0.5], [0.5, 1], [1, 1]]
 * curves.precisionRecall; // [[0.5, 1], [0.5, 0.5], [1, 0.6666666666666666], [1, 0.5]]
 * ```
 */
export function scoreCurves(
  input: BinaryScores,
  { maxPoints = 200 }: { readonly maxPoints?: number | undefined } = {},
): ScoreCurves {
  if (!Number.isInteger(maxPoints) || maxPoints < 2)
    invalidParameter('maxPoints', 'a whole number of at least 2', maxPoints);
  checkScores(input);
  const cuts = cutsOf(input);
  if (cuts.positives === 0 || cuts.negatives === 0) return { roc: [], precisionRecall: [] };
  const all = Array.from({ length: cuts.scores.length + 1 }, (_, cut) => cut);
  return {
    roc: thinned(
      all.map((cut) => rocPoint(cuts, cut)),
      maxPoints,
    ),
    precisionRecall: thinned(
      all.slice(1).map((cut) => precisionPoint(cuts, cut)),
      maxPoints,
    ),
  };
}

function rocPoint({ truePositives, falsePositives, positives, negatives }: Cuts, cut: number): CurvePoint {
  return [falsePositives[cut]! / negatives, truePositives[cut]! / positives];
}

function precisionPoint({ truePositives, falsePositives, positives }: Cuts, cut: number): CurvePoint {
  const found = truePositives[cut]!;
  return [found / positives, found / (found + falsePositives[cut]!)];
}

/** Leaves out what is nearer to the last point kept than a step; the ends stay. */
function thinned(points: readonly CurvePoint[], maxPoints: number): CurvePoint[] {
  if (points.length <= maxPoints) return [...points];
  const lengths = [0];
  for (let i = 1; i < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i - 1]!, points[i]!];
    lengths.push(lengths[i - 1]! + Math.abs(x1 - x0) + Math.abs(y1 - y0));
  }
  const step = lengths.at(-1)! / (maxPoints - 1);
  let next = 0;
  return points.filter((_, i) => {
    if (i < points.length - 1 && lengths[i]! < next) return false;
    next = lengths[i]! + step;
    return true;
  });
}
