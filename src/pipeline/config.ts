import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { AUDIT_NAMES } from '../audit/index.js';
import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { misfitAt } from './config-expected.js';
import { calibrationSchema, thresholdSchema } from './decision-schema.js';
import { featureEncodingShape } from './encoding-schema.js';
import { labelRuleShape, sampleSchema } from './sample-schema.js';
import { searchSchema } from './search-schema.js';
import { durationOf, instantOf } from './time-text.js';

const share = z.number().gt(0).lt(1);
const count = z.int().min(1);

/** Everything that describes one experiment, as the config file and the flags say it. Unknown keys are refused. */
export const experimentConfigSchema = z.strictObject({
  experiment: z.string().min(1).describe('experiment the runs are logged to').optional(),
  runName: z.string().min(1).describe('name of the run; made up when absent').optional(),
  data: z
    .strictObject({
      path: z
        .string()
        .min(1)
        .describe('event file: CSV, JSON lines or Parquet; or a table of rows, whose format must be named')
        .optional(),
      test: z
        .string()
        .min(1)
        .describe('file of the same format that is tested on, in place of a split; never trained on')
        .optional(),
      format: z
        .enum(['csv', 'jsonl', 'parquet', 'nsl-kdd', 'table'])
        .describe(
          'csv, jsonl and parquet hold events and are detected from the content when absent; table: rows of any columns, as CSV, JSON lines or Parquet',
        )
        .optional(),
      roles: z
        .record(z.string(), z.enum(['feature', 'label-defining', 'outcome', 'identifier', 'time']))
        .describe('what columns of a table are for, where their names and values do not tell')
        .optional(),
      maxRejects: z.number().min(0).max(1).describe('share of rejected rows the run accepts').default(0.001),
      rejects: z.string().describe('file the rejected rows are listed in, as JSON lines').optional(),
      keepSecrets: z
        .boolean()
        .describe('keep the text of passwords in everything that is written')
        .default(false),
    })
    .prefault({}),
  sample: sampleSchema
    .describe('what a sample is, where the file or logs hold events in the event form')
    .optional(),
  label: z
    .strictObject({
      target: z
        .string()
        .min(1)
        .describe('is_attack, or a column whose values are the classes; nsl-kdd: attack_class too')
        .default('is_attack'),
      attackEvents: z
        .array(z.string().min(1))
        .min(1)
        .describe('events that are attacks; the seven of week 6 when absent')
        .optional(),
      ...labelRuleShape,
    })
    .prefault({}),
  features: z
    .strictObject({
      names: z
        .union([z.literal('all'), z.array(z.string().min(1)).min(1)])
        .describe('feature names, or all')
        .default('all'),
      emptyAs: z
        .enum(['zero', 'nan'])
        .describe("payload_length of missing data: 0, or 3 as the text 'nan' has")
        .default('zero'),
      ...featureEncodingShape,
    })
    .prefault({}),
  split: z
    .strictObject({
      method: z
        .enum(['time', 'group', 'stratified-group', 'stratified', 'random'])
        .describe(
          'time: the last events are the test set (default, where both sides hold 30 of each class); group: whole groups are; stratified-group: whole groups, and keeps the class shares as they allow; stratified: keeps the class shares; random',
        )
        .optional(),
      testSize: z
        .union([share, count])
        .describe('share or number of test rows; group: of groups; stratified-group: a share')
        .default(0.2),
      testFrom: z
        .string()
        .refine((text) => /^\d{4}-\d\d-\d\d/.test(text) && instantOf(text) !== undefined)
        .describe(
          'time: events from this time on are the test set, in place of testSize; in UTC where it names no zone',
        )
        .optional(),
      gap: z
        .string()
        .refine((text) => durationOf(text) !== undefined)
        .describe(
          'time: events this long before the test set are left out of training, as 30s, 10m, 1h or 1d; folds by time: before and after each block',
        )
        .optional(),
      groupBy: z
        .string()
        .min(1)
        .describe(
          'what is not torn apart: source (default), subnet (/24, IPv6 /48), session, sensor, or a column',
        )
        .optional(),
      randomState: z.int().min(0).max(4294967295).describe('seed of split, folds and training').default(42),
    })
    .prefault({}),
  crossValidation: z
    .strictObject({
      folds: z
        .union([z.literal(0), z.int().min(2)])
        .describe('number of folds; 0: none')
        .default(5),
      method: z
        .enum(['stratified', 'group', 'stratified-group', 'time'])
        .describe(
          'stratified: at random, keeps the class shares; group, stratified-group: whole groups; time: blocks of time, each tested once, all others train',
        )
        .default('stratified'),
      on: z.enum(['train', 'all']).describe('rows the folds are made of').default('train'),
      repeats: count.describe('how many times the folds are drawn').default(1),
    })
    .prefault({}),
  estimator: z
    .strictObject({
      name: z.string().min(1).default('random-forest'),
      params: z
        .record(z.string(), z.unknown())
        .describe("the estimator's params, by scikit-learn's names")
        .default({}),
      from: z
        .string()
        .min(1)
        .describe(
          'address of a model: a forest whose trees are kept, and more are grown, up to nEstimators; folds and baselines start anew, as it may have seen their test rows',
        )
        .optional(),
      maxMemoryBytes: count
        .describe('most memory a fit of trees may take, in bytes; more is refused before it starts')
        .optional(),
    })
    .prefault({}),
  audit: z
    .strictObject({
      allow: z
        .array(z.enum(AUDIT_NAMES))
        .describe('audits that may block without stopping the run; recorded on it')
        .default([]),
      baseRate: z
        .number()
        .gt(0)
        .lt(1)
        .describe('share of the second of two classes where the model will work')
        .optional(),
    })
    .prefault({}),
  threshold: thresholdSchema.optional(),
  calibration: calibrationSchema.optional(),
  baselines: z
    .array(z.string().min(1))
    .describe('estimators trained beside, for comparison')
    .default(['majority', 'stump', 'logistic-regression']),
  gates: z
    .strictObject({
      minAccuracy: z.number().min(0).max(1).default(0.85),
      maxLatencyMs: z.number().positive().default(100),
    })
    .prefault({}),
  latency: z.strictObject({ repeat: count.describe('timed calls').default(100) }).prefault({}),
  report: z
    .strictObject({
      baseRate: z
        .number()
        .min(0)
        .max(1)
        .describe(
          'share of attacks in the traffic where the model will run; precision and alerts follow from it',
        )
        .optional(),
      eventsPerDay: z
        .number()
        .positive()
        .describe('events a day where the model will run; those of the data when absent')
        .optional(),
      by: z
        .array(z.string().min(1))
        .describe('columns whose values are reported one by one; sensor and kind of attack when absent')
        .optional(),
    })
    .prefault({}),
});

