import type { FeatureSpec } from '../../data/index.js';

/** How one column becomes columns of the matrix; made of a fitted state. */
export interface ColumnEncoder {
  /** The features it gives; names may repeat those of other columns. */
  readonly outputs: readonly FeatureSpec[];
  /** What an unseen category is read as, in words; undefined where there can be none. */
  readonly unseenAs?: string;
  /** Writes the outputs of a value from `at` on, where zeros stand; returns whether it is a category not seen in training. */
  readonly write: (value: number | string | null, out: Float32Array, at: number) => boolean;
}

/** Returns numeric features of these names. */
export function numericOutputs(names: readonly string[]): FeatureSpec[] {
  return names.map((name) => ({ name, type: 'numeric' }));
}

/** The name of a feature says what it is made of; a category may be as long as a log line. */
const MAX_NAME_PART = 64;

/** Returns a part of a feature's name, a long one cut. */
export function namePart(text: string): string {
  return text.length <= MAX_NAME_PART ? text : `${[...text].slice(0, MAX_NAME_PART).join('')}…`;
}

/** Returns features whose names are all different: a name that is taken gets `_2`, `_3`, … */
export function distinctFeatures(features: readonly FeatureSpec[]): FeatureSpec[] {
  const taken = new Set<string>();
  return features.map((feature) => {
    let name = feature.name;
    for (let n = 2; taken.has(name); n++) name = `${feature.name}_${n}`;
    taken.add(name);
    return { ...feature, name };
  });
}
