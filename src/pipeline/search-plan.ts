import { canonicalJson, given, sha256Hex, VERSION } from '../core/index.js';
import { getEstimator } from '../train/index.js';
import { type Recipe, resolveParams } from './fit-detector.js';
import { type Candidate, drawCandidates } from './search-candidates.js';
import { checkSpace, searchedEstimators } from './search-checks.js';
import type { SearchExperimentConfig } from './search-config.js';
import { countPoints } from './search-draws.js';
import { halvingRungs, type Rung } from './search-halving.js';
import { badSpace, type Dimension, isRange, readSpace } from './search-space.js';

/** Everything a search is going to do but for what the scores decide. */
export interface SearchPlan {
  readonly candidates: readonly Candidate[];
  /** How many combinations the space holds; null where it has a range. */
  readonly nCombinations: number | null;
  readonly folds: number;
  readonly randomState: number;
  /** SHA-256 of all that trials and winner follow from, but for the data: equal digests make equal searches. */
  readonly digest: string;
}

const DEFAULT_TRIALS = 10;
/** A grid beyond it is a slip more often than a wish. */
const MAX_GRID = 10_000;

/** Returns the plan of a search, before any data is read. Throws INVALID_CONFIG, naming the key, for what cannot be done. */
export function planSearch(config: SearchExperimentConfig, recipe: Recipe): SearchPlan {
  const { search, split } = config;
  const folds = foldsOf(config);
  const space = readSpace(search.space);
  const estimators = searchedEstimators(space, recipe);
  const nCombinations = countPoints(space);
  if (search.strategy === 'grid') checkGrid(space, nCombinations, search.maxTrials);
  if (search.strategy === 'halving' && search.resource === 'nEstimators') checkTrees(space, estimators);
  const randomState = search.randomState ?? split.randomState;
  const wanted = search.maxTrials ?? (search.strategy === 'grid' ? nCombinations : DEFAULT_TRIALS);
  const candidates = drawCandidates(space, recipe, { strategy: search.strategy, wanted, randomState });
  checkSpace(space, config, candidates);
  return {
    candidates,
    nCombinations: Number.isFinite(nCombinations) ? nCombinations : null,
    folds,
    randomState,
    digest: digestOf(config),
  };
}

function foldsOf({ search, crossValidation, estimator }: SearchExperimentConfig): number {
  if (crossValidation.on === 'all')
    throw badSpace(
      'crossValidation.on',
      "must be 'train' in a search: no trial may see a test row",
      'leave crossValidation.on out',
    );
  if (estimator.from !== undefined)
    throw badSpace('estimator.from', 'cannot be searched with: every trial starts anew', 'leave it out');
  const folds = search.folds ?? crossValidation.folds;
  if (folds === 0)
    throw badSpace(
      'crossValidation.folds',
      'is 0, and a search scores its trials by folds',
      'set search.folds to 2 or more',
    );
  return folds;
}

function checkGrid(space: readonly Dimension[], nCombinations: number, maxTrials: number | undefined): void {
  const range = space.find(({ values }) => isRange(values));
  if (range !== undefined)
    throw badSpace(
      range.key,
      'is a range, and a grid is made of lists',
      'list its values, or search with strategy random or halving',
    );
  if (nCombinations > MAX_GRID && maxTrials === undefined)
    throw badSpace(
      'search.space',
      `has ${nCombinations} combinations, more than the ${MAX_GRID} a grid tries unasked`,
      'set search.maxTrials, or search with strategy random',
    );
}

function checkTrees(space: readonly Dimension[], estimators: readonly string[]): void {
  const trees = space.find(({ name }) => name === 'nEstimators');
  if (trees !== undefined)
    throw badSpace(
      trees.key,
      'is what halving shares out, so it cannot be searched for',
      'leave it out and set the most trees in estimator.params.nEstimators, or ration nSamples',
    );
  const without = estimators.find((name) => !('nEstimators' in getEstimator(name).params()));
  if (without !== undefined)
    throw badSpace('search.resource', `is nEstimators, which ${without} does not have`, 'ration nSamples');
}

/** What is left out changes when the search ends or where it is logged, and no trial. */
function digestOf(config: SearchExperimentConfig): string {
  const { data, sample, label, features, split, crossValidation, estimator } = config;
  const { defences, threshold, calibration } = config;
  const { maxSeconds: _maxSeconds, ...search } = config.search;
  const reading = given({ format: data.format, roles: data.roles, sample, label });
  const making = given({ features, split, crossValidation, estimator, defences, threshold, calibration });
  return sha256Hex(canonicalJson({ version: VERSION, search, reading, making }));
}

/** Returns the rungs of a search on so many training rows of so many classes: one with everything, but for halving. */
export function planRungs(
  { search }: SearchExperimentConfig,
  plan: SearchPlan,
  {
    recipe,
    nSamples,
    nClasses,
  }: { readonly recipe: Recipe; readonly nSamples: number; readonly nClasses: number },
): Rung[] {
  const nCandidates = plan.candidates.length;
  if (search.strategy !== 'halving') return [{ nCandidates, nResources: nSamples }];
  const { factor } = search;
  if (search.resource === 'nSamples')
    // Two rows of each class in each fold, as in scikit-learn.
    return halvingRungs({
      nCandidates,
      factor,
      maxResources: nSamples,
      leastResources: 2 * plan.folds * nClasses,
    });
  const { estimator } = plan.candidates[0]!;
  const trees = resolveParams({ ...recipe, estimator, params: plan.candidates[0]!.params })['nEstimators'];
  return halvingRungs({ nCandidates, factor, maxResources: Number(trees), leastResources: 1 });
}
