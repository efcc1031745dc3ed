import { bestSums, nClasses } from './config';

/** The best split found so far in a node; the feature is -1 while there is none. Its left class weights lie at bestSums. */
export let bestFeature: i32 = -1;
/** Minus the weighted impurity of both children: the larger the better. */
export let bestScore: f64 = 0;
/** Bins up to this one go left; in a split by categories the number of levels in `levels` that do, less one. */
export let bestLast: u32 = 0;
/** The first occupied bin on the right, or -1 where only missing values go right. */
export let bestFirst: i32 = -1;
/** 1 where missing values go left, 0 right, 2 where the node has none and they will follow the heavier side. */
export let bestNan: u32 = 2;

/** Threshold that was drawn, NaN where it is the middle between the bins. */
export let bestThreshold: f32 = NaN;

/** Forgets the best split. */
export function resetBest(): void {
  bestFeature = -1;
  bestScore = -Infinity;
}

/** Keeps a split. */
export function keepBest(feature: i32, score: f64, last: u32, first: i32, nan: u32): void {
  bestThreshold = NaN;
  bestFeature = feature;
  bestScore = score;
  bestLast = last;
  bestFirst = first;
  bestNan = nan;
}

/** Keeps the class weights of its left side. */
export function keepSums(sums: usize): void {
  memory.copy(bestSums, sums, (<usize>nClasses) << 3);
}

/** Keeps the threshold that was drawn for the split just kept. */
export function keepThreshold(threshold: f32): void {
  bestThreshold = threshold;
}
