import type { ByteWindow } from './byte-window.js';

/** What keeps zstd data from being read. */
export type ZstdFault = 'cut' | 'damaged' | 'window';

/** Some bytes of zstd data: a frame's header or checksum, or one block. */
interface ZstdPiece {
  readonly bytes: Buffer;
  /** Bytes the expander keeps at hand, and moves for each block. */
  readonly windowBytes: number;
}

/** The largest window that zstd itself takes without being told to. */
const MAX_WINDOW_BYTES = 2 ** 27;
const MAX_BLOCK_BYTES = 2 ** 17;
const MAX_HEADER_BYTES = 18;
const FRAME = 0xfd2fb528;
const RLE = 1;
const RESERVED = 3;

/**
 * Yields zstd data frame by frame and block by block, skippable frames left out, so that its expander never holds more
 * than one block expands to (RFC 8878, section 3.1). Calls `fail` for what is cut or damaged, and for a window that is
 * larger than zstd itself takes: the expander makes it before the first block is there.
 */
export async function* zstdBlocks(
  window: ByteWindow,
  fail: (fault: ZstdFault) => never,
): AsyncGenerator<ZstdPiece> {
  for (;;) {
    await window.fill(MAX_HEADER_BYTES);
    if (window.bytes.length === 0) return;
    if (window.bytes.length < 8) fail('cut');
    if (window.bytes.readUInt32LE(0) >>> 4 === 0x184d2a5) {
      await skip(window, 8 + window.bytes.readUInt32LE(4), fail);
      continue;
    }
    if (window.bytes.readUInt32LE(0) !== FRAME) fail('damaged');
    const { headerBytes, windowBytes, hasChecksum } = frameOf(window.bytes);
    if (windowBytes > MAX_WINDOW_BYTES) fail('window');
    yield { bytes: await taken(window, headerBytes, fail), windowBytes: 0 };
    for (let isLast = false; !isLast; ) {
      await window.fill(3);
      if (window.bytes.length < 3) fail('cut');
      const head = window.bytes.readUIntLE(0, 3);
      isLast = (head & 1) === 1;
      const type = (head >> 1) & 3;
      const sizeBytes = head >> 3;
      if (type === RESERVED || sizeBytes > MAX_BLOCK_BYTES) fail('damaged');
      yield { bytes: await taken(window, 3 + (type === RLE ? 1 : sizeBytes), fail), windowBytes };
    }
    if (hasChecksum) yield { bytes: await taken(window, 4, fail), windowBytes: 0 };
  }
}

/** Returns what the header of a frame says; `bytes` may lack its end. */
function frameOf(bytes: Buffer) {
  const flags = bytes[4]!;
  const isSingle = (flags & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3]!;
  const sizeBytes = flags >> 6 === 0 ? (isSingle ? 1 : 0) : 1 << (flags >> 6);
  const sizeAt = 5 + (isSingle ? 0 : 1) + dictionaryBytes;
  const base = 2 ** (10 + (bytes[5]! >> 3));
  let windowBytes = base + (base / 8) * (bytes[5]! & 7);
  if (isSingle) {
    windowBytes = sizeBytes === 2 ? 256 : 0;
    for (let i = 0; i < sizeBytes; i++) windowBytes += (bytes[sizeAt + i] ?? 0) * 2 ** (8 * i);
  }
  return { headerBytes: sizeAt + sizeBytes, windowBytes, hasChecksum: (flags & 4) !== 0 };
}

async function taken(window: ByteWindow, count: number, fail: (fault: ZstdFault) => never): Promise<Buffer> {
  await window.fill(count);
  if (window.bytes.length < count) fail('cut');
  const bytes = window.bytes.subarray(0, count);
  window.take(count);
  return bytes;
}

async function skip(window: ByteWindow, count: number, fail: (fault: ZstdFault) => never): Promise<void> {
  for (let left = count; left > 0; ) {
    await window.fill(1);
    if (window.bytes.length === 0) fail('cut');
    const step = Math.min(left, window.bytes.length);
    window.take(step);
    left -= step;
  }
}
