import { didYouMean, PhantomNetError, show } from '../core/index.js';
import type { ColumnType, Signature } from '../mlflow/index.js';
import type { Runtime, Tensor, TensorData, TensorInfo, TensorType } from './onnx-runtime.js';

/** A column of the rows that a graph scores. */
export interface InputColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A row of the columns' values. */
export type Row = Readonly<Record<string, unknown>>;
type Cell = number | string;

const NUMBERS: ReadonlySet<ColumnType> = new Set(['integer', 'long', 'float', 'double', 'boolean']);
const GRAPH_TYPES: Readonly<Record<string, ColumnType>> = {
  float32: 'float',
  float64: 'double',
  int64: 'long',
  int32: 'integer',
  bool: 'boolean',
  string: 'string',
};

/**
 * Returns the columns of the rows a graph takes: those of the signature, or the graph's own inputs where there is none.
 * Throws INTEGRITY where the two do not fit together, or where no names are known.
 */
export function inputColumns(signature: Signature | undefined, inputs: readonly TensorInfo[]): InputColumn[] {
  for (const { name, type } of inputs)
    if (type === undefined || GRAPH_TYPES[type] === undefined)
      throw unfit(`its input ${show(name)} is of type ${show(type)}`);
  const columns = signature?.inputs.length ? signature.inputs.map(signedColumn) : inputs.map(ownColumn);
  const names = new Set(columns.map((column) => column.name));
  const width = inputs[0]?.shape?.[1];
  if (inputs.length > 1) {
    const absent = inputs.find(({ name }) => !names.has(name));
    if (absent !== undefined) throw unfit(`its input ${show(absent.name)} is no column of the signature`);
  } else if (
    typeof width === 'number'
      ? width !== columns.length && width > 0
      : isFlat(inputs[0]) && columns.length > 1
  )
    throw unfit(`its input takes ${width ?? 1} values a row, the signature has ${columns.length} columns`);
  return columns;
}

function isFlat(input: TensorInfo | undefined): boolean {
  return input?.shape?.length === 1;
}

function signedColumn(column: Signature['inputs'][number]): InputColumn {
  const { name } = column;
  if (
    column.kind === 'column' &&
    name !== undefined &&
    (NUMBERS.has(column.type) || column.type === 'string')
  )
    return { name, type: column.type };
  throw unfit(`column ${show(name)} of its signature is of type ${show(column.type)}`);
}

function ownColumn({ name, type, shape }: TensorInfo): InputColumn {
  if (shape?.length === 1 || shape?.[1] === 1) return { name, type: GRAPH_TYPES[type!]! };
  throw unfit('it has no signature, so its columns have no names');
}

function unfit(what: string): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `the ONNX model cannot be scored: ${what}`, {
    hint: 'log it with a signature of named columns: infer_signature(DataFrame, predictions)',
  });
}

/**
 * Returns the tensors of rows, as MLflow makes them of a data frame: one matrix of all columns for a graph with one
 * input, a column each for one with several. Throws BAD_DATA naming row and field for a value that does not fit.
 */
export function feedsOf(
  runtime: Runtime,
  rows: readonly unknown[],
  { inputs, columns }: { readonly inputs: readonly TensorInfo[]; readonly columns: readonly InputColumn[] },
): Record<string, Tensor> {
  const cells = rows.map((row, i) => readRow(row, columns, i));
  const feeds: Record<string, Tensor> = Object.create(null);
  for (const input of inputs) {
    const taken = inputs.length === 1 ? columns : columns.filter(({ name }) => name === input.name);
    const at = taken.map((column) => columns.indexOf(column));
    const values = cells.flatMap((row) => at.map((j) => row[j]!));
    const dims = isFlat(input) ? [rows.length] : [rows.length, taken.length];
    const type = input.type as TensorType;
    feeds[input.name] = new runtime.Tensor(type, tensorData(type, values), dims);
  }
  return feeds;
}

function tensorData(type: TensorType, values: readonly Cell[]): TensorData {
  if (type === 'string') return values.map(String);
  const numbers = values.map(Number);
  if (type === 'float64') return Float64Array.from(numbers);
  if (type === 'float32') return Float32Array.from(numbers);
  const whole = numbers.find((value) => !Number.isSafeInteger(value));
  if (whole !== undefined)
    throw new PhantomNetError('BAD_DATA', `the graph takes whole numbers only, got ${show(whole)}`, {
      hint: 'give a whole number; a missing value cannot be one',
    });
  if (type === 'int64') return BigInt64Array.from(numbers, BigInt);
  return type === 'int32' ? Int32Array.from(numbers) : Uint8Array.from(numbers);
}

function readRow(row: unknown, columns: readonly InputColumn[], i: number): Cell[] {
  if (row === null || typeof row !== 'object' || Array.isArray(row))
    throw badCell(i, undefined, `expected an object, got ${show(row)}`, 'give a list of objects');
  const fields = row as Row;
  const names = columns.map(({ name }) => name);
  for (const field of Object.keys(fields))
    if (!names.includes(field))
      throw badCell(
        i,
        field,
        `unknown field ${show(field)}`,
        didYouMean(field, names) ?? `the model takes ${names.join(', ')}`,
      );
  return columns.map(({ name, type }) => {
    if (!Object.hasOwn(fields, name))
      throw badCell(i, name, `field ${show(name)} is missing`, 'give every column a value');
    const cell = readCell(fields[name], type);
    if (cell !== undefined) return cell;
    throw badCell(
      i,
      name,
      `field ${show(name)} must be ${EXPECTED[type]}, got ${show(fields[name])}`,
      `give ${EXPECTED[type]}`,
    );
  });
}

const EXPECTED: Readonly<Record<ColumnType, string>> = {
  boolean: 'true or false',
  integer: 'a whole number',
  long: 'a whole number',
  float: 'a number or null',
  double: 'a number or null',
  string: 'text or null',
  binary: 'bytes',
  datetime: 'a time',
};

/** Null is NaN for a number and empty for text; undefined is returned for what does not fit. */
function readCell(value: unknown, type: ColumnType): Cell | undefined {
  if (type === 'string') return typeof value === 'string' ? value : value === null ? '' : undefined;
  if (type === 'boolean') return typeof value === 'boolean' ? Number(value) : undefined;
  const isWhole = type === 'long' || type === 'integer';
  if (isWhole) return Number.isSafeInteger(value) ? (value as number) : undefined;
  if (value === null) return Number.NaN;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function badCell(row: number, field: string | undefined, what: string, hint: string): PhantomNetError {
  return new PhantomNetError('BAD_DATA', `row ${row}: ${what}`, { hint, details: { row, field } });
}
