import { canonicalJson, didYouMean, PhantomNetError, show } from '../core/index.js';
import { getEstimator } from '../train/index.js';
import type { ExperimentConfig } from './config.js';
import type { Recipe } from './fit-detector.js';
import { checkFeatures } from './fit-features.js';
import { drawnPoints, gridPoints, type Point } from './search-draws.js';
import { badSpace, type Dimension, isRange } from './search-space.js';

/** What one trial trains: an estimator with its params, on which features. */
export interface Candidate {
  readonly estimator: string;
  /** Those that are not defaults. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly features: ExperimentConfig['features']['names'];
}

/** Names in a space that are no params. */
const OTHERS = ['estimator', 'features'];
const FEATURES_KEY = 'search.space.features';
/** So many in a row that bring nothing new say that there is nothing left to draw; more than an unasked grid holds. */
const MAX_REPEATS = 20_000;

/** Returns the recipe of a candidate: that of the config, with what was searched for in its place. */
export function recipeOfCandidate(recipe: Recipe, { estimator, params, features }: Candidate): Recipe {
  return { ...recipe, estimator, params, features: { ...recipe.features, names: features } };
}

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
  };
}

function paramNames(estimator: string): string[] {
  return Object.keys(getEstimator(estimator).params());
}

/** Returns the estimators of a space: those it lists, else the config's. Throws INVALID_CONFIG for one there is not. */
export function searchedEstimators(space: readonly Dimension[], recipe: Recipe): string[] {
  const values = space.find(({ name }) => name === 'estimator')?.values ?? [recipe.estimator];
  const key = 'search.space.estimator';
  if (isRange(values)) throw badSpace(key, 'must be a list of names', 'write [random-forest, extra-trees]');
  return values.map((name) => {
    if (typeof name !== 'string')
      throw badSpace(key, `must be a list of names, got ${show(name)}`, 'write [random-forest, extra-trees]');
    asConfig(key, () => getEstimator(name));
    return name;
  });
}

/** Throws INVALID_CONFIG, naming the key, for a param that no estimator of the space has and for a value that none takes. */
export function checkSpace(
  space: readonly Dimension[],
  recipe: Recipe,
  candidates: readonly Candidate[],
): void {
  const estimators = searchedEstimators(space, recipe);
  for (const name of Object.keys(recipe.params)) checkName(`estimator.params.${name}`, name, estimators);
  for (const { name, values } of space) {
    if (name === 'features') checkFeatureLists(values);
    if (OTHERS.includes(name)) continue;
    checkName(`search.space.${name}`, name, estimators);
    const drawn = candidates.flatMap(({ params }) => (Object.hasOwn(params, name) ? [params[name]] : []));
    const all = isRange(values) ? [values.low, values.high, ...drawn] : values;
    for (const value of all) checkValue(name, value, { estimators, candidates });
  }
}

function checkName(key: string, name: string, estimators: readonly string[]): void {
  const known = [...new Set(estimators.flatMap(paramNames))];
  if (known.includes(name)) return;
  const what =
    estimators.length === 1
      ? `is no param of ${estimators[0]}`
      : `is a param of none of ${estimators.join(', ')}`;
  const hint = didYouMean(name, [...known, ...OTHERS]) ?? `the params are ${known.join(', ')}`;
  throw badSpace(key, what, hint);
}

/** A value passes that an estimator takes alone, or beside the other params of some candidate. */
function checkValue(
  name: string,
  value: unknown,
  {
    estimators,
    candidates,
  }: { readonly estimators: readonly string[]; readonly candidates: readonly Candidate[] },
): void {
  const having = estimators.filter((estimator) => paramNames(estimator).includes(name));
  const contexts = [
    ...having.map((estimator) => ({ estimator, params: {} })),
    ...candidates.filter(({ estimator }) => having.includes(estimator)),
  ];
  let first: unknown;
  for (const { estimator, params } of contexts) {
    try {
      getEstimator(estimator).params({ ...params, [name]: value });
      return;
    } catch (error) {
      first ??= error;
    }
  }
  asConfig(`search.space.${name}`, () => {
    throw first;
  });
}

function checkFeatureLists(values: Dimension['values']): void {
  for (const item of isRange(values) ? [values] : values) {
    const isList = Array.isArray(item) && item.length > 0 && item.every((name) => typeof name === 'string');
    if (item !== 'all' && !isList)
      throw badSpace(
        FEATURES_KEY,
        `must be a list of 'all' and of lists of names, got ${show(item)}`,
        'write [all, [payload_length], [payload_length, port]]',
      );
  }
}

/** Throws INVALID_CONFIG for features that there are not; where the columns are known before the rows are read. */
export function checkSearchedFeatures(recipe: Recipe, candidates: readonly Candidate[]): void {
  for (const candidate of candidates)
    asConfig(FEATURES_KEY, () => checkFeatures(recipeOfCandidate(recipe, candidate)));
}

/** Does `check`; what it refuses is the config's fault, at this key. */
function asConfig(key: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof PhantomNetError)) throw error;
    const { message, hint = 'see the page of the estimators' } = error;
    throw new PhantomNetError('INVALID_CONFIG', `${key}: ${message}`, {
      hint,
      cause: error,
      details: { ...error.details, key },
    });
  }
}
