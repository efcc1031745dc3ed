import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { checkKey } from '../mlflow/index.js';
import { getEstimator } from '../train/index.js';
import { type Check, checkAll } from './check-all.js';
import { checkConfig } from './check-config.js';
import { FEATURE_KEYS } from './config-expected.js';
import type { Recipe } from './fit-detector.js';
import { recipeOf } from './recipe.js';
import { type Candidate, paramNames } from './search-candidates.js';
import type { SearchExperimentConfig } from './search-config.js';
import { candidateConfig } from './search-settings.js';
import { badSpace, type Dimension, isRange, isSetting } from './search-space.js';

/** Names in a space that are no params. */
const OTHERS = ['estimator', 'features'];

/** What the params of a space belong to. */
interface Searched {
  readonly estimators: readonly string[];
  readonly candidates: readonly Candidate[];
}

/** Returns the estimators of a space: those it lists, else the config's. Throws INVALID_CONFIG for one there is not. */
export function searchedEstimators(space: readonly Dimension[], recipe: Recipe): string[] {
  const own = { key: 'estimator.name', values: [recipe.estimator] };
  const { key, values } = space.find(({ name }) => name === 'estimator') ?? own;
  if (isRange(values)) throw badSpace(key, 'must be a list of names', 'write [random-forest, extra-trees]');
  return values.map((name) => {
    if (typeof name !== 'string')
      throw badSpace(key, `must be a list of names, got ${show(name)}`, 'write [random-forest, extra-trees]');
    asConfig(key, () => getEstimator(name));
    return name;
  });
}

/**
 * Throws INVALID_CONFIG, naming every key, for a param that no estimator of the space has, for a value that none takes, and
 * for a candidate that makes no valid experiment. Params that do not go together are for the trial to tell.
 */
export function checkSpace(
  space: readonly Dimension[],
  config: SearchExperimentConfig,
  candidates: readonly Candidate[],
): void {
  const recipe = recipeOf(config);
  const estimators = searchedEstimators(space, recipe);
  checkAll([
    ...Object.keys(recipe.params).map(
      (name) => () => checkName(name, { key: `estimator.params.${name}`, estimators }),
    ),
    ...space.flatMap((dimension) =>
      isSetting(dimension.name)
        ? settingChecks(dimension, { space, config, recipe })
        : paramChecks(dimension, { estimators, candidates }),
    ),
  ]);
  checkAll(candidates.map((candidate) => () => checkCandidate(config, candidate)));
}

/** Each value alone, so that those are told of that are never drawn. */
function settingChecks(
  dimension: Dimension,
  {
    space,
    config,
    recipe,
  }: {
    readonly space: readonly Dimension[];
    readonly config: SearchExperimentConfig;
    readonly recipe: Recipe;
  },
): Check[] {
  const { name, values } = dimension;
  const own = { estimator: recipe.estimator, params: recipe.params, features: recipe.features.names };
  const tried = isRange(values) ? [values.low, values.high] : values;
  return [
    () => checkSetting(dimension, space),
    ...tried.map((value) => () => checkCandidate(config, { ...own, settings: { [name]: value } })),
  ];
}

/** It becomes the name of a param of the trial's run. A schema passes over `__proto__`, and a part of a section has two values. */
function checkSetting({ name, key }: Dimension, space: readonly Dimension[]): void {
  asConfig(key, () => checkKey('what is searched for', name));
  if (name.split('.').includes('__proto__')) throw badSpace(key, 'is no key of the config', 'leave it out');
  const outer = space.find((other) => isSetting(other.name) && name.startsWith(`${other.name}.`));
  if (outer === undefined) return;
  throw badSpace(
    key,
    `is a part of ${outer.name}, which the space has too`,
    `leave one of the two out, or list whole sections: ${outer.name}: [{…}, {…}]`,
  );
}

function paramChecks({ name, key, values }: Dimension, searched: Searched): Check[] {
  if (name === 'features')
    return (isRange(values) ? [values] : values).map((item) => () => checkFeatureList(key, item));
  if (OTHERS.includes(name)) return [];
  const { estimators, candidates } = searched;
  const known = () => checkName(name, { key, estimators });
  const check = (value: unknown) => (): void => checkValue(name, value, { key, ...searched });
  if (!isRange(values)) return [known, ...values.map(check)];
  const drawn = candidates.flatMap(({ params }) => (Object.hasOwn(params, name) ? [params[name]] : []));
  // Of a range that fits nowhere one number says enough.
  return [
    known,
    () => {
      for (const value of [values.low, values.high, ...drawn]) check(value)();
    },
  ];
}

function checkCandidate(config: SearchExperimentConfig, candidate: Candidate): void {
  const own = candidateConfig(config, candidate);
  asConfig('search.space', () => checkConfig(own, recipeOf(own)));
}

function checkName(
  name: string,
  { key, estimators }: { readonly key: string; readonly estimators: readonly string[] },
): void {
  const known = [...new Set(estimators.flatMap(paramNames))];
  if (known.includes(name)) return;
  const what =
    estimators.length === 1
      ? `is no param of ${estimators[0]}`
      : `is a param of none of ${estimators.join(', ')}`;
  throw badSpace(key, what, nearName(name, known) ?? `the params are ${known.join(', ')}`);
}

/** A key of the config that is told without its section is nearer than any param. */
function nearName(name: string, params: readonly string[]): string | undefined {
  const whole = FEATURE_KEYS.find((key) => key.endsWith(`.${name}`));
  if (whole !== undefined) return `did you mean '${whole}'?`;
  return didYouMean(name, [...params, ...OTHERS, ...FEATURE_KEYS]);
}

/** A value passes that an estimator takes alone, or beside the other params of some candidate. */
function checkValue(
  name: string,
  value: unknown,
  { key, estimators, candidates }: Searched & { readonly key: string },
): void {
  const having = estimators.filter((estimator) => paramNames(estimator).includes(name));
  if (having.length === 0) return;
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
  asConfig(key, () => {
    throw first;
  });
}

function checkFeatureList(key: string, item: unknown): void {
  const isList = Array.isArray(item) && item.length > 0 && item.every((name) => typeof name === 'string');
  if (item !== 'all' && !isList)
    throw badSpace(
      key,
      `must be a list of 'all' and of lists of names, got ${show(item)}`,
      'write [all, [payload_length], [payload_length, port]]',
    );
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
