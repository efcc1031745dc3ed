import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { ByteWindow } from './byte-window.js';
import { gunzip, isBroken, isGzip } from './gunzip.js';
import { isZstd, unzstd } from './unzstd.js';

/** Where events come from: a path, `-` for standard input, or any stream of bytes. */
export type EventSource = string | Readable;

/** The expanded bytes of an input, the first of which were read. */
export interface OpenBytes {
  /** The input's name in events and messages. */
  readonly file: string;
  readonly window: ByteWindow;
  readonly compression: 'gzip' | 'zstd' | null;
  /** Asked at the end of the window: what keeps the rest from being expanded, where that does not throw. */
  readonly brokenBy: () => PhantomNetError | undefined;
}

const FIRST_BYTES = 4096;
/** What is read of a file at once: a log may have gigabytes, and each piece is a round through the event loop. */
const READ_BYTES = 2 ** 19;

/**
 * Opens an input and expands what starts as gzip or zstd does, whatever its name. Throws what keeps it from being read. Where
 * it cannot be expanded to its end, the window throws, or with `whenBroken: 'end'` ends; where there is nothing before, that
 * throws here.
 */
export async function openBytes(
  source: EventSource,
  { whenBroken = 'throw' }: { readonly whenBroken?: 'throw' | 'end' } = {},
): Promise<OpenBytes> {
  const file = typeof source === 'string' ? source : '-';
  const stream =
    source === '-' ? process.stdin : typeof source === 'string' ? await openFile(source) : source;
  let window = new ByteWindow(bytesOf(stream, file));
  let broken: PhantomNetError | undefined;
  async function* untilBroken(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* chunks;
    } catch (error) {
      if (whenBroken === 'throw' || !isBroken(error)) throw error;
      broken = error;
    }
  }
  try {
    await window.fill(FIRST_BYTES);
    const compression = isGzip(window.bytes) ? 'gzip' : isZstd(window.bytes) ? 'zstd' : null;
    if (compression !== null) {
      window = new ByteWindow(untilBroken((compression === 'gzip' ? gunzip : unzstd)(window, file)));
      await window.fill(FIRST_BYTES);
      if (broken !== undefined && window.bytes.length === 0) throw broken;
    }
    return { file, window, compression, brokenBy: () => broken };
  } catch (error) {
    await window.close();
    throw error;
  }
}

async function openFile(path: string): Promise<Readable> {
  const facts = await stat(path).catch((cause: NodeJS.ErrnoException) => missingFile(path, cause));
  if (facts.isDirectory()) inputFailure('BAD_DATA', path, 'is a folder', 'name one file of it');
  return createReadStream(path, { highWaterMark: READ_BYTES });
}

async function missingFile(path: string, cause: NodeJS.ErrnoException): Promise<never> {
  if (cause.code === 'EACCES')
    inputFailure('PERMISSION_DENIED', path, 'may not be read', 'give yourself the right to read it', cause);
  const names = await readdir(dirname(path)).catch(() => []);
  inputFailure(
    'NOT_FOUND',
    path,
    'does not exist',
    didYouMean(basename(path), names) ?? 'check the path',
    cause,
  );
}

async function* bytesOf(stream: Readable, file: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream)
      yield typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EACCES')
      inputFailure('PERMISSION_DENIED', file, 'may not be read', 'give yourself the right to read it', cause);
    inputFailure('BAD_DATA', file, `cannot be read: ${message}`, 'check the file and try again', cause);
  }
}

/** Throws what is wrong with an input. */
export function inputFailure(
  code: 'BAD_DATA' | 'NOT_FOUND' | 'PERMISSION_DENIED' | 'UNSUPPORTED',
  file: string,
  what: string,
  hint: string,
  cause?: unknown,
): never {
  throw new PhantomNetError(code, `${show(file)} ${what}`, {
    hint,
    details: { file },
    ...(cause === undefined ? {} : { cause }),
  });
}
