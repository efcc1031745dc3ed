import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#src/core/index.js';
import { featureEncodingFromJSON, fitEncoding, storedEncoding } from '#src/features/index.js';
import { expectThrown } from '../../../support/expect-thrown.js';
import { columnsOf, trainingOf } from './columns-of.js';

const COLUMNS = columnsOf({
  kept: ['a', 'b', 'a', null],
  numbered: ['a', 'b', 'a', null],
  spread: ['a', 'b', 'a', null],
  hashed: ['a', 'b', 'a', null],
  means: ['a', 'b', 'a', null],
  n: [1, 2, Number.NaN, 4],
});
const { encoding } = fitEncoding(
  COLUMNS,
  {
    encoding: {
      columns: { numbered: 'ordinal', spread: 'one-hot', hashed: 'hashing', means: 'target' },
      oneHot: { maxCategories: 2 },
      hashing: { bits: 1 },
      target: { folds: 2 },
    },
    impute: { addIndicator: true },
    scale: 'standard',
  },
  trainingOf([0, 1, 1, 0]),
);
const EXAMPLE = [
  { kept: 'b', numbered: 'new', spread: null, hashed: 'x', means: 'a', n: null },
  { kept: null, numbered: 'a', spread: 'a', hashed: null, means: 'new', n: 0.1 },
];
type Json = Record<string, unknown> & { columns: Record<string, unknown>[]; example: unknown[][] };
const stored = (): Json => JSON.parse(canonicalJson(storedEncoding(encoding, EXAMPLE)));
const refusal = (value: unknown, example: readonly Record<string, unknown>[] = EXAMPLE) => {
  const error = expectThrown(() => featureEncodingFromJSON(value, example), 'INTEGRITY');
  expect(error.details).toMatchObject({ file: 'encoding.json' });
  return error.message;
};

describe('a stored encoding', () => {
  it('comes back as it was, for every encoder', () => {
    const opened = featureEncodingFromJSON(stored(), EXAMPLE);
    expect(canonicalJson(opened)).toBe(canonicalJson(encoding));
    expect(opened.features).toEqual(encoding.features);
    expect(opened.transform(COLUMNS)).toEqual(encoding.transform(COLUMNS));
    expect(stored().example[0]!.length).toBe(opened.features.length);
  });

  it('is refused where it encodes the example otherwise', () => {
    const message = 'encoding.json: the input example is encoded otherwise than when it was stored';
    const changed = stored();
    changed.columns[5]!['center'] = 0;
    expect(refusal(changed)).toBe(message);
    const other = stored();
    other.example[1]![0] = 1;
    expect(refusal(other)).toBe(message);
    expect(refusal(stored(), [EXAMPLE[0]!])).toBe(message);
    expect(refusal(stored(), [{ n: 1 }, {}])).toContain('the input example does not fit it: row 0');
  });

  it.each([
    ['no object', null],
    ['another version', { ...stored(), version: 2 }],
    ['another field', { ...stored(), code: 'x' }],
    ['no column', { ...stored(), columns: [] }],
    ['a column twice', { ...stored(), columns: [...stored().columns, stored().columns[0]] }],
    ['an unknown encoder', withColumn(1, { encoder: 'pickle' })],
    ['an encoder of numbers', withColumn(1, { type: 'numeric' })],
    ['a category twice', withColumn(1, { categories: ['a', 'a'] })],
    ['a category of any length', withColumn(1, { categories: ['x'.repeat(257)] })],
    ['too many categories', withColumn(1, { categories: Array.from({ length: 65_537 }, (_, i) => `${i}`) })],
    ['a category in two places', withColumn(2, { infrequent: ['a'] })],
    ['too many hashes', withColumn(3, { bits: 31 })],
    ['no whole number of bits', withColumn(3, { bits: 1.5 })],
    ['a mean too few', withColumn(4, { means: [[0.5]] })],
    ['a prior too few', withColumn(4, { prior: [] })],
    ['a mean that is no number', withColumn(4, { prior: [Number.POSITIVE_INFINITY] })],
    ['a scale of zero', withColumn(5, { scale: 0 })],
    ['a fill value that is no number', withColumn(5, { fillValue: Number.POSITIVE_INFINITY })],
    ['a field of a column more', withColumn(5, { run: 'x' })],
  ])('with %s is refused', (_, value) => {
    expect(refusal(value)).toMatch(/^encoding\.json: at /);
  });

  it('that would make too many features is refused', () => {
    const columns = Array.from({ length: 10 }, (_, i) => ({
      ...{ name: `c${i}`, type: 'categorical', encoder: 'hashing' },
      ...{ bits: 10, randomState: 0 },
    }));
    expect(refusal({ version: 1, columns, example: [] }, [])).toBe(
      'encoding.json: 10240 features, where 10000 is the most',
    );
  });
});

function withColumn(index: number, change: Record<string, unknown>): Json {
  const value = stored();
  value.columns[index] = { ...value.columns[index], ...change };
  return value;
}
