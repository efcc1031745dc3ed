import { ProtoWriter } from './onnx-protobuf.js';

/** Element types of ONNX tensors, by ONNX's number. */
const ELEMENT = { float: 1, uint8: 2, int64: 7, string: 8, bool: 9, double: 11 } as const;
/** Name of an element type. */
export type ElementType = keyof typeof ELEMENT;

/** A constant tensor; `values` are row-major. */
interface OnnxTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number> | readonly string[];
}

/** What an operator is told besides its inputs: a number alone is a whole number. */
export type Attribute =
  | number
  | { readonly float: number }
  | { readonly ints: ArrayLike<number> }
  | { readonly floats: ArrayLike<number> }
  | { readonly strings: readonly string[] }
  | { readonly tensor: OnnxTensor };

/** An operator of a graph. */
interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  /** One name unless it has several outputs. */
  readonly output: string | readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Default: ONNX's own operators. */
  readonly domain?: typeof ML_DOMAIN;
}

/** Domain of the operators for trees and labels. */
export const ML_DOMAIN = 'ai.onnx.ml';

/** The operators a graph is written in, by version, and the version of the file's own form. */
interface OnnxVersions {
  readonly ir: number;
  readonly opset: number;
  readonly ml: number;
}

/** What a graph needs that is exact or knows sets of categories: onnxruntime 1.21, with sets 1.23, and newer. */
export const NEW_OPERATORS: OnnxVersions = { ir: 10, opset: 21, ml: 5 };
/** What the long-known classifier needs. */
export const OLD_OPERATORS: OnnxVersions = { ir: 8, opset: 17, ml: 3 };

const ATTRIBUTE_TYPES = { float: 1, int: 2, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;

/** Key of the metadata under which our files name their classes, as JSON. */
export const CLASSES_KEY = 'phantomnet.classes';

/** What a file says besides its graph. */
interface OnnxFile {
  /** The program's own. */
  readonly version: string;
  readonly versions: OnnxVersions;
  readonly metadata: Iterable<readonly [key: string, value: string]>;
}

/** Returns text as UTF-8 can hold it, without lone surrogates. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** Collects an ONNX graph and gives its file. The caller adds nodes in the order in which they run. */
export class OnnxGraph {
  readonly #body = new ProtoWriter();

  /** Adds an operator and returns the name of its (first) output. */
  node({ op, inputs, output, attributes = {}, domain }: OnnxNode): string {
    const node = new ProtoWriter();
    const outputs = typeof output === 'string' ? [output] : output;
    for (const name of inputs) node.text(1, name);
    for (const name of outputs) node.text(2, name);
    node.text(3, outputs[0]!).text(4, op);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    if (domain !== undefined) node.text(7, domain);
    this.#body.message(1, node);
    return outputs[0]!;
  }

  /** Adds a constant and returns its name. */
  constant(name: string, tensor: OnnxTensor): string {
    this.#body.message(5, tensorMessage(tensor, name));
    return name;
  }

  /** Declares an input; a dimension that is text may have any size. */
  input(name: string, type: ElementType, shape: readonly (number | string)[]): void {
    this.#body.message(11, valueInfo(name, type, shape));
  }

  /** Declares an output. */
  output(name: string, type: ElementType, shape: readonly (number | string)[]): void {
    this.#body.message(12, valueInfo(name, type, shape));
  }

  /** Returns the model file. Deterministic. */
  finish({ version, versions, metadata }: OnnxFile): Uint8Array {
    const model = new ProtoWriter().int(1, versions.ir).text(2, 'phantomnet').text(3, version);
    model.message(7, this.#body.text(2, 'detector'));
    model.message(8, new ProtoWriter().text(1, '').int(2, versions.opset));
    model.message(8, new ProtoWriter().text(1, ML_DOMAIN).int(2, versions.ml));
    for (const [key, value] of metadata) model.message(14, new ProtoWriter().text(1, key).text(2, value));
    return model.finish();
  }
}

function attribute(name: string, value: Attribute): ProtoWriter {
  const message = new ProtoWriter().text(1, name);
  const as = (type: keyof typeof ATTRIBUTE_TYPES) => message.int(20, ATTRIBUTE_TYPES[type]);
  if (typeof value === 'number') return message.int(3, value) && as('int');
  if ('float' in value) return message.float(2, value.float) && as('float');
  if ('ints' in value) return message.ints(8, value.ints) && as('ints');
  if ('floats' in value) return message.floats(7, value.floats) && as('floats');
  if ('tensor' in value) return message.message(5, tensorMessage(value.tensor)) && as('tensor');
  for (const text of value.strings) message.text(9, text);
  return as('strings');
}

/** Values stand in typed fields: MLflow moves raw bytes of 1 kB and more into files of their own when it logs a graph. */
function tensorMessage({ type, shape, values }: OnnxTensor, name?: string): ProtoWriter {
  const message = new ProtoWriter().ints(1, shape).int(2, ELEMENT[type]);
  if (type === 'string') for (const text of values as readonly string[]) message.text(6, text);
  const numbers = values as ArrayLike<number>;
  if (type === 'float') message.floats(4, numbers);
  if (type === 'uint8' || type === 'bool') message.ints(5, numbers);
  if (type === 'int64') message.ints(7, numbers);
  if (type === 'double') message.doubles(10, numbers);
  return name === undefined ? message : message.text(8, name);
}

function valueInfo(name: string, type: ElementType, shape: readonly (number | string)[]): ProtoWriter {
  const dimensions = new ProtoWriter();
  for (const size of shape)
    dimensions.message(
      1,
      typeof size === 'number' ? new ProtoWriter().int(1, size) : new ProtoWriter().text(2, size),
    );
  const tensor = new ProtoWriter().int(1, ELEMENT[type]).message(2, dimensions);
  return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
}
