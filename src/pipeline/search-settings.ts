import { given } from '../core/index.js';
import { parseConfig } from './config.js';
import type { Candidate } from './search-candidates.js';
import { type SearchExperimentConfig, searchExperimentSchema } from './search-config.js';

const COLUMNS = 'features.encoding.columns.';

/**
 * Returns the config of an experiment that trains a candidate: what was searched for is in its place. Throws INVALID_CONFIG,
 * naming the key, for what the config knows no such key or value of.
 */
export function candidateConfig(
  config: SearchExperimentConfig,
  { estimator: name, params, features: names, settings }: Candidate,
): SearchExperimentConfig {
  const estimator = { ...config.estimator, name, params };
  const whole: object = { ...config, estimator, features: { ...config.features, names } };
  const set = Object.entries(settings).reduce((part, [path, value]) => put(part, keysOf(path), value), whole);
  return parseConfig(searchExperimentSchema, set, 'search.space');
}

/** The name of a feature may have dots. */
function keysOf(path: string): string[] {
  if (!path.startsWith(COLUMNS)) return path.split('.');
  return [...COLUMNS.split('.').slice(0, -1), path.slice(COLUMNS.length)];
}

/** Null stands for a key that is left out: what of the config may be null is so by default. */
function put(section: object, [key, ...rest]: readonly string[], value: unknown): object {
  if (rest.length === 0) return given({ ...section, [key!]: value ?? undefined });
  const below: unknown = Object.hasOwn(section, key!) ? section[key as keyof object] : undefined;
  return { ...section, [key!]: put(isSection(below) ? below : {}, rest, value) };
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
