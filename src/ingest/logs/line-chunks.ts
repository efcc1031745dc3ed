import type { ByteWindow } from '../byte-window.js';
import { type LineFault, TOO_LARGE } from './parse-lines.js';

/** Some whole lines of an input. */
export interface LineChunk {
  /** The bytes of the lines, line breaks in between and after, but perhaps not after the last one of the input. */
  readonly bytes: Buffer;
  /** One-based line that `bytes` start with. */
  readonly firstLine: number;
  /** How many lines they are. */
  readonly nLines: number;
  /** The input ended without a line break. */
  readonly isCut: boolean;
  /** Lines before these bytes that were left out: longer than is allowed, or beyond what a file could be expanded to. */
  readonly lost: readonly LineFault[];
}

const LF = 10;

/** How large chunks are, and the longest line. */
export interface ChunkSizes {
  readonly chunkBytes: number;
  readonly maxLineBytes: number;
}

/**
 * Yields an input as chunks of whole lines, in order, in memory that no line can grow: one longer than `maxLineBytes` is
 * forgotten as it comes, and named. `whyBroken`, asked at the end of the input, says why that is not the end of the file; the
 * first line that is missing stands for all of them.
 */
export async function* lineChunks(
  window: ByteWindow,
  sizes: ChunkSizes,
  whyBroken: () => string | undefined = () => undefined,
): AsyncGenerator<LineChunk> {
  const { chunkBytes, maxLineBytes } = sizes;
  let firstLine = 1;
  let lost: LineFault[] = [];
  for (;;) {
    await window.fill(chunkBytes);
    if (window.bytes.length === 0) break;
    const end = window.bytes.subarray(0, chunkBytes).lastIndexOf(LF) + 1;
    if (end === 0 && !(window.atEnd && window.bytes.length <= maxLineBytes)) {
      if (await longLine(window, maxLineBytes)) lost.push({ line: firstLine, ...TOO_LARGE });
      else yield wholeLine(window);
      firstLine++;
      continue;
    }
    const size = end === 0 ? window.bytes.length : end;
    const bytes = window.bytes.subarray(0, size);
    const nLines = countLines(bytes);
    yield { bytes, firstLine, nLines, isCut: bytes.at(-1) !== LF, lost };
    lost = [];
    firstLine += nLines;
    window.take(size);
  }
  const why = whyBroken();
  if (why !== undefined)
    lost.push({ line: firstLine, code: 'broken', reason: `the file ${why}; from here on it was not read` });
  if (lost.length > 0) yield { bytes: Buffer.alloc(0), firstLine, nLines: 0, isCut: false, lost };

  function wholeLine(from: ByteWindow): LineChunk {
    const found = from.bytes.indexOf(LF);
    const size = found < 0 ? from.bytes.length : found + 1;
    const chunk = { bytes: from.bytes.subarray(0, size), firstLine, nLines: 1, isCut: found < 0, lost };
    lost = [];
    from.take(size);
    return chunk;
  }
}

/** Reads on to the end of the line that the window starts with. Returns whether it was too long and is forgotten. */
async function longLine(window: ByteWindow, maxLineBytes: number): Promise<boolean> {
  for (let wanted = window.bytes.length; ; wanted *= 2) {
    await window.fill(Math.min(wanted, maxLineBytes + 1));
    const found = window.bytes.indexOf(LF);
    if (found >= 0 ? found <= maxLineBytes : window.atEnd && window.bytes.length <= maxLineBytes)
      return false;
    if (found < 0 && window.bytes.length <= maxLineBytes) continue;
    await window.skipLine();
    return true;
  }
}

function countLines(bytes: Buffer): number {
  let n = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) n++;
  return bytes.at(-1) === LF ? n : n + 1;
}
