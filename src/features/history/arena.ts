const PAGE_BITS = 20;
const PAGE_WORDS = 1 << PAGE_BITS;
const OFFSET = PAGE_WORDS - 1;
/** The first page is small: most histories are. */
const FIRST_PAGE_WORDS = 1 << 15;
const MAX_BLOCK_WORDS = 1024;

/**
 * Memory for very many small blocks: pages of 4 MB, one list of free blocks for each size. An object or a typed array
 * a block would cost more than its contents. An address counts words over all pages; 0 is no block.
 */
export class Arena {
  readonly words: Uint32Array[] = [];
  /** The same pages as 64-bit numbers. */
  readonly doubles: Float64Array[] = [];
  /** Words of all blocks in use. */
  usedWords = 0;
  private readonly free = new Float64Array(MAX_BLOCK_WORDS + 1);
  /** Where the last page is free from. */
  private end = 0;

  /** Returns the address of a block of zeros. `size` is even, so that 64-bit numbers are aligned. */
  allocate(size: number): number {
    this.usedWords += size;
    const recycled = this.free[size]!;
    if (recycled === 0) return this.extend(size);
    const page = this.pageOf(recycled);
    const at = recycled & OFFSET;
    this.free[size] = page[at]!;
    page.fill(0, at, at + size);
    return recycled;
  }

  /** Gives a block back. */
  release(address: number, size: number): void {
    this.usedWords -= size;
    this.pageOf(address)[address & OFFSET] = this.free[size]!;
    this.free[size] = address;
  }

  pageOf(address: number): Uint32Array {
    return this.words[address >>> PAGE_BITS]!;
  }

  doublesOf(address: number): Float64Array {
    return this.doubles[address >>> PAGE_BITS]!;
  }

  /** Returns where a block starts in its page. */
  offsetOf(address: number): number {
    return address & OFFSET;
  }

  private extend(size: number): number {
    if (this.end + size > (this.words.at(-1)?.length ?? 0)) {
      const buffer = new ArrayBuffer(4 * (this.words.length === 0 ? FIRST_PAGE_WORDS : PAGE_WORDS));
      this.words.push(new Uint32Array(buffer));
      this.doubles.push(new Float64Array(buffer));
      this.end = this.words.length === 1 ? 2 : 0;
    }
    const address = (this.words.length - 1) * PAGE_WORDS + this.end;
    this.end += size;
    return address;
  }
}
