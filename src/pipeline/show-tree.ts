import { extname, resolve } from 'node:path';
import { PhantomNetError, sha256Hex } from '../core/index.js';
import {
  describeTree,
  drawTree,
  isTreesModel,
  type Model,
  printTree,
  type TreeDrawing,
  type TreeFacts,
} from '../model/index.js';
import { openResolved, resolveModel } from './resolve-model.js';
import type { Workspace } from './workspace.js';
import { checkTarget, writeWholeFile } from './write-whole-file.js';

/** A form a tree is shown in. */
export type TreeFormat = 'text' | TreeDrawing;

/** Which tree is shown, how, and where to. */
export interface ShowTreeOptions {
  /** From 0, the default. */
  readonly tree?: number | undefined;
  /** The most questions on a way; by default 10 for text, 4 for a drawing. */
  readonly maxDepth?: number | undefined;
  /** By default what the ending of `out` says, .svg or .dot, else `text`. */
  readonly format?: TreeFormat | undefined;
  /** The file to write; none by default. */
  readonly out?: string | undefined;
  /** What becomes of a file that is there: refused by default. */
  readonly existing?: 'refuse' | 'replace';
  readonly signal?: AbortSignal;
}

/** A tree that was shown. */
export interface TreeReport extends TreeFacts {
  readonly address: string;
  /** `name/version`, else the address. */
  readonly model: string;
  readonly kind: string;
  readonly format: TreeFormat;
  /** The text or drawing. */
  readonly content: string;
  /** The file it was written to; null where none was asked for. */
  readonly file: { readonly path: string; readonly sizeBytes: number; readonly sha256: string } | null;
}

function formatOf(out = ''): TreeFormat {
  const ending = extname(out).toLowerCase();
  return ending === '.svg' || ending === '.dot' ? (ending.slice(1) as TreeDrawing) : 'text';
}

/**
 * Returns one tree of the model of an address, loaded in safe mode, as text or as a drawing, and writes it to `out` where
 * that is given: whole or not at all. Throws NOT_FOUND for the address or folder, UNSUPPORTED for a model without trees,
 * INVALID_PARAMETER for a tree it does not have, ALREADY_EXISTS for a file that is there.
 */
export async function showTree(
  workspace: Workspace,
  address: string,
  options: ShowTreeOptions = {},
): Promise<TreeReport> {
  const { tree = 0, out, format = formatOf(out), existing = 'refuse', signal } = options;
  const path = out === undefined ? undefined : resolve(out);
  if (path !== undefined) await checkTarget(path, existing);
  const resolved = await resolveModel(workspace, address);
  const { version } = resolved;
  const label = version === undefined ? address : `${version.name}/${version.version}`;
  const pkg = await openResolved(resolved);
  const model = pkg.flavor === 'onnx' ? withoutTrees(label, 'an ONNX graph') : pkg.model;
  if (!isTreesModel(model)) return withoutTrees(label, model.kind);
  const content = render(model, { ...options, tree, format });
  const bytes = Buffer.from(content);
  if (path !== undefined) await writeWholeFile(path, bytes, { existing, signal });
  return {
    ...{ address, model: label, kind: model.kind, format },
    ...describeTree(model, tree),
    content,
    file: path === undefined ? null : { path, sizeBytes: bytes.length, sha256: sha256Hex(bytes) },
  };
}

function render(
  model: Model,
  { tree, maxDepth, format }: { tree: number; format: TreeFormat; maxDepth?: number | undefined },
): string {
  const options = maxDepth === undefined ? { tree } : { tree, maxDepth };
  return format === 'text' ? `${printTree(model, options)}\n` : drawTree(model, { ...options, format });
}

function withoutTrees(label: string, what: string): never {
  throw new PhantomNetError('UNSUPPORTED', `${label} is ${what}, which has no trees to show`, {
    hint: 'models of random-forest, extra-trees, decision-tree and stump have them',
    details: { model: label },
  });
}
