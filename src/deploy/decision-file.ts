import { z } from 'zod';
import { PhantomNetError, visible } from '../core/index.js';
import { type Decision, parseCalibration, thresholdText } from '../model/index.js';
import { FOREIGN, parseJson } from './examples.js';

/** What a threshold was chosen for, as it is stored. */
export type StoredRule = z.output<typeof ruleSchema>;

/** A decision as it is stored with a model: with why it is so, and what it reached on validation data. */
export interface StoredDecision extends Decision {
  /** Null where the threshold was given as a number, or is that of no rule: 0.5. */
  readonly rule: StoredRule | null;
  /** Figures on the validation data, by name; empty where there was none. */
  readonly validation: Readonly<Record<string, number>>;
}

const amount = z.number().min(0);
const share = z.number().min(0).max(1);

const ruleSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('alert-budget'),
    alertsADay: amount,
    eventsADay: z.number().positive(),
    baseRate: share.optional(),
  }),
  z.strictObject({ kind: z.literal('false-positive-rate'), rate: share }),
  z.strictObject({
    kind: z.literal('cost'),
    costFp: amount,
    costFn: amount,
    baseRate: share.optional(),
  }),
  z.strictObject({ kind: z.literal('best-f1') }),
]);

const MAX_FIGURES = 64;

const fileSchema = z.strictObject({
  version: z.literal(1),
  threshold: z.union([z.number(), z.enum(['Infinity', '-Infinity'])]),
  rule: ruleSchema.nullable(),
  calibration: z.unknown(),
  validation: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/), z.number())
    .refine((figures) => Object.keys(figures).length <= MAX_FIGURES),
});

/** Returns a decision as the text of its file. */
export function formatDecision({ threshold, rule, calibration, validation }: StoredDecision): string {
  const file = { version: 1, threshold: thresholdText(threshold), rule, calibration, validation };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Returns the decision that a file holds. Throws INTEGRITY, naming file and key, for anything that `formatDecision` cannot have written. */
export function parseDecision(text: string, path: string): StoredDecision {
  const result = fileSchema.safeParse(parseJson(text, path));
  if (!result.success) {
    const [issue] = result.error.issues;
    const key = issue!.path.map(String).join('.');
    throw new PhantomNetError('INTEGRITY', `${path} is no decision: ${key || 'the whole'} does not fit`, {
      hint: FOREIGN,
      details: { file: path, key },
    });
  }
  const { threshold, rule, calibration, validation } = result.data;
  return {
    threshold: Number(threshold),
    rule,
    calibration: calibration === null ? null : parseCalibration(calibration),
    validation,
  };
}

/** Returns what a decision does, in words. */
export function describeDecision(
  { threshold, calibration }: StoredDecision,
  classes: readonly (number | string)[],
): string {
  const after = calibration === null ? '' : ` after ${calibration.kind} calibration`;
  return `class ${visible(String(classes[1]))} above ${Number(threshold.toPrecision(6))}${after}`;
}
