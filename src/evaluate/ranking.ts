/** The samples by falling score of one class, with what the curves need of each. */
export interface Ranking {
  /** Sample indices, highest score first. */
  readonly order: Uint32Array;
  /** 1 where the sample at this place in `order` is of the class. */
  readonly isClass: Uint8Array;
  /** 1 where the next place in `order` has a lower score, or there is none. */
  readonly endsTie: Uint8Array;
}

/** Areas under the two curves; undefined where a side that the area needs has no sample. */
export interface Areas {
  readonly rocAuc: number | undefined;
  readonly prAuc: number | undefined;
}

/** Returns the ranking of the samples by column `column` of `scores` (nSamples × nClasses, row-major). Cost O(n log n). */
export function rankSamples(
  scores: ArrayLike<number>,
  yTrue: ArrayLike<number>,
  nClasses: number,
  column: number,
): Ranking {
  const n = yTrue.length;
  const keys = Float64Array.from({ length: n }, (_, i) => scores[i * nClasses + column]!);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => keys[b]! - keys[a]! || a - b);
  const isClass = new Uint8Array(n);
  const endsTie = new Uint8Array(n);
  for (let k = 0; k < n; k++) {
    isClass[k] = yTrue[order[k]!]! === column ? 1 : 0;
    endsTie[k] = k + 1 === n || keys[order[k]!] !== keys[order[k + 1]!] ? 1 : 0;
  }
  return { order, isClass, endsTie };
}

/**
 * Returns ROC AUC (trapezoids) and PR AUC (average precision: precision at each threshold, weighted by the recall it adds).
 * `weights` has one value a sample, in the samples' own order. Agrees with scikit-learn's roc_auc_score and
 * average_precision_score. Cost O(n).
 */
export function areasUnderCurves(ranking: Ranking, weights: ArrayLike<number> | undefined): Areas {
  const { order, isClass, endsTie } = ranking;
  let truePositives = 0;
  let falsePositives = 0;
  let truePositivesBefore = 0;
  let falsePositivesBefore = 0;
  let rocArea = 0;
  let prArea = 0;
  for (let k = 0; k < order.length; k++) {
    const weight = weights === undefined ? 1 : weights[order[k]!]!;
    if (isClass[k] === 1) truePositives += weight;
    else falsePositives += weight;
    if (endsTie[k] === 0) continue;
    rocArea += ((falsePositives - falsePositivesBefore) * (truePositives + truePositivesBefore)) / 2;
    if (truePositives > truePositivesBefore)
      prArea += (truePositives - truePositivesBefore) * (truePositives / (truePositives + falsePositives));
    truePositivesBefore = truePositives;
    falsePositivesBefore = falsePositives;
  }
  return {
    rocAuc: truePositives > 0 && falsePositives > 0 ? rocArea / (truePositives * falsePositives) : undefined,
    prAuc: truePositives > 0 ? prArea / truePositives : undefined,
  };
}
