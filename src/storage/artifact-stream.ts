import type { FileHandle } from 'node:fs/promises';

/** Large enough that the disk and the network, not the calls, set the pace. */
const CHUNK_SIZE_BYTES = 1024 * 1024;
const MAX_SPARE = 8;

/** Buffers are used again: a new one for each megabyte would be memory that waits to be collected. */
const spare: Buffer[] = [];

/**
 * Writes chunks to a file in pieces of a megabyte; while one is written the next is filled. Holds at most two, however
 * small or many the chunks are. Throws what the chunks or the file throw, after the last write has ended.
 */
export async function writeChunks(file: FileHandle, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  let filling = takeBuffer();
  let filledBytes = 0;
  let writing: Promise<Buffer> | undefined;
  const flush = async () => {
    const written = await writing;
    writing = quietly(writeWhole(file, filling, filledBytes));
    filling = written ?? takeBuffer();
    filledBytes = 0;
  };
  try {
    for await (const chunk of chunks) {
      for (let from = 0; from < chunk.length; ) {
        const take = Math.min(chunk.length - from, CHUNK_SIZE_BYTES - filledBytes);
        filling.set(chunk.subarray(from, from + take), filledBytes);
        from += take;
        filledBytes += take;
        if (filledBytes === CHUNK_SIZE_BYTES) await flush();
      }
    }
    if (filledBytes > 0) await flush();
    await writing;
  } finally {
    const written = await writing?.catch(() => undefined);
    giveBack(filling);
    if (written !== undefined) giveBack(written);
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
async function writeWhole(file: FileHandle, buffer: Buffer, sizeBytes: number): Promise<Buffer> {
  for (let from = 0; from < sizeBytes; ) {
    from += (await file.write(buffer, from, sizeBytes - from)).bytesWritten;
  }
  return buffer;
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
