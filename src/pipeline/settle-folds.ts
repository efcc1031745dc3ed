import { PhantomNetError } from '../core/index.js';
import type { ExperimentConfig } from './config.js';
import { crossValidationFolds, type FoldMethod, type SettledConfig } from './cross-validation-folds.js';
import type { LabelledData } from './labelled-data.js';
import type { SplitFacts } from './split-samples.js';

/** What the folds are by where nobody says: as the split is, so that both ask the same of a model. */
const FOLLOWING: Readonly<Record<SplitFacts['method'], FoldMethod>> = {
  time: 'time-series',
  group: 'group',
  'stratified-group': 'stratified-group',
  stratified: 'stratified',
  random: 'stratified',
  file: 'stratified',
};

/** Returns how the folds are made beside a split, where nobody says. */
export const methodBeside = (split: SplitFacts['method']): FoldMethod => FOLLOWING[split];

/** A config whose folds are settled, and what is to be known of them. */
export interface SettledFolds<T extends ExperimentConfig> {
  readonly config: SettledConfig<T>;
  readonly notes: readonly string[];
}

/**
 * Returns the config with the method and number of its folds. Where nobody names a method it follows the split; where the
 * rows do not allow that, the folds are drawn at random and a note says why. Throws BAD_DATA as `crossValidationFolds`
 * does, for a method that was asked for.
 */
export function settleFolds<T extends ExperimentConfig>(
  config: T,
  data: Pick<LabelledData, 'train' | 'all' | 'split'>,
): SettledFolds<T> {
  const { folds, on, method: asked, repeats } = config.crossValidation;
  const following = methodBeside(data.split.method);
  const settle = (method: FoldMethod, why?: string): SettledFolds<T> => {
    const settled = { ...config, crossValidation: { ...config.crossValidation, method } };
    if (folds === 0) return { config: settled, notes: [] };
    const made = crossValidationFolds(data[on], settled).length / repeats;
    return {
      config: { ...settled, crossValidation: { ...settled.crossValidation, folds: made } },
      notes: method === 'stratified' ? randomNotes(data.split, why) : [],
    };
  };
  if (asked !== undefined) return settle(asked);
  try {
    return settle(following);
  } catch (error) {
    if (!(error instanceof PhantomNetError) || error.code !== 'BAD_DATA' || following === 'stratified')
      throw error;
    return settle('stratified', error.message);
  }
}

/** Rows near in time, or of one group, are then on both sides of a fold. */
function randomNotes({ method, groupBy }: SplitFacts, why: string | undefined): string[] {
  const following = methodBeside(method);
  if (following === 'stratified') return [];
  const by = groupBy ?? 'time';
  const [reason, help] =
    why === undefined
      ? ['', `--cv-method ${following} makes them like the split`]
      : [` (${why})`, `fewer folds, with --cv, may be like the split`];
  return [
    `cross-validation: the folds are drawn at random, while the split is by ${by}${reason}, so their figures may be too good; ${help}`,
  ];
}
