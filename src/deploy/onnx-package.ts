import { PhantomNetError, sha256Hex, show } from '../core/index.js';
import { checkArtifactPath, type MlModel, ONNX_FLAVOR } from '../mlflow/index.js';
import { inspectOnnx } from '../model/index.js';
import { decodeUtf8, type Manifest, type ReadFile, readOrRefuse } from './manifest.js';
import type { Row } from './onnx-inputs.js';

/** An ONNX graph that another program logged: read and looked through, not run. */
export interface OnnxPackage {
  readonly flavor: typeof ONNX_FLAVOR;
  readonly graph: Uint8Array;
  /** The labels that a classifier in the graph names. */
  readonly classLabels: readonly (number | string)[] | undefined;
  /** Rows that were logged with it; empty where there are none. */
  readonly inputExample: readonly Row[];
  readonly mlModel: MlModel;
  /** SHA-256 of the graph's file. */
  readonly modelDigest: string;
  /** SHA-256 of `MLmodel`. */
  readonly packageDigest: string;
}

/** Where the files of a package are read. */
export interface OnnxFiles {
  readonly read: ReadFile;
  /** Returns a file's size in bytes before it is read; undefined where it is not known. */
  readonly sizeOf?: ((path: string) => Promise<number | undefined>) | undefined;
}

const MAX_GRAPH_BYTES = 512 * 1024 * 1024;
const MAX_EXAMPLE_BYTES = 1024 * 1024;
const MAX_EXAMPLE_ROWS = 100;

/**
 * Returns the ONNX graph of a package. Throws INTEGRITY for a path that leads out of it, more than 512 MiB, bytes that
 * are no ONNX file, and tensors whose values are in other files.
 */
export async function openOnnx(files: OnnxFiles, { mlModel, packageDigest }: Manifest): Promise<OnnxPackage> {
  const data = mlModel.flavors[ONNX_FLAVOR]?.['data'];
  const graph = await readCapped(files, insidePath(data), MAX_GRAPH_BYTES);
  return {
    flavor: ONNX_FLAVOR,
    graph,
    classLabels: inspectOnnx(graph).classLabels,
    inputExample: await readExample(files, mlModel),
    mlModel,
    modelDigest: sha256Hex(graph),
    packageDigest,
  };
}

function insidePath(data: unknown): string {
  try {
    if (typeof data === 'string' && data !== '') return checkArtifactPath(data);
  } catch {
    // Said below.
  }
  throw new PhantomNetError(
    'INTEGRITY',
    `the onnx flavor in MLmodel names no file of the package: ${show(data)}`,
    {
      hint: 'log the model again with mlflow.onnx.log_model',
    },
  );
}

async function readCapped({ read, sizeOf }: OnnxFiles, path: string, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = (size: number) =>
    new PhantomNetError('INTEGRITY', `${show(path)} has ${size} bytes, at most ${maxBytes} are read`, {
      hint: 'log a smaller model',
      details: { file: path, sizeBytes: size, maxBytes },
    });
  const size = await sizeOf?.(path);
  if (size !== undefined && size > maxBytes) throw tooLarge(size);
  const bytes = await readOrRefuse(read, path);
  if (bytes.length > maxBytes) throw tooLarge(bytes.length);
  return bytes;
}

/** An example is a help and no part of the model: one that cannot be read is none. */
async function readExample(files: OnnxFiles, { inputExample }: MlModel): Promise<readonly Row[]> {
  if (inputExample === undefined) return [];
  try {
    const path = insidePath(inputExample.artifactPath);
    return exampleRows(JSON.parse(decodeUtf8(await readCapped(files, path, MAX_EXAMPLE_BYTES), path)));
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof PhantomNetError && error.code === 'INTEGRITY'))
      return [];
    throw error;
  }
}

/** A list of objects, or a data frame as pandas splits it: `{"columns": […], "data": [[…]]}`. */
function exampleRows(value: unknown): Row[] {
  if (Array.isArray(value)) return value.filter(isRow).slice(0, MAX_EXAMPLE_ROWS);
  if (!isRow(value)) return [];
  const { columns, data } = value;
  if (!Array.isArray(columns) || !Array.isArray(data)) return [];
  return data
    .slice(0, MAX_EXAMPLE_ROWS)
    .flatMap((row) =>
      Array.isArray(row) ? [Object.fromEntries(columns.map((name, j) => [String(name), row[j]]))] : [],
    );
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
