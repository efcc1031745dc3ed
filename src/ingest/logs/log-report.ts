import { given, PhantomNetError, show } from '../../core/index.js';
import type { Reject } from '../rejects.js';
import { describeReject } from '../rejects.js';
import type { RejectCode } from '../row.js';
import type { OpenLog } from './open-log.js';
import type { LineFault, ParsedLines } from './parse-lines.js';

/** What became of one log file. */
export interface LogFileReport {
  readonly file: string;
  /** What wrote it; null for an empty file, and for one that was passed over. */
  readonly source: string | null;
  /** Lines that are not blank; of a table its rows. */
  readonly rowsRead: number;
  readonly events: number;
  readonly rejected: number;
  /** Lines that give no event and are not rejected: headers, comments, messages of the sensor itself. */
  readonly withoutEvent: number;
  readonly blankLines: number;
  /** Why a file that a folder or pattern named was passed over: it is no log. Absent for one that was read. */
  readonly passedOver?: string;
  /** One-based line from which on a compressed file could not be expanded; absent for one that was read to its end. */
  readonly brokenAt?: number;
  /** Columns of a table that no field is made of, at most 20; absent where there are none. */
  readonly unreadColumns?: readonly string[];
}

/** How many events of one kind there are. */
export interface ActionCount {
  /** Names of more than 200 characters end there, with `…`. */
  readonly dataset: string;
  readonly action: string;
  readonly events: number;
  /** Whether the source knows the action; one it does not know is kept all the same. */
  readonly isKnown: boolean;
}

/** How many events of one day, in UTC, there are. */
export interface DayCount {
  readonly day: string;
  readonly events: number;
}

/** What became of some log files. */
export interface LogIngestReport {
  /** The file that was asked for. */
  readonly out: string | null;
  /** Where the events are: `out`, else their place in the cache; null where there is none. */
  readonly file: string | null;
  /** Events that were written. */
  readonly events: number;
  /** Events left out because the same line came before, byte for byte. */
  readonly repeats: number;
  /** Lines that are not blank. */
  readonly rowsRead: number;
  readonly rejected: number;
  /** Lines that give no event and are not rejected. */
  readonly withoutEvent: number;
  readonly blankLines: number;
  readonly rejectsByReason: Readonly<Partial<Record<RejectCode, number>>>;
  /** The first rejects, at most 20. */
  readonly firstRejects: readonly Reject[];
  readonly files: readonly LogFileReport[];
  /** The most frequent kinds of events, at most 1,000. */
  readonly actions: readonly ActionCount[];
  /** How many other kinds there are, and how many events are of them. */
  readonly otherActions: { readonly actions: number; readonly events: number };
  readonly days: readonly DayCount[];
  /** Whether an earlier reading of the same bytes with the same options was taken. */
  readonly cached: boolean;
}

const MAX_SHOWN = 20;
const EARLY_ROWS = 1000;

/** Returns the reject that a line is. */
export function rejectOf(file: string, { line, ...fault }: LineFault): Reject {
  return { file, line, lastLine: line, position: line - 1, ...fault };
}

/** Counts what becomes of the lines of several files. */
export class LogTally {
  readonly files: { -readonly [Key in keyof LogFileReport]: LogFileReport[Key] }[] = [];
  readonly rejectsByReason: Partial<Record<RejectCode, number>> = {};
  readonly firstRejects: Reject[] = [];
  readonly #maxRejects: number;
  readonly #onReject: ((reject: Reject) => void) | undefined;
  #rowsRead = 0;
  #rejected = 0;
  /** Rejects since a time counts from zero. */
  #withoutBase = 0;

  constructor(maxRejects: number, onReject: ((reject: Reject) => void) | undefined) {
    this.#maxRejects = maxRejects;
    this.#onReject = onReject;
  }

