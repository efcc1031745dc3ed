import type { Arena } from './arena.js';

const SMALLEST = 1024;

/** Finds records by the two words of their key, which stand first in each: open addressing, at most half full. */
export class KeyTable {
  size = 0;
  private slots = new Float64Array(SMALLEST);

  constructor(private readonly arena: Arena) {}

  /** Returns the address of the record with a key, or 0. */
  find(low: number, high: number): number {
    return this.slots[this.slotOf(low, high)]!;
  }

  /** Adds a record whose key is not there yet. */
  insert(record: number): void {
    if (2 * (this.size + 1) > this.slots.length) this.enlarge();
    this.place(record);
    this.size += 1;
  }

  /** Takes a record out, and moves those behind it that its slot kept from their own. */
  remove(record: number): void {
    const mask = this.slots.length - 1;
    let hole = this.slotOf(this.keyOf(record, 0), this.keyOf(record, 1));
    for (let slot = (hole + 1) & mask; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.keyOf(this.slots[slot]!, 0) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      this.slots[hole] = this.slots[slot]!;
      hole = slot;
    }
    this.slots[hole] = 0;
    this.size -= 1;
  }

  /** The slot of a key, or the empty one where it would go. */
  private slotOf(low: number, high: number): number {
    const mask = this.slots.length - 1;
    let slot = low & mask;
    for (let record = this.slots[slot]!; record !== 0; record = this.slots[slot]!) {
      if (this.keyOf(record, 0) === low && this.keyOf(record, 1) === high) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private keyOf(record: number, word: number): number {
    return this.arena.pageOf(record)[this.arena.offsetOf(record) + word]!;
  }

  private place(record: number): void {
    this.slots[this.slotOf(this.keyOf(record, 0), this.keyOf(record, 1))] = record;
  }

  private enlarge(): void {
    const before = this.slots;
    this.slots = new Float64Array(before.length * 2);
    for (const record of before) if (record !== 0) this.place(record);
  }
}
