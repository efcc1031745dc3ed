import { resolve } from 'node:path';
import { PhantomNetError, sha256Hex } from '../core/index.js';
import { type OnnxPackage, signatureOf, type VerifiedPackage } from '../deploy/index.js';
import type { MlModel } from '../mlflow/index.js';
import { encodeModel, exportOnnx } from '../model/index.js';
import { openResolved, resolveModel } from './resolve-model.js';
import type { Workspace } from './workspace.js';
import { checkTarget, writeWholeFile } from './write-whole-file.js';

/** A form a model is written in: an ONNX graph, or the file that PhantomNet itself loads. */
export type ExportFormat = 'onnx' | 'native';

/** One input or output of an exported model, with the type of its tensor. */
export interface ExportedColumn {
  readonly name: string;
  /** ONNX's word: int64, double, float, string, … */
  readonly type: string;
}

/** What was written, and what it takes and gives. */
export interface ExportReport {
  readonly address: string;
  /** `name/version`, else the address. */
  readonly model: string;
  readonly format: ExportFormat;
  /** Absolute path of the file. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly classes: readonly (number | string)[] | null;
  readonly inputs: readonly ExportedColumn[];
  readonly outputs: readonly ExportedColumn[];
}

/** How to export a model. */
export interface ExportOptions {
  /** The file to write. */
  readonly out: string;
  /** Default `onnx`. */
  readonly format?: ExportFormat;
  /** What becomes of a file that is there: refused by default. */
  readonly existing?: 'refuse' | 'replace';
  readonly signal?: AbortSignal;
}

/**
 * Writes the model of an address, loaded in safe mode, as one file that is there whole or not at all, and returns what it
 * is. An ONNX graph of another program is written as it was logged. Throws NOT_FOUND for the address or folder, INTEGRITY
 * for a damaged model, UNSUPPORTED for one that has no such form, ALREADY_EXISTS for a file that is there.
 */
export async function exportModel(
  workspace: Workspace,
  address: string,
  { out, format = 'onnx', existing = 'refuse', signal }: ExportOptions,
): Promise<ExportReport> {
  const file = resolve(out);
  await checkTarget(file, existing);
  const resolved = await resolveModel(workspace, address);
  const { version } = resolved;
  const exported = render(await openResolved(resolved), format);
  await writeWholeFile(file, exported.bytes, { existing, signal });
  return {
    address,
    model: version === undefined ? address : `${version.name}/${version.version}`,
    format,
    file,
    sizeBytes: exported.bytes.length,
    sha256: sha256Hex(exported.bytes),
    classes: exported.classes,
    ...columnsOf(exported.signature),
  };
}

interface Exported {
  readonly bytes: Uint8Array;
  readonly classes: ExportReport['classes'];
  readonly signature: MlModel['signature'];
}

function render(pkg: VerifiedPackage | OnnxPackage, format: ExportFormat): Exported {
  if (pkg.flavor === 'onnx') {
    if (format === 'onnx')
      return { bytes: pkg.graph, classes: pkg.classLabels ?? null, signature: pkg.mlModel.signature };
    throw new PhantomNetError('UNSUPPORTED', 'this model is an ONNX graph of another program', {
      hint: 'export it with --format onnx: it has no other form',
    });
  }
  const { model, mlModel } = pkg;
  const { classes } = model;
  if (format === 'native') return { bytes: encodeModel(model), classes, signature: mlModel.signature };
  // Inputs are as wide as training had them, so the graph is that of the package.
  const integers = new Set(
    mlModel.signature?.inputs.flatMap((c) => (c.type === 'long' && c.name !== undefined ? [c.name] : [])),
  );
  const signature = signatureOf(model, { integers, hasOnnx: true });
  return { bytes: exportOnnx(model, { integers }), classes, signature };
}

/** ONNX's word for MLflow's types of columns, where it is another one. */
const TENSOR_TYPES: Readonly<Record<string, string>> = { long: 'int64', integer: 'int32', boolean: 'bool' };

function columnsOf(signature: MlModel['signature']): Pick<ExportReport, 'inputs' | 'outputs'> {
  const side = (columns: NonNullable<MlModel['signature']>['inputs'] = []): ExportedColumn[] =>
    columns.map(({ name = '', type }) => ({ name, type: TENSOR_TYPES[type] ?? type }));
  return { inputs: side(signature?.inputs), outputs: side(signature?.outputs) };
}
