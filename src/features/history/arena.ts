const CHUNK_BITS = 20;
const CHUNK_WORDS = 1 << CHUNK_BITS;
const SLAB_BITS = 13;
const SLAB_WORDS = 1 << SLAB_BITS;
/** The first chunk is small: most histories are. */
const FIRST_CHUNK_SLABS = 4;
const MAX_BLOCK_WORDS = 1024;
const NONE = -1;
const SPARSE_WORDS = 0.75 * SLAB_WORDS;
/** Of what is held: below it, moving blocks is not worth the time. */
const LEAST_GAIN = 0.1;

/** A piece of a chunk that is cut into blocks of one size. */
interface Slab {
  /** Words of a block. */
  readonly size: number;
  /** Blocks in use. */
  used: number;
  /** The first of the blocks given back, each of which holds the address of the next; 0 is none. */
  free: number;
  /** Where the words that were never a block start. */
  end: number;
  /** Neighbours among the slabs of the size that have room. */
  before: number;
  after: number;
  /** Whether its blocks are being moved elsewhere. */
  closing: boolean;
}

/**
 * Memory for very many small blocks: an object or a typed array for each would cost more than its contents. Chunks of 4 MB
 * are cut into slabs of 32 KB, each for blocks of one size; one whose blocks are all given back serves any size again, so
 * that a change in what is kept makes no second heap. Slabs that are hardly used can be emptied (`closeSparse`). An address counts words over all chunks; 0 and 1 are no blocks.
 */
export class Arena {
  /** Words of all blocks in use. */
  usedWords = 0;
  private readonly words: Uint32Array[] = [];
  /** The same chunks as 64-bit numbers. */
  private readonly doubles: Float64Array[] = [];
  private readonly slabs: (Slab | undefined)[] = [];
  private readonly emptySlabs: number[] = [];
  /** The first slab of each size that has room. */
  private readonly roomy = new Int32Array(MAX_BLOCK_WORDS + 1).fill(NONE);

  /** Words of all slabs that hold blocks. */
  heldWords = 0;

  /** Returns the address of a block of zeros. `size` is even, so that 64-bit numbers are aligned. */
  allocate(size: number): number {
    this.usedWords += size;
    const index = this.roomy[size] === NONE ? this.openSlab(size) : this.roomy[size]!;
    const slab = this.slabs[index]!;
    let address = slab.free;
    if (address !== 0) slab.free = this.pageOf(address)[this.offsetOf(address)]!;
    else {
      address = index * SLAB_WORDS + slab.end;
      slab.end += size;
    }
    slab.used += 1;
    if (isFull(slab, size)) this.unlink(slab, size);
    const at = this.offsetOf(address);
    this.pageOf(address).fill(0, at, at + size);
    return address;
  }

  /** Gives a block back. */
  release(address: number, size: number): void {
    this.usedWords -= size;
    const index = address >>> SLAB_BITS;
    const slab = this.slabs[index]!;
    if (isFull(slab, size) && !slab.closing) this.link(index, size);
    this.pageOf(address)[this.offsetOf(address)] = slab.free;
    slab.free = address;
    slab.used -= 1;
    if (slab.used > 0) return;
    if (!slab.closing) this.unlink(slab, size);
    this.slabs[index] = undefined;
    this.heldWords -= SLAB_WORDS;
    this.emptySlabs.push(index);
  }

  /**
   * Lets no more blocks into slabs that are less than three quarters in use. The owners of blocks must then `move` those
   * that `isClosing`, all of them. Returns whether there is enough to gain.
   */
  closeSparse(): boolean {
    const sparse = this.slabs.filter(
      (slab) => slab !== undefined && slab.used * slab.size < SPARSE_WORDS,
    ) as Slab[];
    const used = sparse.reduce((sum, slab) => sum + slab.used * slab.size, 0);
    if (sparse.length * SLAB_WORDS - used < LEAST_GAIN * this.heldWords) return false;
    for (const slab of sparse) {
      this.unlink(slab, slab.size);
      slab.closing = true;
    }
    return true;
  }

  isClosing(address: number): boolean {
    return this.slabs[address >>> SLAB_BITS]!.closing;
  }

  /** Moves a block of a closing slab to another. Returns its address. */
  move(address: number): number {
    const { size } = this.slabs[address >>> SLAB_BITS]!;
    const moved = this.allocate(size);
    const at = this.offsetOf(address);
    this.pageOf(moved).set(this.pageOf(address).subarray(at, at + size), this.offsetOf(moved));
    this.release(address, size);
    return moved;
  }

  /** The chunk that a block is in. */
  pageOf(address: number): Uint32Array {
    return this.words[address >>> CHUNK_BITS]!;
  }

  doublesOf(address: number): Float64Array {
    return this.doubles[address >>> CHUNK_BITS]!;
  }

  /** Where a block starts in its chunk. */
  offsetOf(address: number): number {
    return address & (CHUNK_WORDS - 1);
  }

  private openSlab(size: number): number {
    if (this.emptySlabs.length === 0) this.addChunk();
    const index = this.emptySlabs.pop()!;
    this.heldWords += SLAB_WORDS;
    this.slabs[index] = {
      size,
      closing: false,
      used: 0,
      free: 0,
      end: index === 0 ? 2 : 0,
      before: NONE,
      after: NONE,
    };
    this.link(index, size);
    return index;
  }

  private addChunk(): void {
    const nSlabs = this.words.length === 0 ? FIRST_CHUNK_SLABS : CHUNK_WORDS / SLAB_WORDS;
    const first = (this.words.length * CHUNK_WORDS) / SLAB_WORDS;
    const buffer = new ArrayBuffer(4 * nSlabs * SLAB_WORDS);
    this.words.push(new Uint32Array(buffer));
    this.doubles.push(new Float64Array(buffer));
    for (let index = first + nSlabs - 1; index >= first; index--) this.emptySlabs.push(index);
  }

  private link(index: number, size: number): void {
    const slab = this.slabs[index]!;
    slab.before = NONE;
    slab.after = this.roomy[size]!;
    if (slab.after !== NONE) this.slabs[slab.after]!.before = index;
    this.roomy[size] = index;
  }

  private unlink({ before, after }: Slab, size: number): void {
    if (before === NONE) this.roomy[size] = after;
    else this.slabs[before]!.after = after;
    if (after !== NONE) this.slabs[after]!.before = before;
  }
}

function isFull(slab: Slab, size: number): boolean {
  return slab.free === 0 && slab.end + size > SLAB_WORDS;
}
