import { isAscii } from 'node:buffer';
import type { DuckDBDataChunk } from '@duckdb/node-api';

/** What a vector has for each text: its length, then its bytes where they fit, otherwise the first four and their address. */
const ENTRY = { bytes: 16, words: 4, textAt: 4, addressAt: 8 } as const;
const MAX_BYTES_INSIDE = 12;
/** Most bytes that are looked at together; a longer text is looked at by itself. */
const MAX_RUN_BYTES = 2 ** 22;

/** Reads columns of a chunk that hold no null. */
export interface ColumnReader {
  texts(chunk: DuckDBDataChunk, column: number): string[];
  /** Doubles, which are gone with the chunk. */
  doubles(chunk: DuckDBDataChunk, column: number): Float64Array;
}

/**
 * Returns what reads columns. The driver fetches each value by itself, which takes longer than all else that is done with it;
 * texts that stand one behind the other in memory, as what a query makes of several does, are fetched together here.
 */
export async function columnReader(): Promise<ColumnReader> {
  const { default: driver } = await import('@duckdb/node-bindings');
  const dataOf = (chunk: DuckDBDataChunk, column: number, itemBytes: number) => {
    const vector = driver.data_chunk_get_vector(chunk.chunk, column);
    const { buffer, byteOffset } = driver.vector_get_data(vector, chunk.rowCount * itemBytes);
    return { memory: buffer as ArrayBuffer, byteOffset };
  };
  return {
    doubles(chunk, column) {
      const { memory, byteOffset } = dataOf(chunk, column, Float64Array.BYTES_PER_ELEMENT);
      return new Float64Array(memory, byteOffset, chunk.rowCount);
    },
    texts(chunk, column) {
      const n = chunk.rowCount;
      const { memory, byteOffset } = dataOf(chunk, column, ENTRY.bytes);
      const entries = new Uint32Array(memory, byteOffset, n * ENTRY.words);
      const texts: string[] = [];
      while (texts.length < n) {
        const at = byteOffset + texts.length * ENTRY.bytes;
        const length = entries[texts.length * ENTRY.words]!;
        if (length <= MAX_BYTES_INSIDE) {
          texts.push(Buffer.from(memory, at + ENTRY.textAt, length).toString());
          continue;
        }
        const run = runFrom(entries, texts.length, n);
        const bytes = driver.get_data_from_pointer(memory, at + ENTRY.addressAt, run.at(-1)!);
        pushTexts(texts, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), run);
      }
      return texts;
    },
  };
}

/** Returns where the texts end that begin with one and stand behind it without a gap, counted from its first byte. */
function runFrom(entries: Uint32Array, first: number, n: number): number[] {
  const word = (text: number, at: number): number => entries[text * ENTRY.words + at]!;
  const [low, high] = [2, 3];
  const start = word(first, low);
  const ends = [word(first, 0)];
  for (let text = first + 1; text < n; text++) {
    const from = ends.at(-1)!;
    const length = word(text, 0);
    if (length <= MAX_BYTES_INSIDE || from + length > MAX_RUN_BYTES) break;
    if (word(text, high) !== word(first, high) || word(text, low) !== start + from) break;
    ends.push(from + length);
  }
  return ends;
}

/** Each text is a string of its own: a part of a common one would keep it whole. */
function pushTexts(texts: string[], bytes: Buffer, ends: readonly number[]): void {
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  let from = 0;
  for (const end of ends) {
    texts.push(bytes.toString(encoding, from, end));
    from = end;
  }
}
