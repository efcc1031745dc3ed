import { Decompress } from 'fzstd';
import { PhantomNetError, show } from '../core/index.js';
import type { ByteWindow } from './byte-window.js';
import { checkSize, counted, EXPANSION_LIMITS, type ExpansionLimits } from './gunzip.js';

/** Returns whether bytes start as zstd does. */
export function isZstd(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528;
}

/** Most bytes that are handed over at once: what they expand to is held until it is taken. */
const STEP_BYTES = 65_536;

/** Yields what a zstd input expands to. Throws BAD_DATA for damaged or cut bytes and beyond a limit, as `gunzip` does. */
export async function* unzstd(
  window: ByteWindow,
  file: string,
  limits: ExpansionLimits = EXPANSION_LIMITS,
): AsyncGenerator<Buffer> {
  const size = { read: 0, expanded: 0 };
  const pending: Buffer[] = [];
  const expanding = new Decompress((chunk) => {
    size.expanded += chunk.length;
    checkSize(size, file, limits);
    if (chunk.length > 0) pending.push(Buffer.from(chunk));
  });
  for await (const chunk of counted(window, size)) {
    for (let at = 0; at < chunk.length; at += STEP_BYTES) {
      push(expanding, chunk.subarray(at, at + STEP_BYTES), file);
      yield* pending.splice(0);
    }
  }
  push(expanding, new Uint8Array(0), file, 'last');
  yield* pending;
}

function push(expanding: Decompress, bytes: Uint8Array, file: string, place?: 'last'): void {
  try {
    expanding.push(bytes, place === 'last');
  } catch (cause) {
    if (cause instanceof PhantomNetError) throw cause;
    const cut = place === 'last' ? 'ends inside its zstd data' : 'holds damaged zstd data';
    throw new PhantomNetError('BAD_DATA', `${show(file)} ${cut}`, {
      cause,
      hint: 'fetch or copy the file again: zstd -t tells whether it is whole',
      details: { file },
    });
  }
}
