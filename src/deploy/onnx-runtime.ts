import { PhantomNetError, visible } from '../core/index.js';

/** Element types of the tensors that are fed and read here. */
export type TensorType = 'float32' | 'float64' | 'int64' | 'int32' | 'bool' | 'string';
/** Contents of a tensor. */
export type TensorData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | string[];

/** A tensor as onnxruntime-node has it. */
export interface Tensor {
  readonly type: string;
  readonly data: TensorData;
  readonly dims: readonly number[];
}

/** What a graph takes or gives under a name. */
export interface TensorInfo {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  /** Text stands for a dimension of any size. */
  readonly shape?: readonly (number | string)[];
}

/** A graph that is ready to run. */
export interface Session {
  readonly inputMetadata?: readonly TensorInfo[];
  readonly outputMetadata?: readonly TensorInfo[];
  run(feeds: Readonly<Record<string, Tensor>>, fetches: readonly string[]): Promise<Record<string, Tensor>>;
}

/** The part of onnxruntime-node that is used; its own types are there only where it is installed. */
export interface Runtime {
  readonly InferenceSession: {
    create(graph: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<Session>;
  };
  readonly Tensor: new (type: TensorType, data: TensorData, dims: readonly number[]) => Tensor;
}

const PEER: string = 'onnxruntime-node';
const INSTALL = `npm install ${PEER}`;
const FATAL_ONLY = 4;

/** Returns onnxruntime-node. Throws UNSUPPORTED, with the command that installs it, where it is missing or too old. */
export async function loadRuntime(peer: string = PEER): Promise<Runtime> {
  try {
    const module = (await import(peer)) as Runtime & { readonly default?: Runtime };
    return module.default ?? module;
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const problem = isMissing ? 'is not installed' : `cannot be loaded: ${messageOf(cause)}`;
    throw new PhantomNetError('UNSUPPORTED', `an ONNX model is scored by ${PEER}, which ${problem}`, {
      hint: INSTALL,
      details: { peer },
      cause,
    });
  }
}

/** Returns a session of a graph. Throws INTEGRITY for a graph the runtime refuses. */
export async function createSession(runtime: Runtime, graph: Uint8Array): Promise<Required<Session>> {
  let session: Session;
  try {
    session = await runtime.InferenceSession.create(graph, {
      executionProviders: ['cpu'],
      logSeverityLevel: FATAL_ONLY,
    });
  } catch (cause) {
    throw new PhantomNetError('INTEGRITY', `onnxruntime cannot load the graph: ${messageOf(cause)}`, {
      hint: 'check it in Python: onnx.checker.check_model(model, full_check=True)',
      cause,
    });
  }
  const { inputMetadata, outputMetadata } = session;
  if (inputMetadata === undefined || outputMetadata === undefined)
    throw new PhantomNetError('UNSUPPORTED', `this ${PEER} does not say what a graph takes`, {
      hint: `${INSTALL}@latest`,
    });
  return { inputMetadata, outputMetadata, run: (feeds, fetches) => session.run(feeds, fetches) };
}

/** Returns what the runtime says of an error, on one line. */
export function messageOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return visible(line).slice(0, 200);
}
