import { damaged, type SectionData } from './codec-container.js';

/** Hands out the sections a kind of model must have, each with its type and length checked, and refuses any left over. */
export class SectionReader {
  private readonly left: Map<string, SectionData>;

  constructor(sections: ReadonlyMap<string, SectionData>) {
    this.left = new Map(sections);
  }

  f64(name: string, length?: number): Float64Array {
    return this.take(name, Float64Array, length);
  }

  i32(name: string, length?: number): Int32Array {
    return this.take(name, Int32Array, length);
  }

  u8(name: string, length?: number): Uint8Array {
    return this.take(name, Uint8Array, length);
  }

  /** Throws INTEGRITY when a section was not asked for. */
  end(): void {
    for (const name of this.left.keys()) throw damaged(name, 'a model of this kind has no such section');
  }

  private take<T extends SectionData>(name: string, type: new (length: number) => T, length?: number): T {
    const data = this.left.get(name);
    if (data === undefined) throw damaged(name, 'it is missing');
    if (!(data instanceof type)) throw damaged(name, 'its elements have the wrong type');
    if (length !== undefined && data.length !== length)
      throw damaged(name, `it has ${data.length} elements, expected ${length}`);
    this.left.delete(name);
    return data;
  }
}

/** Throws INTEGRITY unless every number is finite. */
export function checkFinite(name: string, values: Float64Array): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i])) throw damaged(name, `element ${i} is not finite`);
}

/** Throws INTEGRITY unless every row of `width` numbers holds probabilities that sum to 1 within 1e-9. */
export function checkProbabilities(name: string, values: Float64Array, width: number): void {
  for (let row = 0; row < values.length / width; row++) {
    let total = 0;
    for (let c = 0; c < width; c++) {
      const p = values[row * width + c]!;
      if (!(p >= 0 && p <= 1)) throw damaged(name, `element ${row * width + c} is no probability`);
      total += p;
    }
    if (!(Math.abs(total - 1) <= 1e-9))
      throw damaged(name, `the probabilities of row ${row} do not sum to 1`);
  }
}

/**
 * Throws INTEGRITY unless every leaf has probabilities above 0 that sum to 1 within 1e-9, of classes in ascending order.
 */
export function checkSparseLeaves(
  parts: {
    readonly leafStarts: Int32Array;
    readonly leafClasses: Int32Array;
    readonly leaves: Float64Array;
  },
  nClasses: number,
): void {
  const { leafStarts, leafClasses, leaves } = parts;
  const nLeaves = leafStarts.length - 1;
  if (leafStarts[0] !== 0 || leafStarts[nLeaves] !== leaves.length)
    throw damaged('leafStarts', `it does not run from 0 to ${leaves.length}`);
  for (let leaf = 0; leaf < nLeaves; leaf++) {
    const [start, end] = [leafStarts[leaf]!, leafStarts[leaf + 1]!];
    if (!(start < end && end <= leaves.length))
      throw damaged('leafStarts', `leaf ${leaf} has no probabilities`);
    let total = 0;
    for (let i = start; i < end; i++) {
      if (!(leafClasses[i]! > (i === start ? -1 : leafClasses[i - 1]!) && leafClasses[i]! < nClasses))
        throw damaged('leafClasses', `element ${i} is not a later class of its leaf`);
      const p = leaves[i]!;
      if (!(p > 0 && p <= 1)) throw damaged('leaves', `element ${i} is no probability above 0`);
      total += p;
    }
    if (!(Math.abs(total - 1) <= 1e-9))
      throw damaged('leaves', `the probabilities of leaf ${leaf} do not sum to 1`);
  }
}
