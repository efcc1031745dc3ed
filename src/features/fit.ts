import { invalidParameter } from '../core/index.js';
import type { ColumnSchema, FeatureSpec, HoneypotEvent } from '../data/index.js';
import type { CategoricalDefinition, EmptyAs } from './feature-definition.js';
import { FeaturePipeline } from './pipeline.js';
import { resolveFeatures } from './roles.js';

/** The most categories a categorical feature keeps: the commonest; the rest are read as missing. */
export const MAX_CATEGORIES = 254;

/** What to fit. */
export interface FitFeaturesOptions {
  /** Roles of the source's columns. */
  readonly schema: readonly ColumnSchema[];
  /** Feature names, or `'all'` (the default): every feature whose source columns have the role `feature`. */
  readonly features?: readonly string[] | 'all';
  /** Default `'zero'`. */
  readonly emptyAs?: EmptyAs;
}

/**
 * Returns a feature pipeline whose categories are those of `events`, which must be training rows only.
 * Categories are sorted by text; beyond MAX_CATEGORIES only the commonest are kept. Deterministic, O(events × features).
 * Throws INVALID_PARAMETER for a feature that is refused or unknown.
 *
 * @example
 * ```ts
 * import { eventsFromRecords, WEEK6_SCHEMA } from 'phantomnet';
 * const events = eventsFromRecords([{ honeypot_type: 'ssh', event: 'command', data: "{'command': 'ls'}" }]);
 * const pipeline = fitFeatures(events, { schema: WEEK6_SCHEMA, features: ['payload_length'] });
 * pipeline.transform(events).values; // [17]
 * ```
 */
export function fitFeatures(events: readonly HoneypotEvent[], options: FitFeaturesOptions): FeaturePipeline {
  const { schema, features = 'all', emptyAs = 'zero' } = options;
  if (emptyAs !== 'zero' && emptyAs !== 'nan') invalidParameter('emptyAs', "'zero' or 'nan'", emptyAs);
  const specs = resolveFeatures(features, schema).map(
    (definition): FeatureSpec =>
      definition.type === 'numeric'
        ? { name: definition.name, type: 'numeric' }
        : { name: definition.name, type: 'categorical', categories: learnCategories(definition, events) },
  );
  return new FeaturePipeline({ version: 1, emptyAs, features: specs });
}

function learnCategories(definition: CategoricalDefinition, events: readonly HoneypotEvent[]): string[] {
  return mostCommon(events.map((event) => definition.read(event)));
}

/** Returns the MAX_CATEGORIES commonest texts, of equally common ones the first by text, sorted; null is none. */
export function mostCommon(texts: readonly (string | null)[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MAX_CATEGORIES)
    .map(([text]) => text)
    .sort();
}
