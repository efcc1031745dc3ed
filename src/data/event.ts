import type { PayloadStatistics } from './payload.js';

/** The columns of the week-6 honeypot schema, in the order the sample is written. */
export const EVENT_COLUMNS = [
  'timestamp',
  'honeypot_type',
  'event',
  'source_ip',
  'port',
  'method',
  'path',
  'user_agent',
  'level',
  'data',
] as const;

/**
 * One honeypot event as every stage sees it, after ingest.
 * Cells are the raw text; `null` is missing and `''` is present but empty.
 */
export interface HoneypotEvent {
  /** Zero-based position among the data rows of the input (header and rejected rows: the header does not count, rejected rows do). */
  readonly position: number;
  /** File the event came from, as the user named it; `-` is standard input. */
  readonly file: string;
  /** One-based line in `file` on which the event starts (Parquet: one-based row). */
  readonly line: number;
  /** Every column by name, extra columns too; `data` has its secrets redacted unless secrets are kept. */
  readonly fields: Readonly<Record<string, string | null>>;
  /** Statistics of the raw `data` text, taken before redaction; null where `data` is missing (not where it is empty). */
  readonly payload: PayloadStatistics | null;
}

/** What a column is for. Label-defining and outcome columns are refused as features. */
export type ColumnRole = 'feature' | 'label-defining' | 'outcome' | 'identifier' | 'time';

/** A source's declaration of one column. */
export interface ColumnSchema {
  readonly name: string;
  readonly role: ColumnRole;
  /** Why the column has this role; printed when it is refused as a feature. */
  readonly reason: string;
}
