import { createHash, randomBytes } from 'node:crypto';
import { constants, copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invalidParameter, PhantomNetError, show } from '../../core/index.js';
import type { EventFieldName, EventFields } from '../../data/index.js';
import { refuseInputs, replaceable, writeFailure } from '../output-file.js';
import type { Reject } from '../rejects.js';
import { secretKey } from '../secret-key.js';
import { cacheKey, eventCacheFolder, fileFacts, findCached, keepCached } from './event-cache.js';
import { expandInputs } from './expand-inputs.js';
import { type LogIngestReport, LogTally } from './log-report.js';
import { readEventFile } from './read-event-file.js';
import { readFiles } from './read-files.js';
import { type ReadLogOptions, readLogOptions } from './read-log-options.js';
import { readRows } from './read-rows.js';
import { sortEvents } from './sort-events.js';

/** Endings that promise another format than is written. */
const OTHER_FORMATS = /\.(?:csv|tsv|json|jsonl|ndjson|log|txt|gz|zst)$/i;

/** What is to be done with the events of logs. */
export interface EventsUse {
  /** The fields that are wanted: fewer are read faster. */
  readonly fields: readonly EventFieldName[];
  /** Called with the events, some at a time, in their order. */
  take(events: readonly EventFields[]): void;
  /** Called last, with the file of all events, which may be gone afterwards. */
  takeFile?(file: string): Promise<void>;
}

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
  /**
   * Takes the events while their file is written, or from the cache. Where it throws, the file is still written and kept, then
   * what it threw is thrown.
   */
  readonly use?: EventsUse | undefined;
  /** Called now and then with the lines read so far. */
  readonly onProgress?: ((progress: { readonly lines: number; readonly file: string }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Threads that read lines; as many as there are cores, at most 4, by default. */
  readonly threads?: number | undefined;
}

/**
 * Reads log files of honeypots and sensors and writes their events to one Parquet file, by time, then sensor, then place
 * in the input (docs/formats/event-v1.md). Returns what became of each file. `inputs` are files, folders and patterns;
 * gzip and zstd are expanded, `-` is standard input; what a folder or pattern names and is no log is passed over. Memory is bounded, whatever the size of the logs.
 * Throws NOT_FOUND for an input that names no file, BAD_DATA for a log of no known source and beyond `maxRejects`,
 * INVALID_PARAMETER where `out` is one of the inputs or a device, UNAVAILABLE where the disk is full; nothing is written then. Deterministic given the key of the secrets.
 */
export async function ingestLogs(
  inputs: readonly string[],
  options: IngestLogsOptions = {},
): Promise<LogIngestReport> {
  const { maxRejects = 0.5, memoryBytes = 500e6, out = null, repeats = 'drop' } = options;
  if (!(maxRejects >= 0 && maxRejects <= 1))
    invalidParameter('maxRejects', 'a share from 0 to 1', maxRejects);
  if (!(memoryBytes >= 200e6)) invalidParameter('memoryBytes', 'at least 200,000,000 bytes', memoryBytes);
  if (out !== null && OTHER_FORMATS.test(out))
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `events are written as Parquet, not as ${show(out)} says`,
      {
        hint: 'name a file that ends in .parquet',
        details: { file: out },
      },
    );
  const reading = readLogOptions(options);
  const files = await expandInputs(inputs);
  if (out !== null) await refuseInputs(out, files);
  const target = out === null ? null : await replaceable(out);
  const key = await secretKey();
  const facts = options.cache === 'none' ? undefined : await fileFacts(files);
  const isOptional = (file: string): boolean => !inputs.includes(file);
  const ways = {
    ...{ ...reading, repeats, maxRejects, source: options.source, key: fingerprint(key) },
    optional: files.map(isOptional),
  };
  const name = facts === undefined ? undefined : await reachable(cacheKey(files, ways));
  // Whoever wants to hear of the rejected lines has them read again.
  const found = name === undefined || options.onReject !== undefined ? undefined : await findCached(name);
  if (found !== undefined) {
    if (target !== null) await copyWhole(found.file, target);
    if (options.use !== undefined)
      await takeAll(readEventFile(found.file, options.use.fields), options.use, options.signal);
    await options.use?.takeFile?.(found.file);
    return { ...found.report, out, file: out ?? found.file, cached: true };
  }
  return withFolder(async (folder) => {
    const tally = new LogTally(maxRejects, options.onReject);
    const runs = await readFiles(files, { ...options, reading, tally, folder, key, isOptional });
    tally.checkAtEnd();
    const sorted = join(folder, 'events.parquet');
    const { signal, use } = options;
    let used: PromiseSettledResult<void> | undefined;
    const useRows =
      use &&
      (async (rows: string): Promise<void> => {
        [used] = await Promise.allSettled([takeAll(readRows(rows, use.fields), use, signal)]);
      });
    const written = await sortEvents({
      ...{ runs, out: sorted, temporaryFolder: folder, memoryBytes, repeats, signal, useRows },
    });
    signal?.throwIfAborted();
    const report = { ...written, ...tally.report(), cached: false };
    // A log that was written to meanwhile is not what its name in the cache says.
    const isSame = name !== undefined && (await fileFacts(files)) === facts;
    const keeping = { ...report, out: null, file: null };
    const isElsewhere = out !== null || use !== undefined;
    const kept = isSame ? await keptCopy(name, sorted, keeping, { isElsewhere }) : null;
    if (target !== null) await copyWhole(sorted, target);
    if (used?.status === 'rejected') throw used.reason;
    await use?.takeFile?.(sorted);
    return { ...report, out, file: out ?? kept };
  });
}

