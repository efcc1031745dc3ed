import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ByteWindow } from '#src/ingest/byte-window.js';
import { isZstd, unzstd } from '#src/ingest/unzstd.js';
import { expectCode } from '../../contract/expect-code.js';

/** "hello\nworld\n" as zstd 1.5 writes it, with its checksum, in one block that is not compressed. */
const HELLO = Buffer.from('28b52ffd045861000068656c6c6f0a776f726c640ab50e8717', 'hex');
/** 300 lines "line N of 300\n" by `zstd -19`, frozen. */
const LINES = Buffer.from(
  'KLUv/QRolQ0ANnJaErBXWgx9BDFJEJHd3TttRRwOBGIATgBOAHZ1dHNycZ8X7sysjGxMLGzTgl1ZVVFNSUVdVqgjoyKiIaGgSQp0Y1NDMyMT8zhhTkxKSEZEQhYlyIVFBcWERMRhhLjtmp7l+D18miU5iuFq8KxoJBYghAgYOAgIAQIGBAUBDilkkJOSgbzRxhppnFHGGB8dw3iiiSWSOKKIIS4qBvFCCyukcEIJIzw0DOGtbS3trGzs64Y9NS0lHRUNXdWgF7RgBSk4QQlG8KDBELwLHxuH+N6+nn5ePv73w5+bl5OPi4fvevALW7jCFJ6whCN82HAI32lnnXTOKWecn57hPNPMMskcU8wwNzWDeaWVVVI5pZRRXlqG8kgjiyQKd9tdN91zyx33t3e4zza7bLLHFjvsbe1gX2111VRPLXXU19ahPtroookeWuigp6UDfbPNNdM8s8wxPzuH+WSTSyZ5ZJFDXlYO8sUWV0zxxBJHBIEsqBEwUH4/A+HPAREkBAnB/Pn//1//3//X//1/77//9/f7/0anCSEEIQohhCCEEEIQQhBCEEIIIR5x1lprrbVOaw2gqgIiTfPp',
  'base64',
);
const MAGIC = Buffer.from('28b52ffd', 'hex');

async function expand(bytes: Buffer, limits?: Parameters<typeof unzstd>[2], chunkBytes = 7): Promise<Buffer> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, i) =>
    bytes.subarray(i * chunkBytes, (i + 1) * chunkBytes),
  );
  const window = new ByteWindow(Readable.from(chunks));
  await window.fill(10);
  const parts: Buffer[] = [];
  for await (const part of unzstd(window, 'x.zst', limits)) parts.push(part);
  return Buffer.concat(parts);
}

const message = async (bytes: Buffer, limits?: Parameters<typeof unzstd>[2]) =>
  (await expectCode(expand(bytes, limits, 4096), 'BAD_DATA')).message;

/** A frame with this window, in bits of RFC 8878, and these blocks. */
function frame(windowByte: number, blocks: readonly Buffer[]): Buffer {
  return Buffer.concat([MAGIC, Buffer.from([0, windowByte]), ...blocks]);
}

/** A block of one byte, over and over. */
function runBlock(count: number, place: 'inside' | 'last'): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE((count << 3) | (1 << 1) | (place === 'last' ? 1 : 0), 0, 3);
  head[3] = 65;
  return head;
}

describe('a zstd input', () => {
  it('is what zstd made it of, however it comes in pieces', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `line ${i} of 300\n`).join('');
    for (const chunkBytes of [1, 3, 64, 4096]) {
      expect((await expand(HELLO, undefined, chunkBytes)).toString()).toBe('hello\nworld\n');
      expect((await expand(LINES, undefined, chunkBytes)).toString()).toBe(lines);
    }
    expect(isZstd(HELLO)).toBe(true);
    expect(isZstd(Buffer.from('{}'))).toBe(false);
  });

  it('may be several frames, with some to be skipped', async () => {
    const skippable = Buffer.from('502a4d1803000000ffffff', 'hex');
    const text = await expand(Buffer.concat([HELLO, skippable, HELLO, LINES.subarray(0, 0), HELLO]));
    expect(text.toString()).toBe('hello\nworld\n'.repeat(3));
  });

  it('is told where it is cut or damaged', async () => {
    for (const at of [3, 5, 10, HELLO.length - 5, HELLO.length - 1])
      expect(await message(HELLO.subarray(0, at))).toBe('"x.zst" ends inside its zstd data');
    for (const at of [20, LINES.length - 1])
      expect(await message(LINES.subarray(0, at))).toBe('"x.zst" ends inside its zstd data');
    expect(await message(Buffer.concat([HELLO, Buffer.from('trailing words')]))).toBe(
      '"x.zst" holds damaged zstd data',
    );
    expect(await message(frame(0x58, [Buffer.from([7, 0, 0])]))).toBe('"x.zst" holds damaged zstd data');
  });

  it('stops beyond a ratio and beyond a size', async () => {
    const bomb = frame(
      0x58,
      Array.from({ length: 2000 }, () => runBlock(2 ** 17 - 1, 'inside')),
    );
    expect(await message(bomb)).toBe('"x.zst" expands to more than 200 bytes for each of its own');
    const limits = { maxBytes: 100_000, maxRatio: 1e9, freeBytes: 1e9 };
    expect(await message(bomb, limits)).toBe('"x.zst" expands to more than 100000 bytes');
  });

  it('makes no window larger than zstd itself would, whatever a header asks for', async () => {
    // 2^(10 + 20) bytes in two of the header, and eight bytes of size in one frame alone.
    const wide = '"x.zst" asks for a window of more than 128 MiB to expand it';
    expect(await message(frame(20 << 3, [runBlock(1, 'last')]))).toBe(wide);
    const single = Buffer.concat([MAGIC, Buffer.from([0xe0]), Buffer.alloc(8, 0x7f), runBlock(1, 'last')]);
    expect(await message(single)).toBe(wide);
    expect((await expand(frame(17 << 3, [runBlock(3, 'last')]))).toString()).toBe('AAA');
  });

  it('is not moved about for ever: many blocks of nothing in a wide window', async () => {
    const slow = frame(
      17 << 3,
      Array.from({ length: 100_000 }, () => runBlock(1, 'inside')),
    );
    expect(await message(slow)).toBe('"x.zst" holds damaged zstd data');
  });
});
