import { createHash } from 'node:crypto';
import { constants, copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { invalidParameter, PhantomNetError, show } from '../../core/index.js';
import type { Reject } from '../rejects.js';
import { secretKey } from '../secret-key.js';
import { countEvents } from './count-events.js';
import { cacheKey, findCached, keepCached } from './event-cache.js';
import { expandInputs } from './expand-inputs.js';
import { type LineChunk, lineChunks } from './line-chunks.js';
import { type LogIngestReport, LogTally } from './log-report.js';
import { openLog } from './open-log.js';
import type { LinesReport } from './parse-worker.js';
import { ParserPool } from './parser-pool.js';
import { type ReadLogOptions, readLogOptions } from './read-log-options.js';
import { sortEvents } from './sort-events.js';

/** How logs become a file of events. */
export interface IngestLogsOptions extends Partial<ReadLogOptions> {
  /** Parquet file to write; it is replaced where it is there. Without one the events are only kept in the cache. */
  readonly out?: string | undefined;
  /** Whether events of the same bytes, read in the same way, are taken from the cache and kept there; `use` by default. */
  readonly cache?: 'use' | 'none' | undefined;
  /** Name of the source of all files; found out for each where left out. */
  readonly source?: string | undefined;
  /** What becomes of lines that came before, byte for byte; `drop` by default. */
  readonly repeats?: 'drop' | 'keep' | undefined;
  /** Most memory the sort takes, in bytes; 500 MB by default. */
  readonly memoryBytes?: number | undefined;
  /** Largest share of lines that may be rejected, 0 to 1; half by default, since what is in a log is up to attackers. */
  readonly maxRejects?: number | undefined;
  /** Called for each rejected line, in order. */
  readonly onReject?: ((reject: Reject) => void) | undefined;
  /** Called now and then with the lines read so far. */
  readonly onProgress?: ((progress: { readonly lines: number; readonly file: string }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Threads that read lines; as many as there are cores, at most 4, by default. */
  readonly threads?: number | undefined;
}

const CHUNK_BYTES = 2 ** 20;

/**
 * Reads log files of honeypots and sensors and writes their events to one Parquet file, by time, then sensor, then place
 * in the input (docs/formats/event-v1.md). Returns what became of each file. `inputs` are files, folders and patterns;
 * gzip and zstd are expanded, `-` is standard input. Memory is bounded, whatever the size of the logs.
 * Throws NOT_FOUND for an input that names no file, BAD_DATA for a log of no known source and beyond `maxRejects`;
 * nothing is written then. Deterministic given the key of the secrets.
 */
export async function ingestLogs(
  inputs: readonly string[],
  options: IngestLogsOptions = {},
): Promise<LogIngestReport> {
  const { maxRejects = 0.5, memoryBytes = 500e6, out = null, repeats = 'drop' } = options;
  if (!(maxRejects >= 0 && maxRejects <= 1))
    invalidParameter('maxRejects', 'a share from 0 to 1', maxRejects);
  if (!(memoryBytes >= 64e6)) invalidParameter('memoryBytes', 'at least 64,000,000 bytes', memoryBytes);
  const reading = readLogOptions(options);
  const files = await expandInputs(inputs);
  const key = await secretKey();
  const usesCache = options.cache !== 'none' && files[0] !== '-';
  const ways = { ...reading, repeats, maxRejects, source: options.source, key: fingerprint(key) };
  const name = usesCache ? await cacheKey(files, ways) : undefined;
  // Whoever wants to hear of the rejected lines has them read again.
  const found = name === undefined || options.onReject !== undefined ? undefined : await findCached(name);
  if (found !== undefined) {
    if (out !== null) await copyWhole(found.file, out);
    return { ...found.report, out, file: out ?? found.file, cached: true };
  }
  return withFolder(async (folder) => {
    const tally = new LogTally(maxRejects, options.onReject);
    const rowFiles = await readFiles(files, { ...options, reading, tally, folder, key });
    tally.checkAtEnd();
    const sorted = join(folder, 'events.parquet');
    const written = await sortEvents({
      rowFiles,
      out: sorted,
      temporaryFolder: folder,
      memoryBytes,
      repeats,
    });
    options.signal?.throwIfAborted();
    const counts = await countEvents(sorted);
    const report = { ...written, ...tally.report(), ...counts, cached: false };
    const kept =
      name === undefined ? null : await keepCached(name, sorted, { ...report, out: null, file: null });
    if (out !== null) await copyWhole(sorted, out);
    return { ...report, out, file: out ?? kept };
  });
}

function fingerprint(key: Buffer): string {
  return createHash('sha256').update('fingerprint').update(key).digest('hex').slice(0, 16);
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-ingest-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies a file so that it is there whole or not at all. */
async function copyWhole(from: string, to: string): Promise<void> {
  const partial = `${to}.${process.pid}.partial`;
  try {
    await copyFile(from, partial, constants.COPYFILE_FICLONE);
    await rename(partial, to);
  } catch (cause) {
    throw new PhantomNetError('INVALID_PARAMETER', `${show(to)} cannot be written`, {
      cause,
      hint: 'name a file in a folder that exists and may be written, with room for it',
      details: { file: to },
    });
  } finally {
    await rm(partial, { force: true });
  }
}

interface Reading extends Pick<IngestLogsOptions, 'source' | 'onProgress' | 'signal' | 'threads'> {
  readonly reading: ReadLogOptions;
  readonly tally: LogTally;
  readonly folder: string;
  readonly key: Buffer;
}

/** Reads all files with a pool of threads; returns the files of rows they wrote. */
async function readFiles(files: readonly string[], options: Reading): Promise<string[]> {
  const { reading, folder, key, threads = Math.min(4, availableParallelism()) } = options;
  const rowFiles = Array.from({ length: threads }, (_, i) => join(folder, `rows-${i}.csv`));
  const pool = new ParserPool(rowFiles.map((rowFile) => ({ options: reading, key, rowFile })));
  try {
    const reports = new Reports(options);
    for (const [index, file] of files.entries()) await readFile({ file, index }, options, { pool, reports });
    await reports.drain(0);
    await pool.close();
    return rowFiles;
  } catch (error) {
    await pool.abort();
    throw error;
  }
}

async function readFile(
  { file, index }: { readonly file: string; readonly index: number },
  { source: named, reading, tally, signal }: Reading,
  { pool, reports }: { readonly pool: ParserPool; readonly reports: Reports },
): Promise<void> {
  const { window, source } = await openLog(file, named);
  tally.begin(file, source.name);
  const lane = source.lines === 'in-order' ? index : undefined;
  const sizes = { chunkBytes: CHUNK_BYTES, maxLineBytes: reading.maxRecordBytes };
  try {
    for await (const chunk of lineChunks(window, sizes)) {
      signal?.throwIfAborted();
      const { bytes, firstLine, isCut } = chunk;
      const order = { bytes, firstLine, isCut, file, fileIndex: index, source: source.name };
      reports.take(index, chunk, (await pool.give(order, lane)).report);
      await reports.drain(MAX_OPEN_REPORTS);
    }
  } finally {
    await window.close();
  }
}

/** Reports that may be open at once: enough that no thread waits for another's. */
const MAX_OPEN_REPORTS = 32;

/** Counts the reports of the threads in the order of the lines, whichever thread is done first. */
class Reports {
  readonly #open: {
    readonly index: number;
    readonly chunk: LineChunk;
    readonly report: Promise<LinesReport>;
  }[] = [];
  readonly #options: Reading;
  #lines = 0;

  constructor(options: Reading) {
    this.#options = options;
  }

  take(index: number, { firstLine, nLines, isCut, tooLong }: LineChunk, report: Promise<LinesReport>): void {
    const chunk = { bytes: Buffer.alloc(0), firstLine, nLines, isCut, tooLong };
    this.#open.push({ index, chunk, report });
  }

  /** Waits until at most `most` reports are open, and counts the others. */
  async drain(most: number): Promise<void> {
    const { tally, onProgress } = this.#options;
    while (this.#open.length > most) {
      const { index, chunk, report } = this.#open.shift()!;
      const parsed = await report;
      const { code, reason } = { code: 'too-large' as const, reason: 'the line is longer than is allowed' };
      const tooLong = chunk.tooLong.map((line) => ({ line, code, reason }));
      const rowsRead = parsed.rowsRead + tooLong.length;
      tally.add(index, { ...parsed, rowsRead, faults: [...tooLong, ...parsed.faults] });
      this.#lines += chunk.nLines;
      onProgress?.({ lines: this.#lines, file: tally.files[index]!.file });
    }
  }
}
