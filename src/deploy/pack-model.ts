import { PhantomNetError, sha256Hex } from '../core/index.js';
import type { EventValue } from '../data/index.js';
import { formatMlModel, type MlModel, PHANTOMNET_FLAVOR } from '../mlflow/index.js';
import { encodeModel, exportOnnx, type Model } from '../model/index.js';
import { formatDecision, type StoredDecision } from './decision-file.js';
import { encodedInputs } from './encoded-inputs.js';
import type { ExpectedOutput } from './examples.js';
import { PACKAGE_FILES, signatureOf } from './package-format.js';
import { PYTHON_FILES, PYTHON_FLAVORS } from './python-files.js';

/** The MLflow whose MLmodel file ours follows. */
const MLFLOW_VERSION = '3.17.2';

/** What a package is made of. */
export interface PackageParts {
  readonly model: Model;
  /** Names of the numeric features whose values are whole and never missing: `long` to MLflow. Default: none. */
  readonly integers?: ReadonlySet<string>;
  /** State of the feature pipeline as JSON text; absent for a model that takes rows only. */
  readonly features?: string;
  /** How its features are encoded, as JSON text; absent for a model that takes them as they are given. */
  readonly encoding?: string;
  /** How its samples are made of events, as JSON text; absent where they are not. */
  readonly samples?: string;
  /** Threshold and calibration, for a model of two classes; absent: the class with the highest score is named. */
  readonly decision?: StoredDecision | undefined;
  /** Rows of the features that a caller gives. */
  readonly inputExample: readonly Readonly<Record<string, unknown>>[];
  /** Raw events with their secrets redacted; only with `features`. */
  readonly eventExample?: readonly Readonly<Record<string, EventValue>>[];
  /** What the model said of the two examples when it was trained. */
  readonly expectedOutput: ExpectedOutput;
  readonly version: string;
  readonly runId: string;
  readonly modelId: string;
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
}

/** Returns the files of a package by path, and its digests. Deterministic but for run id, model id and time in `MLmodel`. */
export function packModel(parts: PackageParts): {
  readonly files: ReadonlyMap<string, Uint8Array | string>;
  readonly modelDigest: string;
  readonly packageDigest: string;
} {
  const files = new Map<string, Uint8Array | string>();
  files.set(PACKAGE_FILES.model, encodeModel(parts.model));
  if (parts.features !== undefined) {
    files.set(PACKAGE_FILES.features, parts.features);
    files.set(PACKAGE_FILES.eventExample, json(parts.eventExample ?? []));
  }
  if (parts.encoding !== undefined) files.set(PACKAGE_FILES.encoding, parts.encoding);
  if (parts.samples !== undefined) files.set(PACKAGE_FILES.samples, parts.samples);
  if (parts.decision !== undefined) files.set(PACKAGE_FILES.decision, formatDecision(parts.decision));
  files.set(PACKAGE_FILES.inputExample, json(parts.inputExample));
  files.set(PACKAGE_FILES.expectedOutput, json(parts.expectedOutput));
  files.set(PACKAGE_FILES.requirements, requirements(parts.version));
  const onnx = onnxOf(parts);
  if (onnx !== undefined) {
    files.set(PACKAGE_FILES.onnx, onnx);
    for (const [path, text] of PYTHON_FILES) files.set(path, text);
  }
  const digests = Object.fromEntries([...files].map(([path, bytes]) => [path, sha256Hex(bytes)]));
  const mlModel = formatMlModel(describe(parts, digests));
  files.set(PACKAGE_FILES.mlmodel, mlModel);
  return { files, modelDigest: digests[PACKAGE_FILES.model]!, packageDigest: sha256Hex(mlModel) };
}

/**
 * Returns the graph for Python, undefined for a model that has none: its package is for PhantomNet alone. The graph of a model
 * of encoded features would take those, which no caller has.
 */
function onnxOf({ model, integers, decision, encoding }: PackageParts): Uint8Array | undefined {
  if (encoding !== undefined) return undefined;
  try {
    return exportOnnx(model, { integers, decision });
  } catch (error) {
    if (error instanceof PhantomNetError && error.code === 'UNSUPPORTED') return undefined;
    throw error;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

function requirements(version: string): string {
  return json({ private: true, engines: { node: '>=20.19' }, dependencies: { phantomnet: version } });
}

function describe(parts: PackageParts, digests: Readonly<Record<string, string>>): MlModel {
  const hasOnnx = digests[PACKAGE_FILES.onnx] !== undefined;
  return {
    artifactPath: `models:/${parts.modelId}`,
    mlflowVersion: MLFLOW_VERSION,
    modelId: parts.modelId,
    runId: parts.runId,
    timeCreated: parts.createdAtMs,
    flavors: {
      ...(hasOnnx ? PYTHON_FLAVORS : {}),
      [PHANTOMNET_FLAVOR]: {
        phantomnet_version: parts.version,
        format: 1,
        kind: parts.model.kind,
        input_kind: parts.features === undefined ? 'rows' : 'both',
        classes: [...parts.model.classes],
        files: digests,
      },
    },
    signature: signatureOf(parts.model, {
      inputs: encodedInputs(parts.encoding),
      integers: parts.integers,
      hasOnnx,
    }),
    inputExample: { artifactPath: PACKAGE_FILES.inputExample, type: 'json_object' },
  };
}
