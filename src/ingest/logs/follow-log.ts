import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PhantomNetError, show } from '../../core/index.js';
import type { EventFields } from '../../data/index.js';
import { isGzip } from '../gunzip.js';
import { logSource, recogniseSource } from '../sensors/log-sources.js';
import type { LogSource } from '../sensors/source.js';
import { isZstd } from '../unzstd.js';
import { type LineFault, parseLines, TOO_LARGE } from './parse-lines.js';
import { type LogEvents, lineParser, type ReadLogEventsOptions } from './read-log.js';
import { type ReadLogOptions, readLogOptions } from './read-log-options.js';
import { tableColumns } from './table-lines.js';

/** How a growing log is read. */
export interface FollowLogOptions extends ReadLogEventsOptions {
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** How long to wait before looking again, in milliseconds; 200 by default. */
  readonly everyMs?: number | undefined;
}

const READ_BYTES = 2 ** 18;
const LF = 10;
/** First bytes by which a file that was written anew is told. */
const START_BYTES = 256;

/**
 * Yields the events of a log that is still written, from its first line on, as they come, until `signal` aborts. A line
 * without its end waits for the rest. When the log is rotated (another file stands under its name, or it was cut to
 * nothing or written anew), what is left of the old one is read first, and the new one is of the same source unless its first
 * lines say otherwise. A file that is not there yet is waited for.
 * Throws UNSUPPORTED for a compressed file, and as `readLogEvents` does for one of no known source.
 */
export async function* followLog(file: string, options: FollowLogOptions): AsyncGenerator<LogEvents, void> {
  const reading = readLogOptions(options);
  const { signal, everyMs = 200 } = options;
  let before: LogSource | undefined;
  const wait = () => sleep(everyMs, undefined, { signal }).catch(() => undefined);
  while (!signal.aborted) {
    const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => absent(file, error));
    if (handle === undefined) {
      await wait();
      continue;
    }
    const log = new GrowingLog(file, handle, { named: options.source, before });
    try {
      for (let isReplaced = false; !signal.aborted; ) {
        const batch = await log.next(reading);
        if (batch !== undefined) yield batch;
        else if (isReplaced) break;
        // What was written between our last look and the rotation is read before the new file.
        else if (await log.wasReplaced()) isReplaced = true;
        else await wait();
      }
      const rest = signal.aborted ? undefined : await log.last(reading);
      if (rest !== undefined) yield rest;
      before = log.source ?? before;
    } finally {
      await handle.close();
    }
  }
}

function absent(file: string, cause: NodeJS.ErrnoException): undefined {
  if (cause.code === 'ENOENT') return undefined;
  return unreadable(file, cause);
}

function unreadable(file: string, cause: NodeJS.ErrnoException): never {
  if (cause.code === 'EISDIR')
    throw new PhantomNetError('BAD_DATA', `${show(file)} is a folder`, {
      cause,
      hint: 'name one file of it',
      details: { file },
    });
  throw new PhantomNetError('PERMISSION_DENIED', `${show(file)} cannot be read`, {
    cause,
    hint: 'give yourself the right to read it',
    details: { file },
  });
}

/** What is known of the source of a file before it is read. */
interface KnownSources {
  /** The name that the user gave. */
  readonly named: string | undefined;
  /** That of the file which stood under the name before. */
  readonly before: LogSource | undefined;
}

/** One file that grows: what was read of it, and the beginning of a line whose end is not there yet. */
class GrowingLog {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #sources: KnownSources;
  /** What wrote it; undefined until a line tells. */
  source: LogSource | undefined;
  #start = Buffer.alloc(0);
  #parser: Awaited<ReturnType<typeof lineParser>> | undefined;
  #position = 0;
  #line = 1;
  #half = Buffer.alloc(0);
  /** The line that begins is longer than is allowed: it is forgotten up to its end. */
  #isSkipping = false;

  constructor(file: string, handle: FileHandle, sources: KnownSources) {
    this.#file = file;
    this.#handle = handle;
    this.#sources = sources;
  }