/** A checked experiment description with all defaults filled in. */
export type ExperimentConfig = z.output<typeof experimentConfigSchema>;
/** An experiment description as written, defaults left out. */
export type ExperimentConfigInput = z.input<typeof experimentConfigSchema>;

const records = z.array(z.record(z.string(), z.unknown())).min(1);

/** What the other commands take from the config file. */
const operationSchema = {
  search: searchSchema.optional(),
  check: z
    .strictObject({
      input: records.describe('rows or raw events that deploy check and models stage predict').optional(),
      expect: z
        .array(z.union([z.number(), z.string()]))
        .min(1)
        .describe('labels the input must get')
        .optional(),
    })
    .optional(),
  compare: z
    .strictObject({
      against: z.string().min(1).describe('run id or name that the others are tested against').optional(),
      sort: z.string().min(1).describe('metric to order by, the highest first').optional(),
      as: z.enum(['text', 'markdown', 'csv', 'json']).describe('form of the table').optional(),
      limit: count.describe('at most this many runs').optional(),
    })
    .optional(),
  predict: z
    .strictObject({
      id: z.string().min(1).describe('name events by this column').optional(),
      threads: count
        .describe('threads that score with a model of trees; they never change the scores')
        .optional(),
    })
    .optional(),
};

/** The whole config file: an experiment and where to keep it. */
export const configFileSchema = z.strictObject({
  $schema: z.string().optional(),
  store: z.string().min(1).describe('tracking store: sqlite:///file.db or http(s)://…').optional(),
  artifacts: z.string().min(1).describe('artifact root of an embedded store').optional(),
  ...experimentConfigSchema.shape,
  ...operationSchema,
});

/** A parsed config file. */
export type ConfigFile = z.input<typeof configFileSchema>;

const MAX_CONFIG_BYTES = 1_048_576;

/**
 * Returns the parsed config file. Throws NOT_FOUND when there is no such file and INVALID_CONFIG, naming line or key,
 * when it is not valid YAML or says something the schema does not know.
 */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new PhantomNetError('NOT_FOUND', `cannot read the config file ${show(path)}`, {
      cause,
      hint: 'name an existing file with --config',
      details: { file: path },
    });
  }
  if (text.length > MAX_CONFIG_BYTES)
    throw new PhantomNetError('INVALID_CONFIG', `${path} has more than ${MAX_CONFIG_BYTES} characters`, {
      hint: 'a config file is a page long; was a data file named instead?',
    });
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true });
  const [problem] = document.errors;
  if (problem !== undefined)
    throw new PhantomNetError('INVALID_CONFIG', `${path}: ${problem.message.split('\n')[0]}`, {
      hint: 'mend the YAML at the line and column named',
      details: { file: path, line: problem.linePos?.[0].line, column: problem.linePos?.[0].col },
    });
  const value: unknown = document.toJS({ maxAliasCount: 10 }) ?? {};
  parseConfig(configFileSchema, value, path);
  return value as ConfigFile;
}

/** Returns `value` checked and with defaults. Throws INVALID_CONFIG naming `where`, the key, what it must be and what it is, with a suggestion for a misspelt key. */
export function parseConfig<T extends z.ZodType>(schema: T, value: unknown, where: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys[0]!;
    throw new PhantomNetError(
      'INVALID_CONFIG',
      `${where}: unknown key ${show([...issue.path, unknown].join('.'))}`,
      {
        hint:
          didYouMean(unknown, knownKeys(schema, issue.path)) ??
          'see schema/phantomnet.config.schema.json for all keys',
        details: { file: where, key: unknown },
      },
    );
  }
  const { key, expected, given } = misfitAt(value, issue.path);
  const what = `${key || 'the whole'} must be ${expected}, got ${show(given)}`;
  throw new PhantomNetError('INVALID_CONFIG', `${where}: ${what}`, {
    hint: 'see schema/phantomnet.config.schema.json for what is allowed',
    details: { file: where, key, allowed: expected, given },
  });
}

/** The keys the schema knows at a path, for suggestions. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let json = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  for (const part of path) json = json.properties?.[String(part)] ?? {};
  return Object.keys(json.properties ?? {});
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Returns the JSON schema of the config file, as published in schema/. */
export function configJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(configFileSchema, { io: 'input' }), title: 'phantomnet.config.yaml' };
}

/** Returns flags laid over the config file: objects are merged key by key, everything else is replaced. */
export function overlay<T extends object>(base: T, top: object): T {
  const merged: Record<string, unknown> = { ...(base as Record<string, unknown>) };
  for (const [key, value] of Object.entries(top)) {
    if (value === undefined) continue;
    const below = merged[key];
    merged[key] = isRecord(below) && isRecord(value) ? overlay(below, value) : value;
  }
  return merged as T;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