  /** Begins a file; one that is no log is empty. */
  begin(file: string, log: Pick<OpenLog, 'source' | 'unreadColumns'> | undefined): void {
    const source = log?.source.name ?? null;
    const { unreadColumns } = log ?? {};
    this.files.push({
      ...{ file, source, rowsRead: 0, events: 0, rejected: 0, withoutEvent: 0, blankLines: 0 },
      ...given({ unreadColumns }),
    });
  }

  /** Notes that a file is no log, and so is not read. */
  passOver(file: string, reason: string): void {
    this.begin(file, undefined);
    this.files.at(-1)!.passedOver = reason;
  }

  /** Counts some lines of a file. Throws BAD_DATA once it is clear that too many of all lines are rejected. */
  add(fileIndex: number, parsed: ParsedLines & { readonly events: number }): void {
    const file = this.files[fileIndex]!;
    file.rowsRead += parsed.rowsRead;
    file.events += parsed.events;
    file.blankLines += parsed.blankLines;
    file.withoutEvent += parsed.withoutEvent;
    this.#rowsRead += parsed.rowsRead;
    for (const fault of parsed.faults) this.#reject(file, fault);
    if (this.#rowsRead >= EARLY_ROWS && this.#rejected > Math.max(0.5, this.#maxRejects) * this.#rowsRead)
      this.#fail(' so far, so reading stopped');
  }

  /** Throws BAD_DATA where more lines were rejected than is allowed, or there was none at all. */
  checkAtEnd(): void {
    const passedOver = this.files.find((file) => file.passedOver !== undefined)?.passedOver;
    if (this.files.every(({ source }) => source === null))
      throw new PhantomNetError(
        'BAD_DATA',
        `${this.#names()} ${this.files.length === 1 ? 'is' : 'are'} ${passedOver === undefined ? 'empty' : `no logs: ${passedOver}`}`,
        {
          hint: 'give a log with at least one line',
          details: { files: this.files.slice(0, MAX_SHOWN).map(({ file }) => file) },
        },
      );
    if (this.#rejected > this.#maxRejects * this.#rowsRead) this.#fail('');
  }

  /** Returns what became of all lines so far. */
  report(): Pick<
    LogIngestReport,
    'rowsRead' | 'rejected' | 'withoutEvent' | 'blankLines' | 'rejectsByReason' | 'firstRejects' | 'files'
  > {
    const { files, rejectsByReason, firstRejects } = this;
    const sum = (of: 'blankLines' | 'withoutEvent') => files.reduce((total, file) => total + file[of], 0);
    return {
      rowsRead: this.#rowsRead,
      rejected: this.#rejected,
      withoutEvent: sum('withoutEvent'),
      blankLines: sum('blankLines'),
      ...{ rejectsByReason, firstRejects, files },
    };
  }

  #reject(file: LogTally['files'][number], fault: LineFault): void {
    file.rejected++;
    if (fault.code === 'broken') file.brokenAt = fault.line;
    this.#rejected++;
    if (fault.reason.includes('--time-base')) this.#withoutBase++;
    this.rejectsByReason[fault.code] = (this.rejectsByReason[fault.code] ?? 0) + 1;
    const reject = rejectOf(file.file, fault);
    if (this.firstRejects.length < MAX_SHOWN) this.firstRejects.push(reject);
    this.#onReject?.(reject);
  }

  #names(): string {
    return this.files.length === 1 ? show(this.files[0]!.file) : `${this.files.length} files`;
  }

  #fail(when: string): never {
    const examples = this.firstRejects.slice(0, 3).map((reject) => `  ${describeReject(reject)}`);
    throw new PhantomNetError(
      'BAD_DATA',
      `${this.#names()}: ${this.#rejected} of ${this.#rowsRead} lines rejected${when}, more than the allowed share of ${this.#maxRejects}:\n${examples.join('\n')}`,
      {
        hint: `${this.#withoutBase * 2 > this.#rejected ? 'say when the times began with --time-base' : 'name the right source with --source'}, or allow more with --max-rejects; --rejects <file> writes all of them to a file`,
        details: { rowsRead: this.#rowsRead, rejected: this.#rejected, ...this.rejectsByReason },
      },
    );
  }
}
