import { invalidParameter, PhantomNetError } from '../core/index.js';
import { type BinaryScores, checkScores, checkShare } from './binary.js';
import { wilsonInterval } from './closed-intervals.js';
import type { Interval } from './evaluation.js';

/** The samples whose scores fall into one range. */
export interface CalibrationBin {
  /** The range: above `low` (in the first bin from it on) and up to `high`. */
  readonly low: number;
  readonly high: number;
  readonly samples: number;
  readonly positives: number;
  /** What the model says. */
  readonly meanScore: number;
  /** What is so: positives / samples. */
  readonly share: number;
  /** Wilson's, of the share. */
  readonly interval: Interval;
}

/** How far scores can be taken for probabilities. */
export interface CalibrationReport {
  readonly strategy: 'uniform' | 'quantile';
  /** Bins that hold samples, by rising score. */
  readonly bins: readonly CalibrationBin[];
  /** Mean of |share − meanScore| over the samples (expected calibration error); depends on the bins. */
  readonly ece: number;
  /** Mean of (score − truth)²: 0 is perfect. */
  readonly brier: number;
  /** What the Brier score is made of: brier = reliability − resolution + uncertainty + withinBins. */
  readonly decomposition: {
    /** How far the bins' scores are from their shares: 0 is perfectly calibrated. */
    readonly reliability: number;
    /** How far the bins' shares are from that of all: the more the better. */
    readonly resolution: number;
    /** Of the samples alone: share × (1 − share). */
    readonly uncertainty: number;
    /** What the bins cannot see, because scores differ inside them. */
    readonly withinBins: number;
  };
}

/** How to bin, and how sure. */
export interface CalibrationCurveOptions {
  /** Default 10. */
  readonly nBins?: number | undefined;
  /** Bins of equal width (`uniform`, the default) or of about equally many samples (`quantile`). */
  readonly strategy?: 'uniform' | 'quantile' | undefined;
  /** Coverage of the intervals; default 0.95. */
  readonly level?: number | undefined;
}

/**
 * Returns how well scores do as probabilities: the reliability curve, expected calibration error, and the Brier score with
 * its parts. Bins are those of scikit-learn's calibration_curve. Sources: Murphy 1973; Stephenson, Coelho and Jolliffe 2008
 * for what lies within the bins. Throws BAD_DATA for scores outside 0 to 1. Cost O(n log n) for quantiles, else O(n log bins).
 *
 * @example
 * ```ts
 * const report = calibrationCurve({ yTrue: [0, 0, 1, 1], scores: [0.1, 0.3, 0.7, 0.7] }, { nBins: 2 });
 * report.bins.map((bin) => [bin.meanScore, bin.share]); // [[0.2, 0], [0.7, 1]]
 * report.ece; // 0.25
 * report.brier; // 0.07
 * ```
 */
export function calibrationCurve(
  input: BinaryScores,
  options: CalibrationCurveOptions = {},
): CalibrationReport {
  const { nBins = 10, strategy = 'uniform', level = 0.95 } = options;
  if (!Number.isInteger(nBins) || nBins < 1 || nBins > 10_000)
    invalidParameter('nBins', 'a whole number from 1 to 10000', nBins);
  if (strategy !== 'uniform' && strategy !== 'quantile')
    invalidParameter('strategy', "'uniform' or 'quantile'", strategy);
  checkShare('level', level, 'without-ends');
  checkScores(input);
  checkProbabilities(input.scores);
  const edges = strategy === 'uniform' ? uniformEdges(nBins) : quantileEdges(input.scores, nBins);
  const sums = sumBins(input, edges);
  const bins = sums.map((sum) => toBin(sum, edges, level));
  return { strategy, bins, ...summary(input, bins) };
}

function checkProbabilities(scores: ArrayLike<number>): void {
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! >= 0 && scores[i]! <= 1) continue;
    throw new PhantomNetError(
      'BAD_DATA',
      `scores of sample ${i} must be a probability from 0 to 1, got ${scores[i]}`,
      {
        hint: 'calibrate the scores first',
        details: { parameter: 'scores', sample: i },
      },
    );
  }
}

function uniformEdges(nBins: number): Float64Array {
  const edges = Float64Array.from({ length: nBins + 1 }, (_, i) => i * (1 / nBins));
  edges[nBins] = 1;
  return edges;
}

/** NumPy's percentiles, rounded as it rounds them: a score that is itself an edge must fall on the same side. */
function quantileEdges(scores: ArrayLike<number>, nBins: number): Float64Array {
  const sorted = Float64Array.from(scores).sort();
  const last = sorted.length - 1;
  return Float64Array.from({ length: nBins + 1 }, (_, i) => {
    if (i === nBins) return sorted[last]!;
    const place = ((i * (1 / nBins) * 100) / 100) * last;
    const below = Math.floor(place);
    const t = place - below;
    const low = sorted[below]!;
    const high = sorted[Math.min(below + 1, last)]!;
    return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
  });
}

interface BinSums {
  readonly bin: number;
  samples: number;
  positives: number;
  scores: number;
}

/** The sums of the bins that hold samples. */
function sumBins({ yTrue, scores }: BinaryScores, edges: Float64Array): BinSums[] {
  const sums = Array.from({ length: edges.length - 1 }, (_, bin) => ({
    bin,
    samples: 0,
    positives: 0,
    scores: 0,
  }));
  for (let i = 0; i < scores.length; i++) {
    const sum = sums[binOf(scores[i]!, edges)]!;
    sum.samples++;
    sum.positives += yTrue[i]!;
    sum.scores += scores[i]!;
  }
  return sums.filter((sum) => sum.samples > 0);
}

/** How many of the inner edges are below the score. */
function binOf(score: number, edges: Float64Array): number {
  let low = 1;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! < score) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function toBin({ bin, samples, positives, scores }: BinSums, edges: Float64Array, level: number) {
  return {
    low: edges[bin]!,
    high: edges[bin + 1]!,
    samples,
    positives,
    meanScore: scores / samples,
    share: positives / samples,
    interval: wilsonInterval(positives, samples, level)!,
  };
}

function summary(
  { yTrue, scores }: BinaryScores,
  bins: readonly CalibrationBin[],
): Pick<CalibrationReport, 'ece' | 'brier' | 'decomposition'> {
  const n = yTrue.length;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (scores[i]! - yTrue[i]!) ** 2;
  const over = (term: (bin: CalibrationBin) => number) =>
    bins.reduce((sum, bin) => sum + (bin.samples / n) * term(bin), 0);
  const share = over((bin) => bin.share);
  const brier = squares / n;
  const reliability = over((bin) => (bin.meanScore - bin.share) ** 2);
  const resolution = over((bin) => (bin.share - share) ** 2);
  const uncertainty = share * (1 - share);
  return {
    ece: over((bin) => Math.abs(bin.share - bin.meanScore)),
    brier,
    decomposition: {
      reliability,
      resolution,
      uncertainty,
      withinBins: brier - (reliability - resolution + uncertainty),
    },
  };
}
