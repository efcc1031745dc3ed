import { didYouMean, PhantomNetError, show } from '../core/index.js';

/** What is searched for: a param, `estimator`, `features` or another key of the config, and its values. */
export interface Dimension {
  readonly name: string;
  /** Where the config says it, in whatever way. */
  readonly key: string;
  readonly values: readonly unknown[] | Range;
}

/** Numbers from `low` to `high`, both included. */
export interface Range {
  readonly low: number;
  readonly high: number;
  /** Drawn evenly by the logarithm. */
  readonly log: boolean;
  /** Whole numbers only. */
  readonly integer: boolean;
}

/** Returns whether a dimension is a range of numbers, and no list. */
export function isRange(values: Dimension['values']): values is Range {
  return !Array.isArray(values);
}

/** Returns whether a name of a space is a key of the config, and no param. */
export function isSetting(name: string): boolean {
  return name.startsWith('features.');
}

/** Returns the error of a config that says of a space what it may not, naming the key. */
export function badSpace(key: string, what: string, hint: string): PhantomNetError {
  return new PhantomNetError('INVALID_CONFIG', `${key} ${what}`, { hint, details: { key } });
}

/**
 * Returns the dimensions of a space as the config says it, sorted by what it calls them as scikit-learn does before it draws.
 * Throws INVALID_CONFIG, naming the key, for an empty space or list, a range that is none, low above high, a range by the
 * logarithm that touches 0, and for what is there twice.
 */
export function readSpace(space: Readonly<Record<string, unknown>>): Dimension[] {
  const given = Object.keys(space).sort();
  if (given.length === 0)
    throw badSpace('search.space', 'is empty', 'name a param with its values, as maxDepth: [4, 8, 16]');
  const dimensions = given.map((path) => {
    const key = `search.space.${path}`;
    return { name: shortName(path), key, values: readValues(key, space[path]) };
  });
  for (const [i, { name, key }] of dimensions.entries()) {
    const first = dimensions.findIndex((other) => other.name === name);
    if (first < i) throw badSpace(key, `is ${dimensions[first]!.key} too`, 'leave one of the two out');
  }
  return dimensions;
}

const PARAMS = 'estimator.params.';

/** Params, estimator and features have a name of their own in a space; as any other key they may be told by their path. */
function shortName(path: string): string {
  if (path === 'estimator.name') return 'estimator';
  if (path === 'features.names') return 'features';
  return path.startsWith(PARAMS) ? path.slice(PARAMS.length) : path;
}

function readValues(key: string, given: unknown): Dimension['values'] {
  if (Array.isArray(given)) {
    if (given.length > 0) return given;
    throw badSpace(key, 'is an empty list', 'list one value or more, or leave the key out');
  }
  if (typeof given === 'object' && given !== null) return readRange(key, given as Record<string, unknown>);
  throw badSpace(
    key,
    `must be a list of values or a range, got ${show(given)}`,
    'write [4, 8, 16] or {low: 4, high: 16, integer: true}; a value that is fixed stands in estimator.params',
  );
}

const RANGE_KEYS = ['low', 'high', 'log', 'integer'];

function readRange(key: string, given: Record<string, unknown>): Range {
  const unknown = Object.keys(given).find((name) => !RANGE_KEYS.includes(name));
  if (unknown !== undefined)
    throw badSpace(
      `${key}.${unknown}`,
      'is no key of a range',
      didYouMean(unknown, RANGE_KEYS) ?? `the keys are ${RANGE_KEYS.join(', ')}`,
    );
  const { log = false, integer = false } = given;
  for (const [name, value] of Object.entries({ log, integer }))
    if (typeof value !== 'boolean')
      throw badSpace(
        `${key}.${name}`,
        `must be true or false, got ${show(value)}`,
        'write true, or leave it out',
      );
  const range = { log: log === true, integer: integer === true };
  const end = (name: 'low' | 'high'): number => readEnd(`${key}.${name}`, given[name], range.integer);
  return checkRange(key, { low: end('low'), high: end('high'), ...range });
}

function readEnd(key: string, value: unknown, integer: boolean): number {
  const isFit = typeof value === 'number' && (integer ? Number.isSafeInteger(value) : Number.isFinite(value));
  if (isFit) return value;
  const what = integer ? 'a whole number' : 'a number';
  throw badSpace(key, `must be ${what}, got ${show(value)}`, 'a range has two ends: {low: 1, high: 100}');
}

function checkRange(key: string, range: Range): Range {
  const { low, high, log, integer } = range;
  if (low > high) throw badSpace(key, `has low ${low} above high ${high}`, 'swap the two');
  if (log && low <= 0)
    throw badSpace(
      `${key}.low`,
      `must be above 0 in a range by the logarithm, got ${low}`,
      'begin above 0, or leave log out',
    );
  if (integer && high - low > 0xffffffff)
    throw badSpace(key, 'holds more than 4294967296 whole numbers', 'choose a smaller range');
  return range;
}
