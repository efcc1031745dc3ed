import { didYouMean, PhantomNetError, show } from '../core/index.js';
import type { Labels, TableSource } from '../data/index.js';
import {
  describeFeatures,
  type FeatureColumns,
  type FeatureEncodingOptions,
  type FittedEncoding,
  fitEncoding,
  type InputFeature,
} from '../features/index.js';
import { type Group, stratifiedGroupKFold, stratifiedKFold } from '../split/index.js';
import type { ExperimentConfig } from './config.js';

/** Returns what a config does with features before the model takes them; undefined where it does nothing. */
export function encodingOptions(features: ExperimentConfig['features']): FeatureEncodingOptions | undefined {
  const { encoding, impute, scale } = features;
  const encoders = encoding === undefined ? [] : [encoding.categorical, ...Object.values(encoding.columns)];
  const isNative = encoders.every((encoder) => encoder === 'native');
  if (isNative && impute === undefined && scale === undefined) return undefined;
  return { encoding, impute, scale };
}

/** The features of a recipe, of events or of a table. */
interface EncodedRecipe {
  readonly features: ExperimentConfig['features'];
  readonly table: TableSource | undefined;
}

/**
 * Throws INVALID_PARAMETER for an encoder of a column that there is not, or that is one of numbers. Columns that no feature is
 * made of may be named: a search leaves some out.
 */
export function checkEncoding({ features, table }: EncodedRecipe): void {
  const known: readonly InputFeature[] = table?.columns ?? describeFeatures();
  for (const [name, encoder] of Object.entries(features.encoding?.columns ?? {})) {
    const column = known.find((feature) => feature.name === name);
    const key = `features.encoding.columns.${name}`;
    const texts = known.filter(({ type }) => type === 'categorical').map((feature) => feature.name);
    if (column === undefined)
      refuse(
        key,
        `${key}: no feature ${show(name)}`,
        didYouMean(name, texts) ?? `there are ${listed(texts)}`,
      );
    if (column.type === 'numeric')
      refuse(
        key,
        `${key}: ${show(name)} is a feature of numbers, and ${encoder} is for text`,
        'leave it out: features.impute and features.scale are for numbers',
      );
  }
}

/**
 * Returns the encoding of training rows, with their matrix. The internal folds of target encoding are stratified, and keep
 * whole the groups that are given; fewer where no class has as many rows, or there are fewer groups, and by rows where there
 * is one. Deterministic given `randomState`.
 */
export function encodeTraining(
  columns: FeatureColumns,
  options: FeatureEncodingOptions,
  {
    labels,
    groups = [],
    randomState,
  }: {
    readonly labels: Labels;
    readonly groups?: readonly Group[] | undefined;
    readonly randomState: number;
  },
): FittedEncoding {
  const counts = new Map<number, number>();
  for (const code of labels.codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const most = Math.max(2, ...counts.values());
  const nGroups = new Set(groups).size;
  const drawn = { shuffle: true, randomState, rareClasses: 'allow' } as const;
  const foldsOf = (nSplits: number) =>
    nGroups < 2
      ? stratifiedKFold(labels, { ...drawn, nSplits: Math.min(nSplits, most) })
      : stratifiedGroupKFold(labels, groups, { ...drawn, nSplits: Math.min(nSplits, most, nGroups) });
  return fitEncoding(columns, options, { labels, foldsOf });
}

function refuse(parameter: string, message: string, hint: string): never {
  throw new PhantomNetError('INVALID_PARAMETER', message, { hint, details: { parameter } });
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none of text';
  return names.length <= 10 ? names.join(', ') : `${names.slice(0, 10).join(', ')}, …`;
}
