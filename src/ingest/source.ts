import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import type { Readable } from 'node:stream';
import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { ByteWindow } from './byte-window.js';
import { gunzip, isGzip } from './gunzip.js';
import type { TableFormat } from './table-sources.js';

/** A format events are read from. */
export type EventFormat = 'csv' | 'jsonl' | 'parquet';

/** A format any input is read from: events, or the rows of a labelled table. */
export type InputFormat = EventFormat | TableFormat;

/** Where events come from: a path, `-` for standard input, or any stream of bytes. */
export type EventSource = string | Readable;

/** An input whose first bytes were looked at. */
export interface OpenSource<Format extends InputFormat = EventFormat> {
  /** The input's name in events and messages. */
  readonly file: string;
  readonly format: Format;
  readonly window: ByteWindow;
}

const EXTENSIONS: ReadonlyMap<string, EventFormat> = new Map([
  ['.csv', 'csv'],
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.json', 'jsonl'],
  ['.parquet', 'parquet'],
]);

const FIRST_BYTES = 4096;

/**
 * Opens an input and settles its format: the one asked for, else by its first bytes, else by its extension, else CSV.
 * What starts as gzip does is expanded, whatever its name.
 */
export async function openSource<Format extends InputFormat = EventFormat>(
  source: EventSource,
  asked: Format | undefined,
): Promise<OpenSource<Format | EventFormat>> {
  const file = typeof source === 'string' ? source : '-';
  const stream =
    source === '-' ? process.stdin : typeof source === 'string' ? await openFile(source) : source;
  let window = new ByteWindow(bytesOf(stream, file));
  try {
    await window.fill(FIRST_BYTES);
    const isCompressed = isGzip(window.bytes);
    if (isCompressed) {
      window = new ByteWindow(gunzip(window, file));
      await window.fill(FIRST_BYTES);
    }
    const format = settleFormat(window.bytes, file, asked);
    if (format === 'parquet' && file === '-')
      fail('UNSUPPORTED', file, 'Parquet cannot be read from a stream', 'give the path of a Parquet file');
    if (format === 'parquet' && isCompressed)
      fail('UNSUPPORTED', file, 'is Parquet inside gzip', 'unpack it first: Parquet is compressed inside');
    return { file, format, window };
  } catch (error) {
    await window.close();
    throw error;
  }
}

async function openFile(path: string): Promise<Readable> {
  const facts = await stat(path).catch((cause: NodeJS.ErrnoException) => missingFile(path, cause));
  if (facts.isDirectory()) fail('BAD_DATA', path, 'is a folder', 'name one file of it');
  return createReadStream(path);
}

async function missingFile(path: string, cause: NodeJS.ErrnoException): Promise<never> {
  if (cause.code === 'EACCES')
    fail('PERMISSION_DENIED', path, 'may not be read', 'give yourself the right to read it', cause);
  const names = await readdir(dirname(path)).catch(() => []);
  fail('NOT_FOUND', path, 'does not exist', didYouMean(basename(path), names) ?? 'check the path', cause);
}

async function* bytesOf(stream: Readable, file: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream)
      yield typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EACCES')
      fail('PERMISSION_DENIED', file, 'may not be read', 'give yourself the right to read it', cause);
    fail('BAD_DATA', file, `cannot be read: ${message}`, 'check the file and try again', cause);
  }
}

function settleFormat<Format extends InputFormat>(
  bytes: Buffer,
  file: string,
  asked: Format | undefined,
): Format | EventFormat {
  if (bytes.length === 0)
    fail('BAD_DATA', file, 'is empty', 'give a file with a header and at least one row');
  const isParquet = bytes.subarray(0, 4).toString('latin1') === 'PAR1';
  if (isParquet !== (asked === 'parquet') && asked !== undefined)
    fail(
      'BAD_DATA',
      file,
      `is ${isParquet ? '' : 'no '}Parquet, though the format asked for is ${asked}`,
      'leave the format out, or name the right one',
    );
  if (isParquet) return 'parquet';
  refuseOtherKinds(bytes, file);
  if (asked !== undefined) return asked;
  const first = bytes
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()[0];
  if (first === '[') fail('BAD_DATA', file, 'holds a JSON array', 'write one JSON object a line');
  if (first === '{') return 'jsonl';
  const byName = EXTENSIONS.get(extname(file.replace(/\.gz$/i, '')).toLowerCase()) ?? 'csv';
  if (byName === 'parquet')
    fail(
      'BAD_DATA',
      file,
      'is no Parquet file, though its name says so',
      'name the format, or check the file',
    );
  return byName;
}

function refuseOtherKinds(bytes: Buffer, file: string): void {
  const start = bytes.subarray(0, 2).toString('hex');
  if (start === '1f8b')
    fail(
      'BAD_DATA',
      file,
      'is compressed with gzip twice',
      'unpack it once: gunzip -c file | phantomnet … -',
    );
  if (start === 'fffe' || start === 'feff') fail('BAD_DATA', file, 'is UTF-16 text', 'save it as UTF-8');
}

function fail(
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
