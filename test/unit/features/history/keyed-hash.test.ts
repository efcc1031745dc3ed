import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import { KeyedHash } from '#src/features/history/keyed-hash.js';

interface Rounds {
  readonly compression: number;
  readonly final: number;
}

/** HalfSipHash with 64 bits of output, byte by byte as its authors describe it. Returns 16 hex digits. */
function halfSipHash(message: Buffer, [k0, k1]: readonly [number, number], rounds: Rounds): string {
  const v = Uint32Array.of(k0, k1 ^ 0xee, k0 ^ 0x6c796765, k1 ^ 0x74656462);
  const rotate = (i: number, bits: number) => {
    v[i] = (v[i]! << bits) | (v[i]! >>> (32 - bits));
  };
  const mix = (a: number, b: number, bits: number) => {
    v[a]! += v[b]!;
    rotate(b, bits);
    v[b]! ^= v[a]!;
  };
  const round = (times: number) => {
    for (let i = 0; i < times; i++) {
      mix(0, 1, 5);
      rotate(0, 16);
      mix(2, 3, 8);
      mix(0, 3, 7);
      mix(2, 1, 13);
      rotate(2, 16);
    }
  };
  const padded = Buffer.alloc(4 * (Math.floor(message.length / 4) + 1));
  message.copy(padded);
  padded[padded.length - 1] = message.length;
  for (let at = 0; at < padded.length; at += 4) {
    v[3]! ^= padded.readUInt32LE(at);
    round(rounds.compression);
    v[0]! ^= padded.readUInt32LE(at);
  }
  const out = Buffer.alloc(8);
  v[2]! ^= 0xee;
  round(rounds.final);
  out.writeUInt32LE((v[1]! ^ v[3]!) >>> 0, 0);
  v[1]! ^= 0xdd;
  round(rounds.final);
  out.writeUInt32LE((v[1]! ^ v[3]!) >>> 0, 4);
  return out.toString('hex');
}

const keyOf = (seed: number): [number, number] => {
  const random = new Xoshiro128(seed);
  return [random.nextUint32(), random.nextUint32()];
};

function hashed(hash: KeyedHash): string {
  const out = Buffer.alloc(8);
  out.writeUInt32LE(hash.low, 0);
  out.writeUInt32LE(hash.high, 4);
  return out.toString('hex');
}

describe('the keyed hash', () => {
  it('is checked against a HalfSipHash that gives the published values of its authors', () => {
    const bytes = Buffer.from(Array.from({ length: 12 }, (_, i) => i));
    const key = [0x03020100, 0x07060504] as const;
    const published: readonly (readonly [number, string])[] = [
      [0, '218d1f59b9b83cc8'],
      [1, 'be552412f8387315'],
      [2, '064f39ef7c50eb57'],
      [4, 'd5e78a175be52ea1'],
      [8, 'edfee820bce4858c'],
      [11, 'ae26333994ddcd48'],
    ];
    for (const [length, digits] of published)
      expect(halfSipHash(bytes.subarray(0, length), key, { compression: 2, final: 4 })).toBe(digits);
  });

  it.each(['', 'a', 'ab', 'abc', '192.0.2.1', 'ü€\ud800', 'x'.repeat(1001)])(
    'is HalfSipHash-1-3 of %j',
    (text) => {
      for (const seed of [0, 42, 2 ** 32 - 1]) {
        const hash = new KeyedHash(seed);
        hash.hash(text);
        expect(hashed(hash)).toBe(
          halfSipHash(Buffer.from(text, 'utf16le'), keyOf(seed), { compression: 1, final: 3 }),
        );
      }
    },
  );

  it('is another one with a tweak, and with another seed', () => {
    const hash = new KeyedHash(1);
    const [k0, k1] = keyOf(1);
    hash.hash('s1', 5, 7);
    const tweaked = hashed(hash);
    expect(tweaked).toBe(
      halfSipHash(Buffer.from('s1', 'utf16le'), [k0 ^ 5, k1 ^ 7], { compression: 1, final: 3 }),
    );
    hash.hash('s1');
    expect(hashed(hash)).not.toBe(tweaked);
  });
});