async function takeAll(
  batches: AsyncIterable<readonly EventFields[]>,
  use: EventsUse,
  signal?: AbortSignal,
): Promise<void> {
  for await (const events of batches) {
    signal?.throwIfAborted();
    use.take(events);
  }
}

/** Returns the name in the cache; undefined where a file cannot be read, which reading it tells better. */
async function reachable(name: Promise<string>): Promise<string | undefined> {
  return name.catch(() => undefined);
}

/** Keeps events in the cache. A cache that cannot be written matters only where the events would be nowhere else. */
async function keptCopy(
  name: string,
  events: string,
  report: LogIngestReport,
  { isElsewhere }: { readonly isElsewhere: boolean },
): Promise<string | null> {
  try {
    return await keepCached(name, events, report);
  } catch (cause) {
    if (isElsewhere) return null;
    throw new PhantomNetError(
      'PERMISSION_DENIED',
      `the cache ${show(eventCacheFolder())} cannot be written`,
      {
        cause,
        hint: 'name a file for the events with --out, or another cache with XDG_CACHE_HOME',
        details: { folder: eventCacheFolder() },
      },
    );
  }
}

function fingerprint(key: Buffer): string {
  return createHash('sha256').update('fingerprint').update(key).digest('hex').slice(0, 16);
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-ingest-')).catch(noFolder);
  try {
    return await work(folder);
  } catch (error) {
    const hint = `make room in ${tmpdir()}, or name another folder for temporary files with TMPDIR`;
    throw writeFailure(error, `the temporary folder ${show(folder)}`, hint);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function noFolder(cause: unknown): never {
  throw new PhantomNetError('UNAVAILABLE', `no temporary folder can be made in ${show(tmpdir())}`, {
    cause,
    hint: 'make room there, or name another folder for temporary files with TMPDIR',
    details: { folder: tmpdir() },
  });
}

/** Copies a file so that it is there whole or not at all. */
async function copyWhole(from: string, to: string): Promise<void> {
  const partial = `${to}.${randomBytes(6).toString('hex')}.partial`;
  try {
    await copyFile(from, partial, constants.COPYFILE_FICLONE);
    await rename(partial, to);
  } catch (cause) {
    const failure = writeFailure(cause, show(to), 'make room on its disk, or name a file on another');
    if (failure !== cause) throw failure;
    throw new PhantomNetError('INVALID_PARAMETER', `${show(to)} cannot be written`, {
      cause,
      hint: 'name a file in a folder that exists and may be written',
      details: { file: to },
    });
  } finally {
    await rm(partial, { force: true });
  }
}
