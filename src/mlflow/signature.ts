import { z } from 'zod';
import { PhantomNetError } from '../core/index.js';

/** MLflow's column types. */
const COLUMN_TYPES = [
  'boolean',
  'integer',
  'long',
  'float',
  'double',
  'string',
  'binary',
  'datetime',
] as const;
/** One of MLflow's column types. */
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** A named column of a model's input or output. */
export interface SignatureColumn {
  readonly kind: 'column';
  /** Absent for the one column of a series. */
  readonly name?: string;
  readonly type: ColumnType;
  /** False when the column may be missing from a row. */
  readonly required: boolean;
}

/** A tensor, or a nested type, of a model made elsewhere; kept as MLflow wrote it. */
export interface SignatureOther {
  readonly kind: 'other';
  readonly name?: string;
  /** MLflow's word: tensor, array, object, map, any, sparkml_vector. */
  readonly type: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

/** What a model takes and gives. */
export interface Signature {
  readonly inputs: ReadonlyArray<SignatureColumn | SignatureOther>;
  readonly outputs: ReadonlyArray<SignatureColumn | SignatureOther>;
}

/** How a signature stands in an MLmodel file: each side is JSON in a string. */
interface WireSignature {
  readonly inputs: string | null;
  readonly outputs: string | null;
  readonly params: string | null;
}

const MAX_COLUMNS = 100_000;
const wireSide = z
  .array(z.looseObject({ type: z.string(), name: z.string().optional(), required: z.boolean().optional() }))
  .max(MAX_COLUMNS);

/** Returns the signature as MLflow writes it. */
export function formatSignature(signature: Signature): WireSignature {
  const side = (columns: Signature['inputs']) => JSON.stringify(columns.map(formatColumn));
  return { inputs: side(signature.inputs), outputs: side(signature.outputs), params: null };
}

/** Returns a signature from the JSON texts of an MLmodel file. Throws INTEGRITY, naming the side, for what is no signature. */
export function parseSignature(wire: { readonly inputs?: unknown; readonly outputs?: unknown }): Signature {
  return { inputs: parseSide('inputs', wire.inputs), outputs: parseSide('outputs', wire.outputs) };
}

function formatColumn(column: SignatureColumn | SignatureOther): Record<string, unknown> {
  const name = column.name === undefined ? {} : { name: column.name };
  if (column.kind === 'other') return { ...column.definition, type: column.type, ...name };
  return { type: column.type, ...name, required: column.required };
}

function parseSide(side: string, text: unknown): Signature['inputs'] {
  if (text === undefined || text === null) return [];
  if (typeof text !== 'string') throw badSignature(side, 'expected JSON in a string');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw badSignature(side, 'it is not JSON', cause);
  }
  const parsed = wireSide.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw badSignature(side, `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'wrong shape'}`);
  }
  return parsed.data.map(({ type, name, required, ...definition }) => {
    const named = name === undefined ? {} : { name };
    const columnType = COLUMN_TYPES.find((known) => known === type);
    if (columnType === undefined) return { kind: 'other', type, ...named, definition };
    // Before MLflow 2.6 a column said `optional` instead.
    return {
      kind: 'column',
      type: columnType,
      ...named,
      required: required ?? definition['optional'] !== true,
    };
  });
}

function badSignature(side: string, reason: string, cause?: unknown): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `MLmodel field signature.${side} cannot be read: ${reason}`, {
    hint: 'log the model again: this file was not written by MLflow or PhantomNet, or was changed since',
    details: { field: `signature.${side}`, reason },
    ...(cause === undefined ? {} : { cause }),
  });
}
