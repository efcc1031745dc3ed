import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PhantomNetError, show } from '../../core/index.js';
import { isBroken } from '../gunzip.js';
import { type LineChunk, lineChunks } from './line-chunks.js';
import type { LogTally } from './log-report.js';
import { isNoLog, type OpenLog, openFilledLog } from './open-log.js';
import { unpackFaults } from './packed-faults.js';
import type { LinesReport } from './parse-worker.js';
import { ParserPool } from './parser-pool.js';
import type { ReadLogOptions } from './read-log-options.js';
import type { Run } from './row-cursor.js';

const CHUNK_BYTES = 2 ** 20;

/** How files are read, and where to. */
export interface Reading {
  readonly source?: string | undefined;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly lines: number; readonly file: string }) => void) | undefined;
  readonly reading: ReadLogOptions;
  readonly tally: LogTally;
  readonly folder: string;
  readonly key: Buffer;
  /** Whether a file may be passed over where it is no log: nobody named it itself. */
  readonly isOptional: (file: string) => boolean;
}

/** Reads all files with a pool of threads; returns where the rows they wrote stand. */
export async function readFiles(files: readonly string[], options: Reading): Promise<readonly Run[]> {
  const { reading, folder, key, threads = Math.min(4, availableParallelism()) } = options;
  const rowFiles = Array.from({ length: threads }, (_, i) => join(folder, `${i}.rows`));
  const pool = new ParserPool(rowFiles.map((rowFile) => ({ options: reading, key, rowFile })));
  try {
    const reports = new Reports(options);
    if (files[0] === '-') endStdinOnAbort(options.signal);
    for (const [index, file] of files.entries()) await readFile({ file, index }, options, { pool, reports });
    await reports.drain(0);
    await pool.close();
    return reports.runs;
  } catch (error) {
    await pool.abort();
    throw options.signal?.aborted === true ? options.signal.reason : error;
  }
}

/** Whoever interrupts need not wait for what is written to standard input next. */
function endStdinOnAbort(signal: AbortSignal | undefined): void {
  signal?.addEventListener('abort', () => process.stdin.destroy(signal.reason as Error), { once: true });
}

async function readFile(
  { file, index }: { readonly file: string; readonly index: number },
  { source: named, reading, tally, signal, isOptional }: Reading,
  { pool, reports }: { readonly pool: ParserPool; readonly reports: Reports },
): Promise<void> {
  const log = await openUnlessNoLog(file, { named, isOptional: isOptional(file), tally });
  if (log === undefined) return;
  const { window, source, isTable, whyBroken } = log;
  const lane = source.lines === 'in-order' ? index : undefined;
  const sizes = { chunkBytes: CHUNK_BYTES, maxLineBytes: reading.maxRecordBytes };
  try {
    for await (const chunk of lineChunks(window, sizes, whyBroken)) {
      signal?.throwIfAborted();
      const { bytes, firstLine, isCut } = chunk;
      const order = { bytes, firstLine, isCut, file, fileIndex: index, source: source.name, isTable };
      reports.take(index, chunk, (await pool.give(order, lane)).report);
      await reports.drain(OPEN_REPORTS * pool.size);
    }
  } finally {
    await window.close();
  }
}

/** Opens a log; undefined for one that is empty, or that is none and need not be one. */
async function openUnlessNoLog(
  file: string,
  {
    named,
    isOptional,
    tally,
  }: { readonly named: string | undefined; readonly isOptional: boolean; readonly tally: LogTally },
): Promise<OpenLog | undefined> {
  try {
    const log = await openFilledLog(file, named);
    tally.begin(file, log);
    return log;
  } catch (error) {
    const why = isOptional ? whyPassedOver(file, error) : undefined;
    if (why === undefined) throw error;
    tally.passOver(file, why);
    return undefined;
  }
}

/** Returns why a file is passed over; undefined for what must be told. Bytes of a name that are no UTF-8 are lost before. */
function whyPassedOver(file: string, error: unknown): string | undefined {
  if (isNoLog(error) || isBroken(error)) return error.message;
  const isLost = error instanceof PhantomNetError && error.code === 'NOT_FOUND' && file.includes('\ufffd');
  return isLost ? `${show(file)} has a name that is no UTF-8` : undefined;
}

/** Reports that may be open at once for a thread, which reads one order while another waits: each may tell of a fault a line. */
const OPEN_REPORTS = 2;

/** Counts the reports of the threads in the order of the lines, whichever thread is done first. */
class Reports {
  readonly #open: {
    readonly index: number;
    readonly chunk: LineChunk;
    readonly report: Promise<LinesReport>;
  }[] = [];
  /** Where the rows of those that are counted stand. */
  readonly runs: Run[] = [];
  readonly #options: Reading;
  #lines = 0;

  constructor(options: Reading) {
    this.#options = options;
  }

  take(index: number, { firstLine, nLines, isCut, lost }: LineChunk, report: Promise<LinesReport>): void {
    const chunk = { bytes: Buffer.alloc(0), firstLine, nLines, isCut, lost };
    this.#open.push({ index, chunk, report });
  }

  /** Waits until at most `most` reports are open, and counts the others. */
  async drain(most: number): Promise<void> {
    const { tally, onProgress } = this.#options;
    while (this.#open.length > most) {
      const { index, chunk, report } = this.#open.shift()!;
      const parsed = await report;
      const { lost } = chunk;
      const rowsRead = parsed.rowsRead + lost.length;
      tally.add(index, { ...parsed, rowsRead, faults: [...lost, ...unpackFaults(parsed.faults)] });
      for (const run of parsed.runs) this.runs.push(run);
      this.#lines += chunk.nLines;
      onProgress?.({ lines: this.#lines, file: tally.files[index]!.file });
    }
  }
}
