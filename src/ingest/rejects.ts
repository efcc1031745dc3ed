import { type FileHandle, open } from 'node:fs/promises';
import { PhantomNetError, show } from '../core/index.js';
import type { EventSource } from './open-bytes.js';
import { writeFailure } from './output-file.js';
import type { RejectCode } from './row.js';
import type { InputFormat } from './source.js';

/** A row that became no event, and why. */
export interface Reject {
  readonly file: string;
  /** One-based line the row starts on (Parquet: one-based row). */
  readonly line: number;
  /** One-based line the row ends on. */
  readonly lastLine: number;
  /** Column the fault is in, where it is in one. */
  readonly column?: string;
  /** Zero-based position among the data rows, rejected ones counted. */
  readonly position: number;
  readonly code: RejectCode;
  readonly reason: string;
  /** The first 10,000 bytes of the raw row; only where secrets are kept, since it may hold a password. */
  readonly text?: string;
}

/** What became of one input. */
export interface IngestReport {
  readonly file: string;
  readonly format: InputFormat;
  readonly rowsRead: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Lines without anything on them, which are no rows. */
  readonly blankLines: number;
  readonly rejectsByReason: Readonly<Partial<Record<RejectCode, number>>>;
}

/** An IngestReport that is being filled. */
export type OpenReport = { -readonly [K in keyof IngestReport]: IngestReport[K] } & {
  rejectsByReason: Partial<Record<RejectCode, number>>;
};

/** Returns the report of an input of which nothing was read yet. */
export function newReport(source: EventSource, format: InputFormat): OpenReport {
  const file = typeof source === 'string' ? source : '-';
  const counts = { rowsRead: 0, accepted: 0, rejected: 0, blankLines: 0, rejectsByReason: {} };
  return { file, format, ...counts };
}

const FIRST_REJECTS = 3;
const EARLY_ROWS = 1000;
const EARLY_SHARE = 0.5;

/** Counts the rows of an input and ends the run when too many are rejected. */
export class RejectTally {
  private readonly first: Reject[] = [];

  constructor(
    private readonly report: OpenReport,
    private readonly maxRejects: number,
    private readonly onReject: ((reject: Reject) => void) | undefined,
  ) {}

  /** Returns the position of the row that is read next, and counts it. */
  nextPosition(): number {
    return this.report.rowsRead++;
  }

  accept(): void {
    this.report.accepted++;
  }

  /** Takes a rejected row. Throws BAD_DATA after 1,000 rows when most were rejected, since then the input is not what it was taken for. */
  reject(reject: Reject): void {
    const { report } = this;
    report.rejected++;
    report.rejectsByReason[reject.code] = (report.rejectsByReason[reject.code] ?? 0) + 1;
    if (this.first.length < FIRST_REJECTS) this.first.push(reject);
    this.onReject?.(reject);
    const limit = Math.max(EARLY_SHARE, this.maxRejects);
    if (report.rowsRead >= EARLY_ROWS && report.rejected > limit * report.rowsRead)
      this.fail('so far, so reading stopped');
  }

  /** Throws BAD_DATA at the end, when more than the allowed share of all rows was rejected. */
  checkAtEnd(): void {
    if (this.report.rejected > this.maxRejects * this.report.rowsRead) this.fail();
  }

  private fail(when?: string): never {
    const { file, rowsRead, rejected } = this.report;
    const examples = this.first.map((r) => `  ${describeReject(r)}`).join('\n');
    const more = rejected > this.first.length ? `\n  and ${rejected - this.first.length} more` : '';
    throw new PhantomNetError(
      'BAD_DATA',
      `${show(file)}: ${rejected} of ${rowsRead} rows rejected${when === undefined ? '' : ` ${when}`}, more than the allowed share of ${this.maxRejects}:\n${examples}${more}`,
      {
        hint: 'correct the rows, or allow more with --max-rejects; --rejects <file> writes all of them to a file',
        details: { ...this.report, first: this.first.map(({ text: _text, ...reject }) => reject) },
      },
    );
  }
}

/** Returns a reject as one line for people: file, line, column, reason. */
export function describeReject(reject: Reject): string {
  const lines =
    reject.lastLine > reject.line ? `lines ${reject.line} to ${reject.lastLine}` : `line ${reject.line}`;
  const column = reject.column === undefined ? '' : `, column ${show(reject.column)}`;
  return `${show(reject.file)}, ${lines}${column}: ${reject.reason} (${reject.code})`;
}

/** A rejects file: one JSON object a line. */
export interface RejectsWriter {
  /** Takes a reject; hand it to `onReject`. */
  readonly write: (reject: Reject) => void;
  /** Writes out what was taken. Throws what kept it from being written, UNAVAILABLE where the disk is full. */
  readonly flush: () => Promise<void>;
  /** Writes out what was taken and closes the file. Throws as `flush` does. */
  readonly close: () => Promise<void>;
}

/**
 * Returns a writer that makes the file and writes the rejects to it as JSON lines, in order, readable by its owner only.
 * A file that is there is emptied, or with `append` added to.
 */
export async function rejectsWriter(
  path: string,
  existing: 'replace' | 'append' = 'replace',
): Promise<RejectsWriter> {
  let handle: FileHandle;
  try {
    handle = await open(path, existing === 'append' ? 'a' : 'w', 0o600);
  } catch (cause) {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `the rejects file ${show(path)} cannot be written: ${(cause as Error).message}`,
      {
        cause,
        hint: 'name a file in a folder that exists and may be written',
        details: { path },
      },
    );
  }
  let pending: string[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  const start = () => {
    const text = pending.join('');
    pending = [];
    if (text === '') return;
    writing = writing.then(() => handle.appendFile(text));
    // The failure is kept for flush() and close(), which throw it.
    writing.catch(() => undefined);
  };
  const flush = async () => {
    start();
    await writing.catch((cause) => {
      throw writeFailure(cause, `the rejects file ${show(path)}`, 'make room on its disk, or name another');
    });
  };
  return {
    write(reject) {
      pending.push(`${JSON.stringify(reject)}\n`);
      if (pending.length >= 1000) start();
    },
    flush,
    async close() {
      try {
        await flush();
      } finally {
        await handle.close();
      }
    },
  };
}
