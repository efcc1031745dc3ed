import { z } from 'zod';
import { canonicalJson, PhantomNetError } from '../../core/index.js';
import { MAX_CATEGORIES } from '../fit.js';
import type { EncodedMatrix } from '../pipeline.js';
import { rowsToColumns } from '../rows.js';
import { MAX_CATEGORY_LENGTH, MAX_ENCODED_CATEGORIES } from './categories.js';
import { FeatureEncoding, type FeatureEncodingState } from './feature-encoding.js';
import { MAX_ENCODED_FEATURES } from './fit-encoding.js';

type Row = Readonly<Record<string, unknown>>;
type NumberRows = readonly (readonly (number | null)[])[];

/** What a package holds of an encoding: its state, and what it made of the stored example when it was fitted. */
export interface StoredEncoding extends FeatureEncodingState {
  /** The matrix of the example, row by row; null where a value is missing. */
  readonly example: NumberRows;
}

const unique = (items: readonly unknown[]): boolean => new Set(items).size === items.length;
const text = z.string().max(MAX_CATEGORY_LENGTH);
const texts = z.array(text).max(MAX_ENCODED_CATEGORIES).refine(unique, 'categories must be unique');
const categories = z
  .array(text.nullable())
  .max(MAX_ENCODED_CATEGORIES)
  .refine(unique, 'categories must be unique');
const name = z.string();
const column = { name, type: z.literal('categorical') };

const columnState = z.discriminatedUnion('encoder', [
  z.strictObject({
    name,
    type: z.literal('numeric'),
    encoder: z.literal('numeric'),
    fillValue: z.number().nullable(),
    addIndicator: z.boolean(),
    center: z.number(),
    scale: z.number().positive(),
  }),
  z.strictObject({
    ...column,
    encoder: z.literal('native'),
    categories: z.array(z.string()).max(MAX_CATEGORIES).refine(unique, 'categories must be unique'),
  }),
  z.strictObject({
    ...column,
    encoder: z.literal('ordinal'),
    categories: texts,
    unknownValue: z.number().nullable(),
  }),
  z
    .strictObject({
      ...column,
      encoder: z.literal('one-hot'),
      categories: categories.max(MAX_ENCODED_FEATURES),
      infrequent: categories,
      handleUnknown: z.enum(['infrequent-if-exist', 'ignore']),
    })
    .refine((s) => unique([...s.categories, ...s.infrequent]), 'categories must be unique'),
  z.strictObject({
    ...column,
    encoder: z.literal('hashing'),
    bits: z.int().min(1).max(10),
    randomState: z.int().min(0).max(4294967295),
  }),
  z
    .strictObject({
      ...column,
      encoder: z.literal('target'),
      categories,
      classes: z.array(z.string()).min(3).max(MAX_ENCODED_FEATURES).nullable(),
      means: z.array(z.array(z.number()).max(MAX_ENCODED_CATEGORIES)).min(1),
      prior: z.array(z.number()),
    })
    .refine(hasAllMeans, 'means must be one a category, and prior one, for each output'),
]);

function hasAllMeans(state: {
  readonly categories: readonly unknown[];
  readonly classes: readonly unknown[] | null;
  readonly means: readonly (readonly number[])[];
  readonly prior: readonly number[];
}): boolean {
  const nOutputs = state.classes?.length ?? 1;
  const isWhole = state.means.every((means) => means.length === state.categories.length);
  return isWhole && state.means.length === nOutputs && state.prior.length === nOutputs;
}

const schema = z.strictObject({
  version: z.literal(1),
  columns: z
    .array(columnState)
    .min(1)
    .max(MAX_ENCODED_FEATURES)
    .refine((columns) => unique(columns.map((c) => c.name)), 'columns must be unique'),
  example: z.array(z.array(z.number().nullable()).max(MAX_ENCODED_FEATURES)).max(1000),
});

/** Returns what to store of an encoding beside the example, rows of the features that a caller gives. */
export function storedEncoding(encoding: FeatureEncoding, example: readonly Row[]): StoredEncoding {
  return { ...encoding.toJSON(), example: encodedRows(encoding, example) };
}

/**
 * Returns the encoding that `value`, parsed JSON, describes, checked strictly. Throws INTEGRITY, naming the field that is
 * wrong, and where this version makes another matrix of the example than was made when it was stored. Cost O(bytes).
 */
export function featureEncodingFromJSON(value: unknown, example: readonly Row[]): FeatureEncoding {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(`at ${issue!.path.join('.') || 'the top level'}: ${issue!.message}`);
  }
  const { example: expected, ...state } = parsed.data as StoredEncoding;
  const encoding = new FeatureEncoding(state);
  if (encoding.features.length > MAX_ENCODED_FEATURES)
    throw damaged(`${encoding.features.length} features, where ${MAX_ENCODED_FEATURES} is the most`);
  if (canonicalJson(rowsOrRefuse(encoding, example)) === canonicalJson(expected)) return encoding;
  throw new PhantomNetError(
    'INTEGRITY',
    'encoding.json: the input example is encoded otherwise than when it was stored',
    {
      hint: 'load the model with the version of phantomnet that made it, or train it again',
      details: { file: 'encoding.json' },
    },
  );
}

function rowsOrRefuse(encoding: FeatureEncoding, example: readonly Row[]): NumberRows {
  try {
    return encodedRows(encoding, example);
  } catch (cause) {
    if (!(cause instanceof PhantomNetError) || cause.code !== 'BAD_DATA') throw cause;
    throw damaged(`the input example does not fit it: ${cause.message}`, cause);
  }
}

function encodedRows(encoding: FeatureEncoding, example: readonly Row[]): NumberRows {
  const columns = rowsToColumns(encoding.inputs, example, { mayBeMissing: () => true });
  return matrixRows(encoding.transform(columns));
}

function matrixRows({ nSamples, features, values }: EncodedMatrix): NumberRows {
  const width = features.length;
  return Array.from({ length: nSamples }, (_, row) =>
    Array.from(values.subarray(row * width, (row + 1) * width), (v) => (Number.isNaN(v) ? null : v)),
  );
}

function damaged(what: string, cause?: unknown): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `encoding.json: ${what}`, {
    cause,
    hint: 'the stored encoding is damaged or from another version; train the model again or restore its files',
    details: { file: 'encoding.json' },
  });
}
