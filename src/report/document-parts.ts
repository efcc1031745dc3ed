import { z } from 'zod';

/** A class or group by the name it has in the data. */
export const labelSchema = z.union([z.number(), z.string()]);

/** A two-sided interval: its ends, the coverage aimed at, and how it was made. */
export const intervalSchema = z.object({
  low: z.number(),
  high: z.number(),
  level: z.number(),
  method: z.string(),
});

/** A number with its interval; null where there is none. */
const estimateSchema = z.object({ value: z.number(), interval: intervalSchema.nullable() });

/** Returns a part of the report that may be missing, and then says why: `{ skipped: reason }`. */
export function orSkipped<T extends z.ZodType>(part: T) {
  return z.union([z.object({ skipped: z.string() }), part]);
}

/** One headline number; without a value, the reason. */
export const headlineSchema = z.object({
  name: z.string(),
  value: z.number().nullable(),
  interval: intervalSchema.nullable(),
  reason: z.string().nullable(),
});

const sideSchema = z.object({ rows: z.number(), perClass: z.array(z.number()) });

/** What was read. */
export const dataSchema = z.object({
  path: z.string(),
  testPath: z.string().nullable(),
  digest: z.string(),
  rows: z.number(),
  /** What one row is; absent in older reports. */
  unit: z.enum(['row', 'event', 'session']).optional(),
  /** Events that the rows were made of, where they were. */
  events: z.number().optional(),
  rejected: z.number(),
  train: sideSchema,
  test: sideSchema,
  /** First and last time of all rows, ISO 8601. */
  first: z.string().nullable(),
  last: z.string().nullable(),
  sources: z
    .object({ column: z.string(), train: z.number(), test: z.number(), shared: z.number() })
    .nullable(),
});

/** How the test rows were chosen. */
export const splitSchema = z.object({
  method: z.string(),
  testSize: z.number(),
  randomState: z.number(),
  testFrom: z.string().nullable(),
  gap: z.string().nullable(),
  nLeftOut: z.number().nullable(),
  groupBy: z.string().nullable(),
});

/** What alerting above the threshold finds, misses and costs; of two classes only. */
export const operatingPointSchema = z.object({
  /** A score above it alerts; null where no score is high enough. */
  threshold: z.number().nullable(),
  truePositives: z.number(),
  falsePositives: z.number(),
  falseNegatives: z.number(),
  trueNegatives: z.number(),
  recall: estimateSchema.nullable(),
  falsePositiveRate: estimateSchema.nullable(),
  precision: estimateSchema.nullable(),
  /** In the traffic as the operator states it; null where that was not stated. */
  stated: z.object({
    baseRate: z.number().nullable(),
    eventsADay: z.number().nullable(),
    /** Where the volume comes from. */
    eventsFrom: z.enum(['config', 'data']).nullable(),
    precision: estimateSchema.nullable(),
    alertsADay: estimateSchema.nullable(),
    falseAlertsADay: estimateSchema.nullable(),
  }),
  /** The same as the rows themselves have it: the share of attacks among the test rows, the volume of all rows. */
  data: z.object({
    baseRate: z.number(),
    eventsADay: z.number().nullable(),
    alertsADay: z.number().nullable(),
  }),
});

/** Recall at one false-positive rate; null with how many negatives it needs. */
export const recallAtRateSchema = z.object({
  rate: z.number(),
  recall: estimateSchema.nullable(),
  /** Null where no threshold is high enough, or none was sought. */
  threshold: z.number().nullable(),
  needs: z.number().nullable(),
  reason: z.string().nullable(),
});

const point = z.tuple([z.number(), z.number()]);

/** ROC curve (false-positive rate, recall) and precision-recall curve (recall, precision), thinned for drawing. */
export const curvesSchema = z.object({ roc: z.array(point), precisionRecall: z.array(point) });

/** How far scores can be taken for probabilities. */
export const calibrationSchema = z.object({
  /** The score of the positive class; of more classes, that of the class that was predicted. */
  of: z.enum(['positive', 'confidence']),
  bins: z.array(
    z.object({
      low: z.number(),
      high: z.number(),
      samples: z.number(),
      meanScore: z.number(),
      share: z.number(),
      interval: intervalSchema,
    }),
  ),
  ece: z.number(),
  brier: z.number(),
});

/** Metrics from period to period. */
export const decaySchema = z.object({
  period: z.enum(['day', 'week']),
  series: z.array(
    z.object({
      name: z.string(),
      /** Area under time, 0 to 1; null where fewer than two periods have the metric. */
      aut: z.number().nullable(),
      points: z.array(
        z.object({
          /** Milliseconds UTC. */
          start: z.number(),
          index: z.number(),
          samples: z.number(),
          /** Rows that the value is a share of; absent in older reports, and where it is none. */
          of: z.number().optional(),
          value: z.number().nullable(),
          interval: intervalSchema.nullable(),
        }),
      ),
    }),
  ),
  emptyPeriods: z.number(),
  withoutTime: z.number(),
});

/** Figures by sensor, attack type or another column, the worst first. */
export const breakdownSchema = z.object({
  by: z.string(),
  measure: z.enum(['recall', 'accuracy']),
  nGroups: z.number(),
  groups: z.array(
    z.object({
      group: labelSchema,
      samples: z.number(),
      positives: z.number(),
      falsePositives: z.number(),
      falseNegatives: z.number(),
      value: estimateSchema.nullable(),
    }),
  ),
});

/** A metric by the number of training rows. */
export const learningCurveSchema = z.object({
  metric: z.string(),
  points: z.array(
    z.object({ size: z.number(), value: z.number().nullable(), interval: intervalSchema.nullable() }),
  ),
});

/** How much a metric drops when the values of one feature are shuffled, the most important first. */
export const importancesSchema = z.object({
  metric: z.string(),
  baseline: z.number(),
  rows: z.number(),
  repeats: z.number(),
  features: z.array(z.object({ feature: z.string(), mean: z.number(), std: z.number() })),
});

/** One row that the model has wrong. */
export const errorSchema = z.object({
  kind: z.enum(['false alert', 'missed', 'wrong class']),
  file: z.string(),
  line: z.number(),
  actual: labelSchema,
  predicted: labelSchema,
  score: z.number(),
  columns: z.array(z.object({ name: z.string(), value: z.string() })),
});

/** One audit of the data and its verdict. */
export const auditSchema = z.object({
  name: z.string(),
  verdict: z.string(),
  evidence: z.string(),
  fix: z.string().nullable(),
});
