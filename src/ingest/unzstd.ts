import { Decompress } from 'fzstd';
import type { ByteWindow } from './byte-window.js';
import { broken, checkSize, EXPANSION_LIMITS, type ExpansionLimits } from './gunzip.js';
import { type ZstdFault, zstdBlocks } from './zstd-blocks.js';

/** Returns whether bytes start as zstd does. */
export function isZstd(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528;
}

/** The expander moves its window at each block: so many bytes are moved for nothing before it is asked what for. */
const FREE_MOVED_BYTES = 2 ** 34;
/** Most bytes moved for one that comes out, 64 with whole blocks and the usual window of 8 MiB. */
const MAX_MOVED_RATIO = 2048;

const FAULTS: Readonly<Record<ZstdFault, string>> = {
  cut: 'ends inside its zstd data',
  damaged: 'holds damaged zstd data',
  window: 'asks for a window of more than 128 MiB to expand it',
};

/** Yields what a zstd input expands to. Throws BAD_DATA for damaged or cut bytes and beyond a limit, as `gunzip` does. */
export async function* unzstd(
  window: ByteWindow,
  file: string,
  limits: ExpansionLimits = EXPANSION_LIMITS,
): AsyncGenerator<Buffer> {
  const size = { read: 0, expanded: 0 };
  const pending: Buffer[] = [];
  let movedBytes = 0;
  const expanding = new Decompress((chunk) => {
    size.expanded += chunk.length;
    if (chunk.length > 0) pending.push(Buffer.from(chunk));
  });
  const fail = (fault: ZstdFault, cause?: unknown): never => failure(file, fault, cause);
  try {
    for await (const { bytes, windowBytes } of zstdBlocks(window, fail)) {
      size.read += bytes.length;
      movedBytes += windowBytes;
      push(expanding, bytes, fail);
      checkSize(size, file, limits);
      if (movedBytes > FREE_MOVED_BYTES && movedBytes > MAX_MOVED_RATIO * size.expanded) fail('damaged');
      yield* pending.splice(0);
    }
    push(expanding, new Uint8Array(0), fail, 'last');
    yield* pending;
  } finally {
    await window.close();
  }
}

function push(
  expanding: Decompress,
  bytes: Uint8Array,
  fail: (fault: ZstdFault, cause: unknown) => never,
  place?: 'last',
): void {
  try {
    expanding.push(bytes, place === 'last');
  } catch (cause) {
    fail(place === 'last' ? 'cut' : 'damaged', cause);
  }
}

function failure(file: string, fault: ZstdFault, cause: unknown): never {
  const hint =
    fault === 'window'
      ? 'if you trust the file, expand it yourself, and give the program what comes out'
      : 'fetch or copy the file again: zstd -t tells whether it is whole';
  throw broken(file, FAULTS[fault], { hint, cause });
}
