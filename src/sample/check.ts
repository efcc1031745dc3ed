import type { EVENT_COLUMNS, Labels, Split } from '../data/index.js';
import { outOfFoldAuc } from './column-auc.js';
import type { SampleRow } from './generate.js';

/** The most that the commoner class may have of the sample. */
export const MAX_MAJORITY_SHARE = 0.65;
/** Between these lies the accuracy of `payload_length` alone: useful, and far from perfect. */
export const PAYLOAD_LENGTH_ACCURACY = { min: 0.85, max: 0.95 } as const;
/** No raw column but `event` may reach this out-of-fold AUC. */
export const MAX_COLUMN_AUC = 0.95;

/** One thing the sample must show, and whether it does. */
export interface SampleCheck {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

/** The mean accuracy over the folds of one split, of a forest on `payload_length` alone with one seed. */
export interface MeasuredAccuracy {
  readonly split: string;
  readonly seed: number;
  readonly accuracy: number;
}

/** What is needed to check a sample; the accuracies come from a composer, which has a forest. */
export interface SampleEvidence {
  readonly rows: readonly SampleRow[];
  /** `is_attack` of each row, classes [0, 1]. */
  readonly labels: Labels;
  /** Folds to measure the raw columns on. */
  readonly folds: readonly Split[];
  readonly accuracies: readonly MeasuredAccuracy[];
}

/** The columns that could tell the label by themselves; `event` defines it. */
const RAW_COLUMNS = [
  'timestamp',
  'honeypot_type',
  'source_ip',
  'port',
  'method',
  'path',
  'user_agent',
  'level',
  'data',
] as const;

/** Returns every property the sample must have, with what was measured. Deterministic, O(rows × columns × folds). */
export function checkSample(evidence: SampleEvidence): SampleCheck[] {
  const { rows, labels, folds, accuracies } = evidence;
  return [
    majority(labels),
    ...(['source_ip', 'user_agent', 'port'] as const).map((column) => bothKinds(rows, column)),
    ...[...new Set(accuracies.map((a) => a.split))].map((split) => payloadLength(split, accuracies)),
    ...RAW_COLUMNS.map((column) => {
      const cells = rows.map((row) => row.fields[column]);
      const auc = outOfFoldAuc(cells, labels.codes, folds);
      return {
        name: `auc of ${column}`,
        passed: auc < MAX_COLUMN_AUC,
        detail: `${auc.toFixed(4)} out of fold, below ${MAX_COLUMN_AUC} is wanted`,
      };
    }),
  ];
}

function majority(labels: Labels): SampleCheck {
  const attacks = labels.codes.reduce((sum, code) => sum + code, 0) / labels.codes.length;
  const share = Math.max(attacks, 1 - attacks);
  return {
    name: 'majority class',
    passed: share <= MAX_MAJORITY_SHARE,
    detail: `${share.toFixed(4)} of ${labels.codes.length} events, at most ${MAX_MAJORITY_SHARE} is wanted`,
  };
}

function bothKinds(rows: readonly SampleRow[], column: (typeof EVENT_COLUMNS)[number]): SampleCheck {
  const kinds = new Map<string, Set<string>>();
  for (const { fields, sessionKind } of rows) {
    const value = fields[column];
    if (value === null) continue;
    kinds.set(value, (kinds.get(value) ?? new Set()).add(sessionKind));
  }
  const single = [...kinds].filter(([, seen]) => seen.size < 2).map(([value]) => value);
  const detail = `${kinds.size - single.length} of ${kinds.size} values occur in attack and in benign sessions`;
  return {
    name: `${column} in both kinds of session`,
    passed: single.length === 0,
    detail: single.length === 0 ? detail : `${detail}; not ${single.slice(0, 3).join(', ')}`,
  };
}

function payloadLength(split: string, accuracies: readonly MeasuredAccuracy[]): SampleCheck {
  const measured = accuracies.filter((a) => a.split === split).map((a) => a.accuracy);
  const [low, high] = [Math.min(...measured), Math.max(...measured)];
  const { min, max } = PAYLOAD_LENGTH_ACCURACY;
  return {
    name: `payload_length alone, ${split}`,
    passed: low >= min && high <= max,
    detail: `accuracy ${low.toFixed(4)} to ${high.toFixed(4)} over ${measured.length} seeds, ${min} to ${max} is wanted`,
  };
}
