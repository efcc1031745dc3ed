import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { misfitAt } from './config-expected.js';
import { experimentConfigSchema } from './experiment-schema.js';
import { searchSchema } from './search-schema.js';

export {
  type ExperimentConfig,
  type ExperimentConfigInput,
  experimentConfigSchema,
} from './experiment-schema.js';

const count = z.int().min(1);
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
      state: z
        .string()
        .min(1)
        .describe('file of what came before the events: read where it is there, replaced at the end')
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
    hint: nearValue(issue, given) ?? 'see schema/phantomnet.config.schema.json for what is allowed',
    details: { file: where, key, allowed: expected, given },
  });
}

function nearValue(issue: z.core.$ZodIssue, given: unknown): string | undefined {
  if (issue.code !== 'invalid_value' || typeof given !== 'string') return undefined;
  return didYouMean(given, issue.values.map(String));
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
