import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWindow } from '#src/ingest/byte-window.js';
import { type ChunkSizes, lineChunks } from '#src/ingest/logs/line-chunks.js';

/** Cuts bytes into pieces of these lengths, over and over. */
function pieces(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; at += lengths[i++ % lengths.length]!)
    parts.push(bytes.subarray(at, at + lengths[i % lengths.length]!));
  return parts;
}

async function chunksOf(bytes: Buffer, sizes: ChunkSizes, lengths: readonly number[] = [bytes.length || 1]) {
  const found = [];
  for await (const chunk of lineChunks(new ByteWindow(Readable.from(pieces(bytes, lengths))), sizes))
    found.push({ ...chunk, text: chunk.bytes.toString('latin1') });
  return found;
}

/** Every line with its number, and the numbers of those left out. */
async function linesOf(bytes: Buffer, sizes: ChunkSizes, lengths?: readonly number[]) {
  const chunks = await chunksOf(bytes, sizes, lengths);
  const lines = new Map<number, string>();
  for (const { text, firstLine, nLines } of chunks) {
    const own = text.replace(/\n$/, '').split('\n');
    if (text !== '') expect(own).toHaveLength(nLines);
    if (text !== '') for (const [i, line] of own.entries()) lines.set(firstLine + i, line);
  }
  return {
    lines: [...lines],
    tooLong: chunks.flatMap(({ lost }) => lost.map(({ line }) => line)),
    isCut: chunks.at(-1)?.isCut,
  };
}

describe('lineChunks', () => {
  it('gives the same lines however the input comes in pieces, and forgets those that are too long', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '"', '\r', '\0'), maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.record({
          chunkBytes: fc.integer({ min: 1, max: 40 }),
          maxLineBytes: fc.integer({ min: 1, max: 60 }),
        }),
        async (lines, lengths, sizes) => {
          const bytes = Buffer.from(lines.join('\n'));
          // An input that ends with a line break has no line after it.
          const whole = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
          const { lines: read, tooLong, isCut } = await linesOf(bytes, sizes, lengths);
          const expected = whole.map((text, i) => [i + 1, Buffer.from(text).toString('latin1')] as const);
          const isLong = (text: string) => text.length > Math.max(sizes.maxLineBytes, sizes.chunkBytes);
          // A chunk may hold a line that is longer than is allowed: whoever reads it tells.
          const kept = new Set(read.map(([number]) => number));
          expect(read).toEqual(expected.filter(([number]) => kept.has(number)));
          expect(tooLong).toEqual(expected.map(([n]) => n).filter((n) => !kept.has(n)));
          expect(expected.filter(([n, text]) => isLong(text) && kept.has(n))).toEqual([]);
          expect(tooLong.every((n) => expected[n - 1]![1].length > sizes.maxLineBytes)).toBe(true);
          if (read.length > 0 && tooLong.at(-1) !== whole.length) expect(isCut).toBe(lines.at(-1) !== '');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps a line of exactly the longest length, and names one that is a byte longer', async () => {
    const sizes = { chunkBytes: 4, maxLineBytes: 10 };
    const bytes = Buffer.from(`${'a'.repeat(10)}\n${'b'.repeat(11)}\nc\n${'d'.repeat(10)}`);
    const { lines, tooLong } = await linesOf(bytes, sizes);
    expect(lines).toEqual([
      [1, 'a'.repeat(10)],
      [3, 'c'],
      [4, 'd'.repeat(10)],
    ]);
    expect(tooLong).toEqual([2]);
    expect(await linesOf(Buffer.from('e'.repeat(11)), sizes)).toEqual({
      lines: [],
      tooLong: [1],
      isCut: false,
    });
  });

  it('gives no chunk of nothing', async () => {
    expect(await chunksOf(Buffer.alloc(0), { chunkBytes: 4, maxLineBytes: 4 })).toEqual([]);
  });

  it('counts blank lines, and says whether the last line has its end', async () => {
    const sizes = { chunkBytes: 100, maxLineBytes: 100 };
    const [whole] = await chunksOf(Buffer.from('a\n\nb\n'), sizes);
    expect([whole!.nLines, whole!.isCut]).toEqual([3, false]);
    const cut = await chunksOf(Buffer.from('a\n\nb'), sizes);
    expect(cut.map(({ nLines, isCut }) => [nLines, isCut])).toEqual([
      [2, false],
      [1, true],
    ]);
  });
});
