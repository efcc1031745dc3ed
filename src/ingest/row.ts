import type { PythonValue } from '../data/index.js';

/** Why a row was rejected: stable names for counting. */
export type RejectCode =
  | 'cut' // the file ends inside the row
  | 'broken' // the file could not be expanded further
  | 'unclosed-quote'
  | 'stray-quote'
  | 'stray-cr'
  | 'too-few-columns'
  | 'too-many-columns'
  | 'too-large'
  | 'nul'
  | 'bad-utf8'
  | 'bad-json'
  | 'not-an-object'
  | 'duplicate-column'
  | 'missing-value'
  | 'bad-text'
  | 'bad-number'
  | 'bad-port'
  | 'bad-address'
  | 'too-deep'
  | 'bad-time'
  | 'bad-data';

/** What is wrong with a row. `reason` quotes nothing of the row, which may hold a password. */
export interface RowFault {
  readonly code: RejectCode;
  readonly reason: string;
  /** Column the fault is in, where it is in one. */
  readonly column?: string;
}

/** One row as a format reader found it: cells by name, or what is wrong with it. */
export interface RawRow {
  /** One-based line the row starts on (Parquet: one-based row). */
  readonly line: number;
  /** One-based line the row ends on. */
  readonly lastLine: number;
  readonly sizeBytes: number;
  readonly content: readonly (readonly [name: string, value: PythonValue])[] | RowFault;
  /** The raw text of the row, for a rejects file that may hold it. */
  readonly text: () => string;
}

/** What a format reader gives: rows in file order, a chunk at a time, and how many lines were blank. */
export interface RowChunk {
  readonly rows: readonly RawRow[];
  readonly blankLines: number;
}

export function isFault(content: RawRow['content']): content is RowFault {
  return !Array.isArray(content);
}
