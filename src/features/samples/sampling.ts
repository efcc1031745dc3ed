import { z } from 'zod';
import { canonicalJson, PhantomNetError } from '../../core/index.js';
import { EVENT_FIELDS, type EventFields, type Table } from '../../data/index.js';
import { createSampleBuilder } from './build.js';
import type { SampleSpec } from './sample-spec.js';

/** How a model's samples are made of events, with events and what was made of them, to see that it is still so. */
export interface Sampling {
  readonly version: 1;
  readonly sample: SampleSpec;
  /** The logs that it was trained on; absent in models of older versions, and where there are too many to name. */
  readonly datasets?: readonly string[];
  readonly example: {
    /** Events in the order of time, secrets replaced. */
    readonly events: readonly EventFields[];
    /** The features of the samples of these events alone, by name; null where there is no value. */
    readonly rows: readonly Readonly<Record<string, number | string | null>>[];
  };
}

const FIELD_NAMES: ReadonlySet<string> = new Set(EVENT_FIELDS.map(({ name }) => name));

const value = z.union([z.string(), z.number(), z.null()]);
const test = z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))]);
const fields = z.record(z.string(), test);
const condition = z.union([fields, z.array(fields)]);
const events = z
  .array(z.record(z.string(), value))
  .max(1000)
  .refine(
    (list) => list.every((event) => Object.keys(event).every((name) => FIELD_NAMES.has(name))),
    'unknown field',
  );

/** Logs that are named at most. */
const MOST_DATASETS = 100;

const schema = z.strictObject({
  version: z.literal(1),
  sample: z.strictObject({
    unit: z.enum(['event', 'session']),
    where: condition.optional(),
    until: condition.optional(),
    maxSeconds: z.number().positive().optional(),
    history: z.boolean().optional(),
  }),
  datasets: z.array(z.string()).max(MOST_DATASETS).optional(),
  example: z.strictObject({ events, rows: z.array(z.record(z.string(), value)).max(1000) }),
});

/** Returns the sampling of a spec for some logs, with the features that it makes of these events now. Cost O(events). */
export function samplingOf(
  sample: SampleSpec,
  events: readonly EventFields[],
  datasets: readonly string[],
): Sampling {
  const named = datasets.length > MOST_DATASETS ? {} : { datasets };
  return { version: 1, sample, ...named, example: { events, rows: exampleRows(sample, events) } };
}

/**
 * Returns the sampling that `value`, parsed JSON, describes. Throws INTEGRITY where it is none, and where this version makes
 * other features of its events than were made when it was stored.
 */
export function samplingFromJSON(value: unknown): Sampling {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const field = parsed.error.issues[0]!.path.join('.') || 'the top level';
    throw damaged(
      `at ${field}: ${parsed.error.issues[0]!.message}`,
      'restore its files or train the model again',
    );
  }
  const sampling = parsed.data as Sampling;
  const { sample, example } = sampling;
  const rows = exampleRows(sample, example.events);
  if (canonicalJson(rows) === canonicalJson(example.rows)) return sampling;
  throw damaged(
    'its events give other features than when it was stored',
    'load the model with the version of phantomnet that made it, or train it again',
  );
}

function damaged(what: string, hint: string): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `samples.json: ${what}`, {
    hint,
    details: { file: 'samples.json' },
  });
}

function exampleRows(sample: SampleSpec, events: readonly EventFields[]): Sampling['example']['rows'] {
  const builder = createSampleBuilder(sample, undefined);
  for (const event of events) builder.see(event);
  return featureRows(builder.finish('example').table);
}

function featureRows({ source, values, nRows }: Table): Record<string, number | string | null>[] {
  const features = source.columns.filter(({ role }) => role === 'feature');
  return Array.from({ length: nRows }, (_, row) =>
    Object.fromEntries(features.map(({ name }) => [name, plain(values.get(name)![row]!)])),
  );
}

const plain = (cell: number | string | null): number | string | null =>
  typeof cell === 'number' && Number.isNaN(cell) ? null : cell;
