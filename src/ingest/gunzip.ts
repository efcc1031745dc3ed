import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PhantomNetError, show } from '../core/index.js';
import type { ByteWindow } from './byte-window.js';

/** How much a compressed input may hold. */
export interface ExpansionLimits {
  /** Most bytes it may expand to. */
  readonly maxBytes: number;
  /** Most bytes it may expand to for one of its own, once it has expanded to `freeBytes`. */
  readonly maxRatio: number;
  readonly freeBytes: number;
}

/** Logs compress to a tenth or a thirtieth; gzip can reach a thousandth, of bytes that are all the same. */
export const EXPANSION_LIMITS: ExpansionLimits = {
  maxBytes: 2 ** 36,
  maxRatio: 200,
  freeBytes: 2 ** 26,
};

/** Returns whether bytes start as gzip does. */
export function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Yields what a gzip input expands to, in constant memory. Throws BAD_DATA for damaged or cut bytes and, as soon as it is
 * reached, beyond a limit: a few bytes can expand to more than a disk holds.
 */
export async function* gunzip(
  window: ByteWindow,
  file: string,
  limits: ExpansionLimits = EXPANSION_LIMITS,
): AsyncGenerator<Buffer> {
  const size = { read: 0, expanded: 0 };
  const expanding = createGunzip();
  // An error of either reaches the loop below, which is where it is told.
  pipeline(Readable.from(counted(window, size), { objectMode: false }), expanding, () => undefined);
  try {
    for await (const chunk of expanding as AsyncIterable<Buffer>) {
      size.expanded += chunk.length;
      checkSize(size, file, limits);
      yield chunk;
    }
  } catch (error) {
    throw isZlibError(error) ? damaged(file, error) : error;
  }
}

/** Yields the rest of a window and counts its bytes. */
export async function* counted(window: ByteWindow, size: { read: number }): AsyncGenerator<Buffer> {
  for await (const chunk of window.rest()) {
    size.read += chunk.length;
    yield chunk;
  }
}

/** Throws BAD_DATA once what was expanded is beyond a limit. */
export function checkSize(
  { read, expanded }: { readonly read: number; readonly expanded: number },
  file: string,
  { maxBytes, maxRatio, freeBytes }: ExpansionLimits,
): void {
  const isTooDense = expanded > freeBytes && expanded > maxRatio * read;
  if (!isTooDense && expanded <= maxBytes) return;
  const limit = isTooDense ? `${maxRatio} bytes for each of its own` : `${maxBytes} bytes`;
  throw broken(file, `expands to more than ${limit}`, {
    hint: 'if you trust the file, expand it yourself, and give the program what comes out',
    details: { compressedBytes: read, expandedBytes: expanded },
  });
}

/** Returns what tells that an input cannot be expanded further: it is damaged or cut, or it is beyond a limit. */
export function broken(
  file: string,
  what: string,
  { hint, details, cause }: { readonly hint: string; readonly details?: object; readonly cause?: unknown },
): PhantomNetError {
  return new PhantomNetError('BAD_DATA', `${show(file)} ${what}`, {
    hint,
    details: { file, ...details, broken: what },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Returns whether an error is one that `broken` made. */
export function isBroken(error: unknown): error is PhantomNetError {
  return error instanceof PhantomNetError && error.details['broken'] !== undefined;
}

/** Returns what such an error says of its file, such as `ends inside its gzip data`. */
export function whatIsBroken(error: PhantomNetError | undefined): string | undefined {
  return error?.details['broken'] as string | undefined;
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && /^Z_/.test(String((error as NodeJS.ErrnoException).code));
}

function damaged(file: string, cause: NodeJS.ErrnoException): PhantomNetError {
  const what = cause.code === 'Z_BUF_ERROR' ? 'ends inside its gzip data' : 'holds damaged gzip data';
  return broken(file, what, {
    cause,
    hint: 'fetch or copy the file again: gzip -t tells whether it is whole',
  });
}