  /** Returns the events of the whole lines that came since, undefined where there is nothing new. */
  async next(reading: ReadLogOptions): Promise<LogEvents | undefined> {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const { bytesRead } = await this.#handle
      .read(buffer, 0, READ_BYTES, this.#position)
      .catch((error: NodeJS.ErrnoException) => unreadable(this.#file, error));
    // Asked after reading: what was read of a file that is written anew meanwhile is no rest of the old one.
    if (bytesRead === 0 || (await this.#isWrittenAnew())) return undefined;
    this.#position += bytesRead;
    if (this.#start.length < START_BYTES)
      this.#start = Buffer.concat([this.#start, buffer.subarray(0, bytesRead)]).subarray(0, START_BYTES);
    let bytes = Buffer.concat([this.#half, buffer.subarray(0, bytesRead)]);
    if (this.#parser === undefined && this.#line === 1) bytes = this.#withoutMark(bytes);
    const end = bytes.lastIndexOf(LF) + 1;
    this.#half = Buffer.from(bytes.subarray(end));
    const faults: LineFault[] = [];
    let whole = bytes.subarray(0, end);
    if (this.#isSkipping && end > 0) {
      whole = whole.subarray(whole.indexOf(LF) + 1);
      this.#isSkipping = false;
      faults.push({ line: this.#line++, ...TOO_LARGE });
    }
    if (this.#half.length > reading.maxRecordBytes) {
      this.#isSkipping = true;
      this.#half = Buffer.alloc(0);
    }
    const batch = whole.length === 0 ? { events: [], faults: [] } : await this.#read(whole, reading, 'whole');
    return { events: batch.events, faults: [...faults, ...batch.faults] };
  }

  /** Returns the event of a last line that has no end. */
  async last(reading: ReadLogOptions): Promise<LogEvents | undefined> {
    if (this.#isSkipping) return { events: [], faults: [{ line: this.#line, ...TOO_LARGE }] };
    return this.#half.length === 0 ? undefined : this.#read(this.#half, reading, 'cut');
  }

  /** Whether the file begins otherwise than it did: it was emptied, and may have grown beyond what was read since. */
  async #isWrittenAnew(): Promise<boolean> {
    const now = Buffer.alloc(this.#start.length);
    const { bytesRead } = await this.#handle
      .read(now, 0, now.length, 0)
      .catch((error: NodeJS.ErrnoException) => unreadable(this.#file, error));
    return bytesRead < now.length || !now.equals(this.#start);
  }

  /** Returns whether another file stands under the name, or this one was emptied; then all of it was read. */
  async wasReplaced(): Promise<boolean> {
    const [own, named] = await Promise.all([this.#handle.stat(), stat(this.#file).catch(() => undefined)]);
    if (own.size < this.#position || (await this.#isWrittenAnew())) return true;
    return named !== undefined && (named.ino !== own.ino || named.dev !== own.dev);
  }

  async #read(bytes: Buffer, reading: ReadLogOptions, end: 'whole' | 'cut'): Promise<LogEvents> {
    this.#parser ??= await this.#open(bytes, reading);
    if (this.#parser === undefined) {
      // Nothing but blank lines: what comes next tells the source.
      this.#line += bytes.toString('latin1').split('\n').length - 1;
      return { events: [], faults: [] };
    }
    const events: EventFields[] = [];
    const lines = { bytes, firstLine: this.#line, isCut: end === 'cut' };
    const { faults, rowsRead, blankLines } = parseLines(lines, this.#parser, (found) => {
      for (const event of found) events.push(event);
    });
    this.#line += rowsRead + blankLines;
    return { events, faults };
  }

  /** Returns the first bytes without the mark of UTF-8. Throws UNSUPPORTED where they are compressed. */
  #withoutMark(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
    const file = this.#file;
    if (isGzip(bytes) || isZstd(bytes))
      throw new PhantomNetError('UNSUPPORTED', `${show(file)} is compressed, and cannot be followed`, {
        hint: 'follow the log that is written, and read compressed ones without --follow',
        details: { file },
      });
    if (bytes.subarray(0, 4).toString('latin1') === 'PAR1') throw this.#table();
    return bytes.subarray(0, 3).toString('latin1') === '\xef\xbb\xbf' ? bytes.subarray(3) : bytes;
  }

  async #open(bytes: Buffer, reading: ReadLogOptions) {
    const file = this.#file;
    const lines = bytes.toString('utf8').split('\n');
    const { named, before } = this.#sources;
    if (named === undefined && lines.every((line) => line.trim() === '')) return undefined;
    const source = named === undefined ? (recogniseSource(lines) ?? before) : logSource(named);
    if ((source === undefined || named !== undefined) && tableColumns(bytes) !== undefined)
      throw this.#table();
    this.source = source;
    if (source !== undefined) return lineParser({ source, file, isTable: false }, reading);
    throw new PhantomNetError('BAD_DATA', `${show(file)} is a log of no known source`, {
      hint: 'name its source with --source',
      details: { file },
    });
  }

  #table(): PhantomNetError {
    return new PhantomNetError('UNSUPPORTED', `${show(this.#file)} is a table, and cannot be followed`, {
      hint: 'follow a log or JSON lines, and read a table whole, without --follow',
      details: { file: this.#file },
    });
  }
}
