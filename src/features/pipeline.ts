import { PhantomNetError } from '../core/index.js';
import type { FeatureMatrix, FeatureSpec, HoneypotEvent } from '../data/index.js';
import { CATALOGUE } from './catalogue.js';
import { type FeatureColumns, readColumns } from './encoding/columns.js';
import type { EmptyAs, FeatureDefinition } from './feature-definition.js';

/** What is stored of a pipeline: plain JSON, equal pipelines give equal bytes. */
export interface FeaturePipelineState {
  readonly version: 1;
  readonly emptyAs: EmptyAs;
  readonly features: readonly FeatureSpec[];
}

/** What a model takes: rows of its features only, or (with a stored pipeline) raw events too. */
export interface FeatureSignature {
  readonly inputKind: 'rows' | 'both';
  readonly features: readonly { readonly name: string; readonly type: FeatureSpec['type'] }[];
  /** The event columns that raw events are read from; empty for `rows`. */
  readonly columns: readonly string[];
}

/** A matrix, with the values that could not be encoded counted by feature (only features with such values are there). */
export interface EncodedMatrix extends FeatureMatrix {
  /** Values of a categorical feature that were not seen when it was fitted; NaN in the matrix. */
  readonly unseen: Readonly<Record<string, number>>;
  /** Values that are present but not valid, such as a port that is no number; NaN in the matrix. */
  readonly invalid: Readonly<Record<string, number>>;
}

/** Returns the signature of a model that has no pipeline. */
export function rowsSignature(features: readonly FeatureSpec[]): FeatureSignature {
  return { inputKind: 'rows', features: features.map(({ name, type }) => ({ name, type })), columns: [] };
}

/** A fitted feature pipeline: turns events into numbers the same way in training and in scoring. Immutable. */
export class FeaturePipeline {
  readonly #definitions: readonly FeatureDefinition[];
  readonly #codes: readonly (ReadonlyMap<string, number> | undefined)[];
  readonly #state: FeaturePipelineState;

  /** Throws INTEGRITY when the state names a feature this version does not have. */
  constructor(state: FeaturePipelineState) {
    this.#state = state;
    this.#definitions = state.features.map(({ name, type }) => {
      const definition = CATALOGUE.get(name);
      if (definition?.type === type) return definition;
      throw new PhantomNetError(
        'INTEGRITY',
        `feature pipeline: no ${type} feature '${name}' in this version`,
        {
          hint: 'load the model with the version of phantomnet that made it',
          details: { feature: name },
        },
      );
    });
    this.#codes = state.features.map(categoryCodes);
  }

  get features(): readonly FeatureSpec[] {
    return this.#state.features;
  }

  get emptyAs(): EmptyAs {
    return this.#state.emptyAs;
  }

  /** Says that raw events and rows of features are both taken, and which columns the events need. */
  get signature(): FeatureSignature {
    const columns = [...new Set(this.#definitions.flatMap((d) => d.columns))];
    return { ...rowsSignature(this.features), inputKind: 'both', columns };
  }

  /** Returns the features of `events`, nSamples × nFeatures. Deterministic, O(events × features), never throws on a value. */
  transform(events: readonly HoneypotEvent[]): EncodedMatrix {
    const width = this.#definitions.length;
    const values = new Float32Array(events.length * width);
    const unseen: Counts = new Map();
    const invalid: Counts = new Map();
    // Event by event: features of one text, which stand together, measure it once.
    for (let i = 0; i < events.length; i++) {
      for (let j = 0; j < width; j++) {
        const definition = this.#definitions[j]!;
        values[i * width + j] =
          definition.type === 'numeric'
            ? (definition.read(events[i]!, this.emptyAs) ?? countIn(invalid, definition.name))
            : encode(definition.read(events[i]!), this.#codes[j]!, unseen, definition.name);
      }
    }
    const counts = { unseen: Object.fromEntries(unseen), invalid: Object.fromEntries(invalid) };
    return { nSamples: events.length, features: this.features, values, ...counts };
  }

  /** Returns the features of `events` before they are encoded: categories as text. Deterministic, never throws on a value. */
  columnsOf(events: readonly HoneypotEvent[]): FeatureColumns {
    const invalid: Counts = new Map();
    const columns = readColumns(this.features, events.length, (row, j) => {
      const definition = this.#definitions[j]!;
      if (definition.type === 'categorical') return definition.read(events[row]!);
      return definition.read(events[row]!, this.emptyAs) ?? countIn(invalid, definition.name);
    });
    return { nSamples: events.length, columns, invalid: Object.fromEntries(invalid) };
  }

  /** Returns the pipeline without categories, for an encoding that holds them. */
  withoutCategories(): FeaturePipeline {
    const features = this.features.map((feature) =>
      feature.type === 'numeric' ? feature : { ...feature, categories: [] },
    );
    return new FeaturePipeline({ ...this.#state, features });
  }

  /** Returns the state to store; `canonicalJson` of it has the same bytes for equal pipelines. */
  toJSON(): FeaturePipelineState {
    return this.#state;
  }
}

/** Returns the code of each category of a categorical feature, undefined for a numeric one. */
export function categoryCodes(feature: FeatureSpec): ReadonlyMap<string, number> | undefined {
  if (feature.type === 'numeric') return undefined;
  return new Map((feature.categories ?? []).map((category, code) => [category, code]));
}

/** Counts by feature; a column of a table may have any name, `constructor` too. */
export type Counts = Map<string, number>;

/** Returns the code of a category, NaN for a missing or unseen one; counts the unseen. */
export function encode(
  category: string | null,
  codes: ReadonlyMap<string, number>,
  unseen: Counts,
  feature: string,
): number {
  if (category === null) return Number.NaN;
  return codes.get(category) ?? countIn(unseen, feature);
}

function countIn(counts: Counts, feature: string): number {
  counts.set(feature, (counts.get(feature) ?? 0) + 1);
  return Number.NaN;
}
