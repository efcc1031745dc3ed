import type { EventValue } from './event-fields.js';
import type { PayloadStatistics } from './payload.js';

/** One honeypot event as every stage sees it, after ingest. */
export interface HoneypotEvent {
  /** Zero-based position among the data rows of the input (header and rejected rows: the header does not count, rejected rows do). */
  readonly position: number;
  /** File the event came from, as the user named it; `-` is standard input. */
  readonly file: string;
  /** One-based line in `file` on which the event starts (Parquet: one-based row). */
  readonly line: number;
  /**
   * Every field by its name in the event form (EVENT_FIELDS), and extra columns by their own: text, or a number where the
   * form says so; `null` is missing and `''` is text that is there and empty. Secrets are redacted unless they are kept.
   */
  readonly fields: Readonly<Record<string, EventValue>>;
  /** Statistics of the raw payload, taken before redaction; null where it is missing (not where it is empty). */
  readonly payload: PayloadStatistics | null;
}
