import { parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { PhantomNetError } from '../core/index.js';
import { formatSignature, parseSignature, type Signature } from './signature.js';

/** What a loader needs to know, by the kind of loader; keys and values are the flavor's own. */
export type Flavors = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The `MLmodel` file beside a model's bytes: what it is, who made it, how it can be loaded. */
export interface MlModel {
  readonly flavors: Flavors;
  /** Where the model was written, as the writer saw it. */
  readonly artifactPath?: string;
  /** The version of MLflow that wrote it; PhantomNet writes the one whose format it follows. */
  readonly mlflowVersion?: string;
  readonly modelId?: string;
  readonly runId?: string;
  readonly signature?: Signature;
  /** Where the input example is and how it is laid out. */
  readonly inputExample?: {
    readonly artifactPath: string;
    readonly type: string;
    readonly pandasOrient?: string;
    readonly servingInputPath?: string;
  };
  readonly modelSizeBytes?: number;
  /** Epoch milliseconds. */
  readonly timeCreated: number;
  /** Free facts of the writer. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const MAX_SIZE_BYTES = 4 * 1024 * 1024;

const wireMlModel = z.object({
  flavors: z.record(z.string(), z.record(z.string(), z.unknown())),
  artifact_path: z.string().nullish(),
  mlflow_version: z.string().nullish(),
  model_id: z.string().nullish(),
  run_id: z.string().nullish(),
  signature: z.object({ inputs: z.unknown(), outputs: z.unknown() }).nullish(),
  saved_input_example_info: z
    .object({
      artifact_path: z.string(),
      type: z.string().default(''),
      pandas_orient: z.string().optional(),
      serving_input_path: z.string().optional(),
    })
    .nullish(),
  model_size_bytes: z.number().nullish(),
  utc_time_created: z.string().default(''),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

/** Returns the text of an MLmodel file with the fields and order of MLflow 3.17. Deterministic. */
export function formatMlModel(model: MlModel): string {
  const example = model.inputExample;
  const fields: Record<string, unknown> = {
    artifact_path: model.artifactPath,
    flavors: model.flavors,
    is_signature_from_type_hint: model.signature === undefined ? undefined : false,
    metadata: model.metadata,
    mlflow_version: model.mlflowVersion,
    model_id: model.modelId,
    model_size_bytes: model.modelSizeBytes,
    model_uuid: model.modelId,
    prompts: null,
    run_id: model.runId,
    saved_input_example_info: example && {
      artifact_path: example.artifactPath,
      pandas_orient: example.pandasOrient,
      serving_input_path: example.servingInputPath,
      type: example.type,
    },
    signature: model.signature && formatSignature(model.signature),
    type_hint_from_example: model.signature === undefined ? undefined : false,
    utc_time_created: formatTime(model.timeCreated),
  };
  // YAML 1.1 is what MLflow's reader speaks: `yes` and `1_000` are then quoted where they are text.
  return stringify(fields, {
    version: '1.1',
    lineWidth: 0,
    aliasDuplicateObjects: false,
    keepUndefined: false,
  });
}

/**
 * Returns what an MLmodel file says. Fields that are not known are ignored. The text is hostile: no tags, so nothing of
 * Python's is built; at most 4 MiB and 100 aliases. Throws INTEGRITY, naming line or field.
 */
export function parseMlModel(text: string): MlModel {
  if (Buffer.byteLength(text) > MAX_SIZE_BYTES) throw badFile(`it is larger than ${MAX_SIZE_BYTES} bytes`);
  const parsed = wireMlModel.safeParse(parseYaml(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw badFile(`${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'wrong shape'}`);
  }
  const wire = parsed.data;
  const example = wire.saved_input_example_info;
  return {
    flavors: Object.assign(Object.create(null), wire.flavors) as Flavors,
    ...present('artifactPath', wire.artifact_path),
    ...present('mlflowVersion', wire.mlflow_version),
    ...present('modelId', wire.model_id),
    ...present('runId', wire.run_id),
    ...(wire.signature ? { signature: parseSignature(wire.signature) } : {}),
    ...(example
      ? {
          inputExample: {
            artifactPath: example.artifact_path,
            type: example.type,
            ...present('pandasOrient', example.pandas_orient),
            ...present('servingInputPath', example.serving_input_path),
          },
        }
      : {}),
    ...present('modelSizeBytes', wire.model_size_bytes),
    ...present('metadata', wire.metadata),
    timeCreated: parseTime(wire.utc_time_created),
  };
}

function parseYaml(text: string): unknown {
  try {
    const document = parseDocument(text, { schema: 'core', uniqueKeys: true, prettyErrors: true });
    // A tag that is not of the core schema is a warning there and an attempt to build an object here.
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem !== undefined) throw problem;
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (cause) {
    // A text nested deeper than the stack ends here too.
    const reason = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : 'unreadable';
    throw badFile(`it is not plain YAML: ${reason.replace(/:$/, '')}`, cause);
  }
}

function present<K extends string, V>(key: K, value: V | null | undefined): { readonly [P in K]?: V } {
  return value === null || value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

/** Python's way: `2026-11-23 13:02:58.247000`, in UTC. */
function formatTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '')}000`;
}

/** Returns 0 for a time that cannot be read; the file is as good without it. */
function parseTime(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d{1,3})?\d*$/.exec(text);
  const timeMs = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}${match[3] ?? ''}Z`);
  return Number.isNaN(timeMs) ? 0 : timeMs;
}

function badFile(reason: string, cause?: unknown): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `MLmodel file cannot be read: ${reason}`, {
    hint: 'log the model again: this file was not written by MLflow or PhantomNet, or was changed since',
    details: { file: 'MLmodel', reason },
    ...(cause === undefined ? {} : { cause }),
  });
}
