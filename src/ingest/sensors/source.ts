import type { EventFields } from '../../data/index.js';
import type { RowFault } from '../row.js';

/** A parsed JSON value of a log line: may be anything. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** A JSON object of a log line. Its keys are hostile: read them with `Object.hasOwn`. */
export type JsonRecord = { readonly [key: string]: Json };

/** The first records of an input, from which its source is told. */
export interface LogHead {
  /** The first lines that are not blank, at most 50, whole. */
  readonly lines: readonly string[];
  /** Those that are JSON objects. */
  readonly records: readonly JsonRecord[];
}

/** How one field of an event came about, for `ingest explain`. */
export interface FieldTrace {
  /** Where it was in the record, as `alert.signature`; null where it is said by the source. */
  readonly from: string | null;
  readonly to: string;
}

/** Takes what a reader finds in one line. */
export interface EventSink {
  /** Time zone of sensors that write none, in minutes east of UTC. */
  readonly zoneMinutes: number;
  /** When times that count from zero began, in milliseconds since 1970; undefined where nobody said it. */
  readonly timeBaseMs: number | undefined;
  /**
   * Takes one event of the line, which may hold none or several, with the passwords in it: they are replaced in all its
   * texts, and the first is counted. What was an event before, and says where it was first read, keeps place and hash. Returns
   * what the event lacks, or nothing; a line with a fault gives no event.
   */
  add(fields: EventFields, passwords?: readonly string[], was?: 'event'): RowFault | undefined;
  /** Notes where a field came from; absent but for `explain`. */
  trace?(step: FieldTrace): void;
}

/** Reads the lines of one input in order. Returns what is wrong with a line, or nothing. */
export type LineReader = (line: string, sink: EventSink) => RowFault | undefined;

/** A log format of a honeypot or sensor. */
export interface LogSource {
  /** The name that `--source` takes. */
  readonly name: string;
  /** What it is, in one line. */
  readonly title: string;
  /** Whether a line can be read without those before it. */
  readonly lines: 'independent' | 'in-order';
  /** Returns how sure it is that the input is its own, 0 to 1. */
  recognise(head: LogHead): number;
  /** Returns a reader of one input. */
  open(): LineReader;
  /** Every action it knows; an event of another one is kept, counted and listed. Absent where any is as good. */
  readonly actions?: ReadonlySet<string>;
}
