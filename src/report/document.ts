import { z } from 'zod';
import { PhantomNetError, show } from '../core/index.js';
import {
  auditSchema,
  breakdownSchema,
  calibrationSchema,
  curvesSchema,
  dataSchema,
  decaySchema,
  errorSchema,
  headlineSchema,
  importancesSchema,
  intervalSchema,
  labelSchema,
  learningCurveSchema,
  operatingPointSchema,
  orSkipped,
  recallAtRateSchema,
  splitSchema,
} from './document-parts.js';

/** The version of the document that this program writes and reads. */
export const REPORT_VERSION = 1;

const reportSchema = z.object({
  format: z.literal('phantomnet-report'),
  version: z.literal(REPORT_VERSION),
  program: z.string(),
  run: z.object({ runId: z.string(), runName: z.string(), experiment: z.string(), startedAt: z.string() }),
  model: z.object({
    estimator: z.string(),
    label: z.string(),
    classes: z.array(labelSchema).min(1),
    /** The class that alerts, of two classes; else null. */
    positive: labelSchema.nullable(),
    nFeatures: z.number(),
  }),
  data: dataSchema,
  split: splitSchema,
  /** What the intervals take for independent: rows, or whole groups of a column. */
  intervals: z.object({
    level: z.number(),
    by: z.string().nullable(),
    nGroups: z.number().nullable(),
  }),
  headline: z.array(headlineSchema),
  /** The same on test rows of sources that had no training row; null where there are none, or nobody knows. */
  unseenSources: z
    .object({ rows: z.number(), sources: z.number(), headline: z.array(headlineSchema) })
    .nullable(),
  /** Why these numbers rest on little, in sentences; empty where nothing was found. */
  weaknesses: z.array(z.string()),
  operatingPoint: orSkipped(operatingPointSchema),
  recallAtRates: orSkipped(z.array(recallAtRateSchema)),
  confusionMatrix: z.array(z.array(z.number())),
  perClass: z.array(
    z.object({
      label: labelSchema,
      precision: z.number(),
      recall: z.number(),
      f1: z.number(),
      support: z.number(),
      predicted: z.number(),
      intervals: z.record(z.string(), intervalSchema),
    }),
  ),
  curves: orSkipped(curvesSchema),
  calibration: orSkipped(calibrationSchema),
  decay: orSkipped(decaySchema),
  breakdowns: z.array(breakdownSchema),
  learningCurve: orSkipped(learningCurveSchema),
  importances: orSkipped(importancesSchema),
  /** The most confident errors, and how many there are in all. */
  errors: z.object({ total: z.number(), rows: z.array(errorSchema) }),
  baselines: z.array(z.object({ name: z.string(), metrics: z.record(z.string(), z.number()) })),
  crossValidation: z
    .object({
      folds: z.number(),
      repeats: z.number().optional(),
      method: z.string(),
      mean: z.record(z.string(), z.number()),
      std: z.record(z.string(), z.number()),
    })
    .nullable(),
  latency: z.object({ meanMs: z.number(), p99Ms: z.number() }),
  gates: z.array(z.object({ name: z.string(), passed: z.boolean(), value: z.number(), limit: z.number() })),
  warnings: z.array(z.string()),
  audits: z.array(auditSchema).optional(),
});

/** Everything a run's report says: plain JSON, described in docs/formats/report-v1.md. */
export type Report = z.output<typeof reportSchema>;

/** A part of a report that could not be made. */
export interface Skipped {
  readonly skipped: string;
}

/** Returns whether a part of a report is missing. */
export function isSkipped(part: object): part is Skipped {
  return 'skipped' in part;
}

/** Most characters of a report: about a thousand times that of a usual one. */
const MAX_CHARACTERS = 50_000_000;

/**
 * Returns the report that a text holds, checked: what is not a report of this version is refused, and keys that this
 * version does not know are left out. Throws INTEGRITY, and UNSUPPORTED for another version. Cost O(length).
 *
 * @example
 * ```ts
 * parseReport('{"format":"phantomnet-report","version":2}'); // throws UNSUPPORTED
 * ```
 */
export function parseReport(text: string): Report {
  if (text.length > MAX_CHARACTERS) refuse(`it has more than ${MAX_CHARACTERS} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    refuse('it is not JSON', cause);
  }
  checkVersion(value);
  const result = reportSchema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  refuse(`${show(path.join('.'))}: ${message}`);
}

function checkVersion(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const { format, version } = value as Record<string, unknown>;
  if (format !== 'phantomnet-report' || version === REPORT_VERSION) return;
  throw new PhantomNetError('UNSUPPORTED', `the report has version ${show(version)}, not ${REPORT_VERSION}`, {
    hint: 'read it with the version of phantomnet that wrote it',
    details: { version },
  });
}

function refuse(reason: string, cause?: unknown): never {
  throw new PhantomNetError('INTEGRITY', `report.json is no report of this program: ${reason}`, {
    hint: 'it was changed since it was logged, or another program wrote it: train again',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Returns the report as JSON text, which `parseReport` reads. Deterministic. */
export function reportJson(report: Report): string {
  return `${JSON.stringify(report, null, 1)}\n`;
}
