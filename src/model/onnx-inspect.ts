import { PhantomNetError, show } from '../core/index.js';
import { CLASSES_KEY } from './onnx-graph.js';

/** What is read of an ONNX file before it is run. */
export interface OnnxFacts {
  /** The classes in the order of their scores, as our metadata or else a classifier in the graph names them; or undefined. */
  readonly classLabels: readonly (number | string)[] | undefined;
}

type Kind = 'model' | 'training' | 'function' | 'graph' | 'node' | 'attribute' | 'sparse' | 'tensor';

/** The messages in which a tensor can be, and the fields that lead there. */
const FIELDS: Readonly<Record<Kind, Readonly<Record<number, Kind>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 10: 'tensor', 6: 'graph', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
};
const METADATA = 14;
const MAX_DEPTH = 64;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;

/**
 * Returns what an ONNX file says of its classes, after a look at every tensor in it. Runs nothing. Throws INTEGRITY for
 * bytes that are no ONNX file, and for a tensor whose values are in another file: its path is the writer's choice, and
 * no digest covers what it leads to. Cost O(bytes).
 */
export function inspectOnnx(bytes: Uint8Array): OnnxFacts {
  const labels: (number | string)[] = [];
  let ours: (number | string)[] | undefined;
  const walk = (message: Uint8Array, kind: Kind, depth: number): void => {
    if (depth > MAX_DEPTH) throw notOnnx(`it nests deeper than ${MAX_DEPTH} levels`);
    if (kind === 'attribute') labels.push(...classLabels(message));
    for (const { field, value } of readFields(message)) {
      if (kind === 'tensor' && (field === EXTERNAL_DATA || (field === DATA_LOCATION && value !== 0)))
        throw externalData(message);
      if (kind === 'model' && field === METADATA && value instanceof Uint8Array) ours ??= ownClasses(value);
      const child = FIELDS[kind][field];
      if (child !== undefined && value instanceof Uint8Array) walk(value, child, depth + 1);
    }
  };
  walk(bytes, 'model', 0);
  return { classLabels: ours ?? (labels.length === 0 ? undefined : labels) };
}

/** Returns the classes where an entry of the metadata is the list of them that `exportOnnx` writes. */
function ownClasses(entry: Uint8Array): (number | string)[] | undefined {
  const [key, text] = [1, 2].map(
    (wanted) => [...readFields(entry)].find(({ field }) => field === wanted)?.value,
  );
  if (!(key instanceof Uint8Array && text instanceof Uint8Array) || utf8(key) !== CLASSES_KEY)
    return undefined;
  try {
    const classes: unknown = JSON.parse(utf8(text));
    const isLabel = (label: unknown) => typeof label === 'string' || Number.isFinite(label);
    return Array.isArray(classes) && classes.length > 0 && classes.every(isLabel) ? classes : undefined;
  } catch {
    return undefined;
  }
}

/** The names that ONNX's classifiers give the list of their classes, with the field that holds it. */
const LABEL_LISTS: Readonly<Record<string, number>> = {
  classlabels_int64s: 8,
  classlabels_ints: 8,
  classlabels_strings: 9,
};

function classLabels(attribute: Uint8Array): (number | string)[] {
  const fields = [...readFields(attribute)];
  const name = fields.find(({ field }) => field === 1)?.value;
  const wanted = name instanceof Uint8Array && name.length < 32 ? LABEL_LISTS[utf8(name)] : undefined;
  const values = fields.filter(({ field }) => field === wanted).map(({ value }) => value);
  if (wanted === 9) return values.map((text) => (typeof text === 'number' ? String(text) : utf8(text)));
  return values.flatMap((value) => (typeof value === 'number' ? [value] : readInts(value)));
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function readInts(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (const cursor = { bytes, at: 0 }; cursor.at < bytes.length; ) values.push(readVarint(cursor));
  return values;
}

interface Field {
  readonly field: number;
  /** Bytes of a text, message or packed list; the number of a whole number; 0 for what has a fixed width. */
  readonly value: Uint8Array | number;
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function* readFields(bytes: Uint8Array): Generator<Field> {
  const cursor: Cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const key = readVarint(cursor);
    const field = Math.floor(key / 8);
    const wire = key % 8;
    if (wire === 0) yield { field, value: readVarint(cursor) };
    else if (wire === 2) yield { field, value: take(cursor, readVarint(cursor)) };
    else if (wire === 1 || wire === 5) {
      take(cursor, wire === 1 ? 8 : 4);
      yield { field, value: 0 };
    } else throw notOnnx(`byte ${cursor.at} starts no field`);
  }
}

function take(cursor: Cursor, length: number): Uint8Array {
  const end = cursor.at + length;
  if (!(length >= 0 && end <= cursor.bytes.length)) throw notOnnx('it ends within a field');
  const taken = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return taken;
}

/** A whole number of up to 64 bits, two's complement; beyond 2^53 it is rounded. */
function readVarint(cursor: Cursor): number {
  let value = 0n;
  let small = 0;
  for (let i = 0; i < 10; i++) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw notOnnx('it ends within a number');
    if (i < 7) small += (byte & 127) * 2 ** (7 * i);
    else value = (i === 7 ? BigInt(small) : value) | (BigInt(byte & 127) << BigInt(7 * i));
    if (byte < 128) return i < 7 ? small : Number(BigInt.asIntN(64, value));
  }
  throw notOnnx('a number in it has no end');
}

function notOnnx(reason: string): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `the model file is no ONNX graph: ${reason}`, {
    hint: 'log the model again: the file was cut off or changed, or is of another format',
    details: { reason },
  });
}

function externalData(tensor: Uint8Array): PhantomNetError {
  const name = [...readFields(tensor)].find(({ field }) => field === 8)?.value;
  const called = name instanceof Uint8Array ? ` of tensor ${show(utf8(name))}` : '';
  return new PhantomNetError('INTEGRITY', `the values${called} are in another file, which is never opened`, {
    hint: 'log the graph in one file: mlflow.onnx.log_model(…, save_as_external_data=False)',
  });
}
