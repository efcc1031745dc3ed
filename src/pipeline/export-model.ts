import { resolve } from 'node:path';
import { PhantomNetError, sha256Hex } from '../core/index.js';
import { type ExportedColumn, type ExportForm, type ExportFormat, renderModelFile } from './model-file.js';
import { openResolved, resolveModel } from './resolve-model.js';
import type { Workspace } from './workspace.js';
import { checkTarget, writeWholeFile } from './write-whole-file.js';

/** What was written, and what it takes and gives. */
export interface ExportReport {
  readonly address: string;
  /** `name/version`, else the address. */
  readonly model: string;
  readonly format: ExportFormat;
  /** Null for a native file, and for an ONNX graph of another program. */
  readonly form: ExportForm | null;
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
  readonly format?: ExportFormat | undefined;
  /** The form of an ONNX graph of a model of ours; default `matrix`. */
  readonly form?: ExportForm | undefined;
  /** What becomes of a file that is there: refused by default. */
  readonly existing?: 'refuse' | 'replace';
  readonly signal?: AbortSignal;
}

/**
 * Writes the model of an address, loaded in safe mode, as one file that is there whole or not at all, and returns what it
 * is. An ONNX graph of another program is written as it was logged. Throws NOT_FOUND for the address or folder, INTEGRITY
 * for a damaged model, UNSUPPORTED for one that has no such form, a graph of another program among them,
 * INVALID_PARAMETER for a form of a native file, ALREADY_EXISTS for a file that is there.
 */
export async function exportModel(
  workspace: Workspace,
  address: string,
  { out, format = 'onnx', form, existing = 'refuse', signal }: ExportOptions,
): Promise<ExportReport> {
  if (form !== undefined && format !== 'onnx')
    throw new PhantomNetError('INVALID_PARAMETER', `a ${format} file has no form ${form}`, {
      hint: 'leave out the form: only ONNX graphs have one',
      details: { format, form },
    });
  const file = resolve(out);
  await checkTarget(file, existing);
  const resolved = await resolveModel(workspace, address);
  const { version } = resolved;
  const { bytes, ...written } = renderModelFile(await openResolved(resolved), format, form);
  await writeWholeFile(file, bytes, { existing, signal });
  return {
    address,
    model: version === undefined ? address : `${version.name}/${version.version}`,
    format,
    file,
    sizeBytes: bytes.length,
    sha256: sha256Hex(bytes),
    ...written,
  };
}
