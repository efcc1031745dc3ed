import { z } from 'zod';
import { AUDIT_NAMES } from '../audit/index.js';
import { calibrationSchema, thresholdSchema } from './decision-schema.js';
import { defenceSchema } from './defence-schema.js';
import { featureEncodingShape } from './encoding-schema.js';
import { labelRuleShape, sampleSchema } from './sample-schema.js';
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
          'csv, jsonl and parquet hold events and are detected from the content when absent; table: rows of any columns, as CSV, JSON lines or Parquet, held in memory as a whole',
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
          'time: events this long before the test set are left out of training, as 30s, 10m, 1h or 1d; folds by time: before and after each block; by time-series: before',
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
        .describe('number of folds; 0: none; leave-one-group-out: as many as there are groups')
        .default(5),
      method: z
        .enum(['stratified', 'group', 'stratified-group', 'leave-one-group-out', 'time', 'time-series'])
        .describe(
          'stratified: at random, keeps the class shares; group, stratified-group: whole groups; leave-one-group-out: a fold a group; time: blocks of time, each tested once, all others train; time-series: forward in time, each fold tests what comes after its training rows; like the split when absent, by time: time-series',
        )
        .optional(),
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
  defences: defenceSchema.optional(),
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
