import { canonicalJson, given, PhantomNetError, sha256Hex, show } from '../core/index.js';
import type { AcceptedInput, FeatureSpec } from '../data/index.js';
import {
  explainOpaque,
  loadableFlavor,
  type MlModel,
  ONNX_FLAVOR,
  PHANTOMNET_FLAVOR,
} from '../mlflow/index.js';
import { decodeModel, type Model } from '../model/index.js';
import { parseDecision, type StoredDecision } from './decision-file.js';
import { encodedInputs } from './encoded-inputs.js';
import { type ExpectedOutput, FOREIGN, readExample, readExpectedOutput } from './examples.js';
import {
  changed,
  decodeUtf8,
  type Manifest,
  type OpenOptions,
  type ReadFile,
  readManifest,
  readOrRefuse,
} from './manifest.js';
import { type OnnxFiles, type OnnxPackage, openOnnx } from './onnx-package.js';
import { PACKAGE_FILES, type SignatureOptions, signatureOf } from './package-format.js';

/** A package whose every byte was checked; nothing of it was run. */
export interface VerifiedPackage {
  readonly flavor: typeof PHANTOMNET_FLAVOR;
  readonly model: Model;
  readonly features: string | undefined;
  /** How its features are encoded, as JSON text; undefined where they are taken as they are given. */
  readonly encoding: string | undefined;
  /** How its samples are made of events, as JSON text; undefined where they are not. */
  readonly samples: string | undefined;
  readonly inputKind: AcceptedInput;
  /** Threshold and calibration; undefined where the class with the highest score is named. */
  readonly decision: StoredDecision | undefined;
  readonly inputExample: readonly Readonly<Record<string, unknown>>[];
  readonly eventExample: readonly Readonly<Record<string, string | null>>[];
  readonly expectedOutput: ExpectedOutput;
  readonly mlModel: MlModel;
  /** SHA-256 of the model file: equal for equal data, config and seed. */
  readonly modelDigest: string;
  /** SHA-256 of `MLmodel`, which holds the digest of every other file. */
  readonly packageDigest: string;
}

const MAX_FILES = 64;

/**
 * Returns a package read through `read`, with every digest checked and the model decoded; runs no code from it.
 * Throws INTEGRITY for a changed or missing file, for a signature that is not the model's, and for a package
 * that only Python could load (a pickle): those are never opened. UNSUPPORTED for an ONNX graph: see `openAnyPackage`.
 */
export async function openPackage(read: ReadFile, options: OpenOptions = {}): Promise<VerifiedPackage> {
  return openOwn(read, await readManifest(read, options));
}

/** Returns a package of ours as `openPackage` does, or one that is an ONNX graph. Throws INTEGRITY for any other. */
export async function openAnyPackage(
  read: ReadFile,
  options: OpenOptions & Pick<OnnxFiles, 'sizeOf'> = {},
): Promise<VerifiedPackage | OnnxPackage> {
  const manifest = await readManifest(read, options);
  if (loadableFlavor(manifest.mlModel) !== ONNX_FLAVOR) return openOwn(read, manifest);
  return openOnnx({ read, sizeOf: options.sizeOf }, manifest);
}

async function openOwn(read: ReadFile, { mlModel, packageDigest }: Manifest): Promise<VerifiedPackage> {
  const flavor = safeFlavor(mlModel);
  const bytes = new Map<string, Uint8Array>();
  for (const [path, expected] of Object.entries(flavor.files)) {
    const content = await readOrRefuse(read, path);
    const actual = sha256Hex(content);
    if (actual !== expected) throw changed(path, expected, actual);
    bytes.set(path, content);
  }
  const model = decodeModel(required(bytes, PACKAGE_FILES.model));
  const text = (path: string): string => decodeUtf8(required(bytes, path), path);
  const optional = (path: string): string | undefined => (bytes.has(path) ? text(path) : undefined);
  const encoding = optional(PACKAGE_FILES.encoding);
  checkSignature(model, mlModel, { inputs: encodedInputs(encoding), hasOnnx: bytes.has(PACKAGE_FILES.onnx) });
  const features = flavor.inputKind === 'both' ? text(PACKAGE_FILES.features) : undefined;
  const { inputExample: rowsPath, eventExample: eventsPath, expectedOutput: outputPath } = PACKAGE_FILES;
  const inputExample = readExample(text(rowsPath), rowsPath, 1);
  const eventExample: VerifiedPackage['eventExample'] =
    features === undefined ? [] : readExample(text(eventsPath), eventsPath, 0);
  const counts = { rows: inputExample.length, events: eventExample.length };
  return {
    flavor: PHANTOMNET_FLAVOR,
    model,
    features,
    encoding,
    samples: optional(PACKAGE_FILES.samples),
    inputKind: flavor.inputKind,
    decision: readDecision(bytes, model),
    inputExample,
    eventExample,
    expectedOutput: readExpectedOutput(text(outputPath), outputPath, counts),
    mlModel,
    modelDigest: flavor.files[PACKAGE_FILES.model]!,
    packageDigest,
  };
}

