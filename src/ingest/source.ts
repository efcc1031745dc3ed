import { extname } from 'node:path';
import type { ByteWindow } from './byte-window.js';
import { type EventSource, inputFailure as fail, openBytes } from './open-bytes.js';
import type { TableFormat } from './table-sources.js';

/** A format events are read from. */
export type EventFormat = 'csv' | 'jsonl' | 'parquet';

/** A format any input is read from: events, or the rows of a labelled table. */
export type InputFormat = EventFormat | TableFormat;

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

/**
 * Opens an input and settles its format: the one asked for, else by its first bytes, else by its extension, else CSV.
 * What starts as gzip or zstd does is expanded, whatever its name.
 */
export async function openSource<Format extends InputFormat = EventFormat>(
  source: EventSource,
  asked: Format | undefined,
): Promise<OpenSource<Format | EventFormat>> {
  const { file, window, compression } = await openBytes(source);
  try {
    const format = settleFormat(window.bytes, file, asked);
    if (format === 'parquet' && file === '-')
      fail('UNSUPPORTED', file, 'Parquet cannot be read from a stream', 'give the path of a Parquet file');
    if (format === 'parquet' && compression !== null)
      fail(
        'UNSUPPORTED',
        file,
        `is Parquet inside ${compression}`,
        'unpack it first: Parquet is compressed inside',
      );
    return { file, format, window };
  } catch (error) {
    await window.close();
    throw error;
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
