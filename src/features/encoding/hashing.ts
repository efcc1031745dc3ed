import { type ColumnEncoder, numericOutputs } from './column-encoder.js';
import { murmurHash3 } from './murmur-hash.js';

/** How texts are hashed. */
export interface HashingOptions {
  /** 2^bits columns: 1 to 10. Default 4. */
  readonly bits?: number;
  /** Seed of the hash, 0 to 2³² − 1. Default 0, which is scikit-learn's. */
  readonly randomState?: number;
}

/** A column whose texts are hashed; nothing is learnt of it. */
export interface HashingState {
  readonly name: string;
  readonly type: 'categorical';
  readonly encoder: 'hashing';
  readonly bits: number;
  readonly randomState: number;
}

/** Returns how a column is hashed. */
export function hashingOf(name: string, { bits = 4, randomState = 0 }: HashingOptions = {}): HashingState {
  return { name, type: 'categorical', encoder: 'hashing', bits, randomState };
}

const UTF8 = new TextEncoder();

/**
 * Returns the encoder that gives 1 or −1 in the column that a text's hash names, 0 in the others and everywhere for a
 * missing value. No text is unseen; texts that share a column and a sign are one to the model, those of the other sign
 * are its opposite. scikit-learn's FeatureHasher on one string a sample.
 */
export function hashingEncoder({ name, bits, randomState }: HashingState): ColumnEncoder {
  const nColumns = 2 ** bits;
  return {
    outputs: numericOutputs(Array.from({ length: nColumns }, (_, column) => `${name}_hash${column}`)),
    write: (text, out, at) => {
      if (text === null) return false;
      const hash = murmurHash3(UTF8.encode(text as string), randomState);
      out[at + (Math.abs(hash) % nColumns)] = hash < 0 ? -1 : 1;
      return false;
    },
  };
}
