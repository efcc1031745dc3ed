import type { Arena } from './arena.js';

const SMALLEST = 1024;

/**
 * Finds records by the two words of their key, which stand first in each: open addressing, at most half full. A slot is a
 * record's address, 0 where it is empty, and its key's high word, so that most records of other keys are not looked at.
 */
export class KeyTable {
  size = 0;
  private slots = new Uint32Array(2 * SMALLEST);

  constructor(private readonly arena: Arena) {}

  /** Returns the address of the record with a key, or 0. */
  find(low: number, high: number): number {
    return this.slots[this.slotOf(low, high)]!;
  }

  /** Adds a record whose key is not there yet. */
  insert(record: number): void {
    if (4 * (this.size + 1) > this.slots.length) this.enlarge();
    this.place(record, this.keyOf(record, 1));
    this.size += 1;
  }

  /** Takes a record out, and moves those behind it that its slot kept from their own. */
  remove(record: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let hole = this.slotOf(this.keyOf(record, 0), this.keyOf(record, 1));
    for (let slot = (hole + 2) & mask; slots[slot] !== 0; slot = (slot + 2) & mask) {
      const home = (2 * this.keyOf(slots[slot]!, 0)) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      slots[hole] = slots[slot]!;
      slots[hole + 1] = slots[slot + 1]!;
      hole = slot;
    }
    slots[hole] = 0;
    this.size -= 1;
  }

  /** Where the slot of a key stands, or the empty one where it would go. */
  private slotOf(low: number, high: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = (2 * low) & mask;
    for (let record = slots[slot]!; record !== 0; record = slots[slot]!) {
      if (slots[slot + 1] === high && this.keyOf(record, 0) === low) break;
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  private keyOf(record: number, word: number): number {
    return this.arena.pageOf(record)[this.arena.offsetOf(record) + word]!;
  }

  private place(record: number, high: number): void {
    const slot = this.slotOf(this.keyOf(record, 0), high);
    this.slots[slot] = record;
    this.slots[slot + 1] = high;
  }

  private enlarge(): void {
    const before = this.slots;
    this.slots = new Uint32Array(before.length * 2);
    for (let slot = 0; slot < before.length; slot += 2)
      if (before[slot] !== 0) this.place(before[slot]!, before[slot + 1]!);
  }
}