function readDecision(bytes: ReadonlyMap<string, Uint8Array>, model: Model): StoredDecision | undefined {
  const path = PACKAGE_FILES.decision;
  const content = bytes.get(path);
  if (content === undefined) return undefined;
  if (model.classes.length !== 2)
    throw new PhantomNetError(
      'INTEGRITY',
      `${path} is for two classes, the model has ${model.classes.length}`,
      {
        hint: FOREIGN,
        details: { file: path },
      },
    );
  return parseDecision(decodeUtf8(content, path), path);
}

function required(bytes: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const content = bytes.get(path);
  if (content === undefined)
    throw new PhantomNetError('INTEGRITY', `MLmodel lists no digest for ${path}`, {
      hint: FOREIGN,
      details: { file: path },
    });
  return content;
}

interface SafeFlavor {
  readonly inputKind: AcceptedInput;
  readonly files: Readonly<Record<string, string>>;
}

/** Returns our flavor of the MLmodel, or refuses: what only Python loads is a program, not data. */
function safeFlavor(mlModel: MlModel): SafeFlavor {
  const opaque = explainOpaque(mlModel);
  if (opaque !== undefined)
    throw new PhantomNetError('INTEGRITY', `safe mode refuses this model: ${opaque.reason}`, {
      hint: opaque.hint,
      details: { flavors: Object.keys(mlModel.flavors) },
    });
  const flavor = mlModel.flavors[PHANTOMNET_FLAVOR];
  if (flavor === undefined)
    throw new PhantomNetError('UNSUPPORTED', 'this model is an ONNX graph, which is scored call by call', {
      hint: 'open it with openAnyPackage, or load it with loadAnyDetector',
    });
  const { format, input_kind: inputKind, files } = flavor;
  if (format !== 1)
    throw new PhantomNetError(
      'INTEGRITY',
      `package format ${show(format)} is not known to this version (known: 1)`,
      {
        hint: 'update phantomnet, or train the model again with this version',
      },
    );
  if (inputKind !== 'rows' && inputKind !== 'both')
    throw new PhantomNetError(
      'INTEGRITY',
      `input_kind in MLmodel must be rows or both, got ${show(inputKind)}`,
      { hint: FOREIGN },
    );
  return { inputKind, files: checkedFiles(files) };
}

function checkedFiles(files: unknown): Record<string, string> {
  const entries = typeof files === 'object' && files !== null ? Object.entries(files as object) : [];
  if (entries.length === 0 || entries.length > MAX_FILES)
    throw new PhantomNetError(
      'INTEGRITY',
      `MLmodel must list 1 to ${MAX_FILES} files, got ${entries.length}`,
      { hint: FOREIGN },
    );
  for (const [path, digest] of entries) {
    const known = Object.values(PACKAGE_FILES).some((name) => name === path);
    if (!known || typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest))
      throw new PhantomNetError('INTEGRITY', `MLmodel lists ${show(path)} with digest ${show(digest)}`, {
        hint: 'a package holds only the files its format names, each with a SHA-256 of 64 hex digits',
      });
  }
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Which columns are integers is the packer's word; all else follows from the model and the encoding of its features. */
function checkSignature(
  model: Model,
  mlModel: MlModel,
  { inputs = model.features, hasOnnx }: Omit<SignatureOptions, 'integers'>,
): void {
  const isLong = ({ type }: Pick<FeatureSpec, 'type'>, i: number) =>
    type === 'numeric' && mlModel.signature?.inputs[i]?.type === 'long';
  const integers = new Set(inputs.filter(isLong).map(({ name }) => name));
  const expected = canonicalJson(signatureOf(model, given({ inputs, integers, hasOnnx })));
  if (mlModel.signature === undefined || canonicalJson(mlModel.signature) !== expected)
    throw new PhantomNetError(
      'INTEGRITY',
      'the signature in MLmodel is not the signature of the model file',
      {
        hint: 'one of the two was changed since they were logged; register a version made from a fresh run',
        details: { expected, actual: canonicalJson(mlModel.signature ?? null) },
      },
    );
}
