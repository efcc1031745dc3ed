import { canonicalJson } from '../core/index.js';
import { getEstimator } from '../train/index.js';
import type { ExperimentConfig } from './config.js';
import type { Recipe } from './fit-detector.js';
import { drawnPoints, gridPoints, type Point } from './search-draws.js';
import { type Dimension, isSetting } from './search-space.js';

/** What one trial trains: an estimator with its params, on which features, made how. */
export interface Candidate {
  readonly estimator: string;
  /** Those that are not defaults. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly features: ExperimentConfig['features']['names'];
  /** The other keys of the config that are searched for, by path as `features.scale`; null: the key is left out. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** So many in a row that bring nothing new say that there is nothing left to draw; more than an unasked grid holds. */
const MAX_REPEATS = 20_000;

/**
 * Returns the first `wanted` different candidates of a space, in the order they are tried. A param that an estimator does
 * not have is left out for it. A pure function of space, recipe and seed.
 */
export function drawCandidates(
  space: readonly Dimension[],
  recipe: Recipe,
  {
    strategy,
    wanted,
    randomState,
  }: { readonly strategy: string; readonly wanted: number; readonly randomState: number },
): Candidate[] {
  const points = strategy === 'grid' ? gridPoints(space) : drawnPoints(space, wanted, randomState);
  const found = new Map<string, Candidate>();
  let repeats = 0;
  for (const point of points) {
    const candidate = candidateAt(point, recipe);
    const key = canonicalJson(candidate);
    repeats = found.has(key) ? repeats + 1 : 0;
    found.set(key, found.get(key) ?? candidate);
    if (found.size === wanted || repeats === MAX_REPEATS) break;
  }
  return [...found.values()];
}

function candidateAt(point: Point, recipe: Recipe): Candidate {
  const { estimator = recipe.estimator, features = recipe.features.names, ...searched } = point;
  const known = paramNames(estimator as string);
  const params = Object.entries({ ...recipe.params, ...searched }).filter(([name]) => known.includes(name));
  return {
    estimator: estimator as string,
    params: Object.fromEntries(params),
    features: features as Candidate['features'],
    settings: Object.fromEntries(Object.entries(searched).filter(([name]) => isSetting(name))),
  };
}

/** Returns the names of the params of an estimator. */
export function paramNames(estimator: string): string[] {
  return Object.keys(getEstimator(estimator).params());
}
