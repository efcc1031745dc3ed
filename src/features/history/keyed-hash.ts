import { Xoshiro128 } from '../../core/index.js';

const COMPRESSION_ROUNDS = 1;
const FINAL_ROUNDS = 3;

/**
 * 64-bit hashes of text under a key drawn from a seed: HalfSipHash-1-3 (Aumasson and Bernstein 2012, with 32-bit words)
 * over UTF-16 code units, little-endian. Who does not know the seed cannot choose texts that collide.
 * A hash is left in `low` and `high`: two words are cheaper in fields than in an object a text.
 */
export class KeyedHash {
  low = 0;
  high = 0;
  private readonly key0: number;
  private readonly key1: number;

  constructor(randomState: number) {
    const random = new Xoshiro128(randomState);
    this.key0 = random.nextUint32() | 0;
    this.key1 = random.nextUint32() | 0;
  }

  /** Leaves the hash of a text in `low` and `high`. A tweak gives another function: texts are apart where tweaks are. */
  hash(text: string, tweakLow = 0, tweakHigh = 0): void {
    const key0 = this.key0 ^ tweakLow;
    const key1 = this.key1 ^ tweakHigh;
    let v0 = key0;
    let v1 = key1 ^ 0xee;
    let v2 = 0x6c796765 ^ key0;
    let v3 = 0x74656462 ^ key1;
    const whole = text.length >>> 1;
    const firstFinal = whole + COMPRESSION_ROUNDS;
    const last = firstFinal + 2 * FINAL_ROUNDS;
    // One loop for words and final rounds, so that the round stands here once.
    for (let step = 0; step < last; step++) {
      let word = 0;
      if (step < whole) word = text.charCodeAt(2 * step) | (text.charCodeAt(2 * step + 1) << 16);
      else if (step === whole) word = lastWord(text);
      else if (step === firstFinal) v2 ^= 0xee;
      else if (step === firstFinal + FINAL_ROUNDS) {
        this.low = (v1 ^ v3) >>> 0;
        v1 ^= 0xdd;
      }
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    this.high = (v1 ^ v3) >>> 0;
  }
}

/** The bytes left over and, in the top byte, the length in bytes. */
function lastWord(text: string): number {
  const rest = text.length % 2 === 1 ? text.charCodeAt(text.length - 1) : 0;
  return ((text.length * 2) << 24) | rest;
}
