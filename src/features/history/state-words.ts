import { damagedState } from './state-bytes.js';

/** Words that are written or read one after the other. */
export class StateWords {
  at = 0;

  constructor(private readonly words: Uint32Array) {}

  put(word: number): void {
    this.words[this.at] = word;
    this.at += 1;
  }

  /** Sets a word that was put before. */
  set(at: number, word: number): void {
    this.words[at] = word;
  }

  putAll(words: Uint32Array): void {
    this.words.set(words, this.at);
    this.at += words.length;
  }

  /** Returns the next words. Throws INTEGRITY where there are not so many. */
  take(count: number): Uint32Array {
    const end = this.at + count;
    if (end > this.words.length)
      throw damagedState(`it ends inside a record, after ${this.words.length} words`);
    const taken = this.words.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  takeOne(): number {
    return this.take(1)[0]!;
  }

  /** Throws INTEGRITY where words are left. */
  expectEnd(): void {
    const left = this.words.length - this.at;
    if (left > 0) throw damagedState(`${left} words follow the last record`);
  }
}
