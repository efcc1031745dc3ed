import type { FileHandle } from 'node:fs/promises';

/** Large enough that the disk and the network, not the calls, set the pace. */
const CHUNK_SIZE_BYTES = 1024 * 1024;
/** Chunks of one write at most: of a chunk of a few bytes more is held than its bytes. */
const MAX_PIECES = 256;
const MAX_SPARE = 8;
/** How much is written before it is sent to the disk, so that the caller's fsync at the end finds little left to do. */
const BYTES_TO_DISK = 8 * CHUNK_SIZE_BYTES;

/** Buffers are used again: a new one for each megabyte would be memory that waits to be collected. */
const spare: Buffer[] = [];

/**
 * Writes chunks to a file, about a megabyte at a time, as they came and without copying them; while one lot is written
 * the next is gathered, and what was written before goes to the disk. Holds two lots at most, however small or many the
 * chunks are. Throws what the chunks or the file throw, after all it began has ended. The end of a large file, and all of
 * a small one, is not on the disk before the caller's own fsync.
 */
export async function writeChunks(file: FileHandle, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  let writtenBytes = 0;
  let writing: Promise<void> | undefined;
  let syncing: Promise<void> | undefined;
  let isSynced = true;
  const sync = async () => {
    isSynced = false;
    await file.datasync();
    isSynced = true;
  };
  const flush = async () => {
    await writing;
    // After one that failed there is none, and the failure is thrown at the end.
    if (writtenBytes >= BYTES_TO_DISK && isSynced) {
      writtenBytes = 0;
      syncing = quietly(sync());
    }
    writing = quietly(writeWhole(file, gathered));
    writtenBytes += gatheredBytes;
    gathered = [];
    gatheredBytes = 0;
  };
  try {
    for await (const chunk of chunks) {
      gathered.push(chunk);
      gatheredBytes += chunk.length;
      if (gatheredBytes >= CHUNK_SIZE_BYTES || gathered.length === MAX_PIECES) await flush();
    }
    if (gatheredBytes > 0) await flush();
    await writing;
    await syncing;
  } finally {
    await Promise.allSettled([writing, syncing]);
  }
}

/**
 * Gives the bytes of a file from `startByte` up to, not including, `endByte`, and reads ahead by one chunk. A chunk is
 * valid until the next is asked for. Ends early where the file does.
 */
export async function* readChunks(
  file: FileHandle,
  startByte: number,
  endByte: number,
): AsyncGenerator<Uint8Array> {
  if (startByte >= endByte) return;
  const buffers = [takeBuffer(), takeBuffer()] as const;
  const read = (turn: number, from: number) => {
    const buffer = buffers[turn % 2 === 0 ? 0 : 1];
    const length = Math.min(CHUNK_SIZE_BYTES, endByte - from);
    return quietly(file.read(buffer, 0, length, from).then(({ bytesRead }) => buffer.subarray(0, bytesRead)));
  };
  let reading = read(0, startByte);
  try {
    for (let turn = 0, position = startByte; position < endByte; turn++) {
      const chunk = await reading;
      if (chunk.length === 0) return;
      position += chunk.length;
      if (position < endByte) reading = read(turn + 1, position);
      yield chunk;
    }
  } finally {
    await reading.catch(() => undefined);
    for (const buffer of buffers) giveBack(buffer);
  }
}

/** A write may take fewer bytes than it is given. */
async function writeWhole(file: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  let left = pieces;
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left);
    const next = left.findIndex((piece) => {
      if (bytesWritten < piece.length) return true;
      bytesWritten -= piece.length;
      return false;
    });
    left = next === -1 ? [] : [left[next]!.subarray(bytesWritten), ...left.slice(next + 1)];
  }
}

/** A promise whose failure is looked at later is no unhandled one. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function takeBuffer(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_SIZE_BYTES);
}

function giveBack(buffer: Buffer): void {
  if (spare.length < MAX_SPARE) spare.push(buffer);
}
