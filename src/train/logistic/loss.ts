import type { Labels } from '../../data/index.js';
import { logitsToScores } from '../../model/index.js';
import type { Design } from './design.js';
import type { Objective } from './lbfgs.js';

/** What the loss is of; `C` is the inverse strength of the L2 penalty, as in scikit-learn. */
interface LossInput {
  readonly design: Design;
  readonly y: Labels;
  readonly weights: Float64Array;
  readonly C: number;
}

/**
 * Returns the objective of logistic regression: the weighted mean log loss plus the squares of the coefficients over
 * 2 C × total weight; intercepts are free. Theta: nOutputs × nColumns coefficients, then nOutputs intercepts.
 */
export function createLoss(input: LossInput, nOutputs: number): Objective {
  const { design, y, weights, C } = input;
  const { nColumns } = design;
  const nClasses = y.classes.length;
  const nCoefficients = nOutputs * nColumns;
  const totalWeight = weights.reduce((a, b) => a + b, 0);
  const present = new Float64Array(nOutputs * design.x.features.length);
  const scores = new Float64Array(Math.max(2, nClasses));
  return (theta, gradient) => {
    gradient.fill(0);
    present.fill(0);
    const base = centreOffsets(design, theta, nOutputs);
    let loss = 0;
    for (let i = 0; i < design.x.nSamples; i++) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      const label = y.codes[i]!;
      for (let k = 0; k < nOutputs; k++) scores[k] = rowLogit(design, i, { theta, base, k, nOutputs });
      loss += weight * logLoss(scores, label, nOutputs);
      logitsToScores(scores, nOutputs);
      for (let k = 0; k < nOutputs; k++) {
        const c = nOutputs === 1 ? 1 : k;
        addSlope(design, i, weight * (scores[c]! - (label === c ? 1 : 0)), {
          gradient,
          present,
          k,
          nOutputs,
        });
      }
    }
    finishSlopes(design, gradient, present, nOutputs);
    let penalty = 0;
    for (let j = 0; j < nCoefficients; j++) {
      penalty += theta[j]! * theta[j]!;
      gradient[j]! += theta[j]! / C;
    }
    for (let j = 0; j < gradient.length; j++) gradient[j]! /= totalWeight;
    return (loss + penalty / (2 * C)) / totalWeight;
  };
}

/** Returns the log loss of one row from its log odds, without overflow. */
function logLoss(logits: Float64Array, label: number, nOutputs: number): number {
  if (nOutputs === 1) {
    const z = label === 1 ? -logits[0]! : logits[0]!;
    return Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z)));
  }
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < nOutputs; k++) largest = Math.max(largest, logits[k]!);
  let total = 0;
  for (let k = 0; k < nOutputs; k++) total += Math.exp(logits[k]! - largest);
  return largest + Math.log(total) - logits[label]!;
}

/** Returns what the means of a feature's categories add to the log odds wherever the feature is present: nOutputs × nFeatures. */
function centreOffsets(design: Design, theta: Float64Array, nOutputs: number): Float64Array {
  const { x, starts, means, scales, nColumns } = design;
  const nFeatures = x.features.length;
  const offsets = new Float64Array(nOutputs * nFeatures);
  for (let k = 0; k < nOutputs; k++)
    for (let f = 0; f < nFeatures; f++)
      if (x.features[f]!.type === 'categorical')
        for (let j = starts[f]!; j < starts[f + 1]!; j++)
          offsets[k * nFeatures + f]! -= (theta[k * nColumns + j]! * means[j]!) / scales[j]!;
  return offsets;
}

function rowLogit(
  design: Design,
  row: number,
  at: { theta: Float64Array; base: Float64Array; k: number; nOutputs: number },
): number {
  const { x, starts, means, scales, nColumns } = design;
  const nFeatures = x.features.length;
  const from = at.k * nColumns;
  let sum = at.theta[at.nOutputs * nColumns + at.k]!;
  for (let f = 0; f < nFeatures; f++) {
    const value = x.values[row * nFeatures + f]!;
    if (Number.isNaN(value)) continue;
    const j = starts[f]!;
    if (x.features[f]!.type === 'numeric') sum += (at.theta[from + j]! * (value - means[j]!)) / scales[j]!;
    else sum += at.theta[from + j + value]! / scales[j + value]! + at.base[at.k * nFeatures + f]!;
  }
  return sum;
}

function addSlope(
  design: Design,
  row: number,
  residual: number,
  at: { gradient: Float64Array; present: Float64Array; k: number; nOutputs: number },
): void {
  const { x, starts, means, scales, nColumns } = design;
  const nFeatures = x.features.length;
  const from = at.k * nColumns;
  at.gradient[at.nOutputs * nColumns + at.k]! += residual;
  for (let f = 0; f < nFeatures; f++) {
    const value = x.values[row * nFeatures + f]!;
    if (Number.isNaN(value)) continue;
    const j = starts[f]!;
    if (x.features[f]!.type === 'numeric')
      at.gradient[from + j]! += (residual * (value - means[j]!)) / scales[j]!;
    else {
      at.gradient[from + j + value]! += residual;
      at.present[at.k * nFeatures + f]! += residual;
    }
  }
}

/** Centres and scales the slopes of categories, which were summed as plain 0 and 1. */
function finishSlopes(design: Design, gradient: Float64Array, present: Float64Array, nOutputs: number): void {
  const { x, starts, means, scales, nColumns } = design;
  const nFeatures = x.features.length;
  for (let k = 0; k < nOutputs; k++)
    for (let f = 0; f < nFeatures; f++)
      if (x.features[f]!.type === 'categorical')
        for (let j = starts[f]!; j < starts[f + 1]!; j++) {
          const plain = gradient[k * nColumns + j]!;
          gradient[k * nColumns + j] = (plain - means[j]! * present[k * nFeatures + f]!) / scales[j]!;
        }
}
