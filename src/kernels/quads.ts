import { type Forest, largestTree } from './forest.js';
import type { TestPlan } from './test-plan.js';

/** Quads that one leads to: half a cache line. */
const GROUP = 4;
const LINE = 2 * GROUP;
/** How far a quad can be from those it leads to. */
const MAX_FURTHER = 65_535;

/** A forest as quads, two levels in one: see assembly/score/quads.ts. */
export interface Quads {
  /** Four u16 a quad: three numbers of tests and how many quads further it leads to. Of a leaf 0, its number (upper half first), 0. */
  readonly words: Uint16Array;
  /** By tree: its first quad. */
  readonly roots: Uint32Array;
  /** By tree: the steps from its root to its deepest leaf. */
  readonly depths: Uint32Array;
}

/**
 * Returns the quads of a forest of two words a node; null where a tree has too many. `leafOf` says
 * by which number a leaf goes. Cost O(nodes).
 */
export function buildQuads(forest: Forest, tests: TestPlan, leafOf: (leaf: number) => number): Quads | null {
  const { trees } = forest;
  const nTrees = trees.length - 1;
  // No split leads to more than one group, and a root takes at most two lines.
  const words = new Uint16Array(4 * (GROUP * forest.nanLeft.length + 2 * LINE * nTrees));
  const builder = new TreeBuilder(forest, tests, leafOf, words);
  const roots = new Uint32Array(nTrees);
  const depths = new Uint32Array(nTrees);
  let end = 0;
  for (let t = 0; t < nTrees; t++) {
    // The root is the last quad of half a line, and what it leads to is the other half.
    roots[t] = Math.ceil(end / LINE) * LINE + GROUP - 1;
    depths[t] = builder.build(trees[t]!, roots[t]!);
    if (builder.furthest > MAX_FURTHER) return null;
    end = builder.end;
  }
  return { words: words.subarray(0, 4 * end), roots, depths };
}

/**
 * Lays out trees. The four quads that one leads to are neighbours, and those that the child with the earlier children
 * leads to come next: in the order of `finishTree` that is where most rows go, so most of their steps share cache lines.
 */
class TreeBuilder {
  /** One past the last quad. */
  end = 0;
  /** The most quads from one to those it leads to. */
  furthest = 0;
  readonly #forest: Forest;
  readonly #tests: TestPlan;
  readonly #leafOf: (leaf: number) => number;
  readonly #words: Uint16Array;
  /** Nodes whose quads are still to be written, each with its quad and its depth; counted from the tree's first. */
  readonly #pending: Uint32Array;
  #nPending = 0;
  #first = 0;

  constructor(forest: Forest, tests: TestPlan, leafOf: (leaf: number) => number, words: Uint16Array) {
    this.#forest = forest;
    this.#tests = tests;
    this.#leafOf = leafOf;
    this.#words = words;
    this.#pending = new Uint32Array(3 * largestTree(forest.trees));
  }

  /** Writes the tree whose first node is `first`, from its root's quad on, and returns its depth in steps. */
  build(first: number, root: number): number {
    const words = this.#words;
    this.#first = first;
    this.end = root + 1;
    let deepest = 0;
    this.#push(0, root, 0);
    while (this.#nPending > 0) {
      const depth = this.#pending[--this.#nPending]!;
      const at = 4 * this.#pending[--this.#nPending]!;
      const node = this.#pending[--this.#nPending]!;
      if (this.#isLeaf(node)) {
        const leaf = this.#leafOf(this.#forest.nodes[2 * (first + node)]!);
        words[at + 2] = leaf >>> 16;
        words[at + 3] = leaf & 0xffff;
        continue;
      }
      const left = this.#left(node);
      const group = this.end;
      this.end += GROUP;
      words[at] = this.#test(node);
      words[at + 1] = group - at / 4;
      words[at + 2] = this.#test(left);
      words[at + 3] = this.#test(left + 1);
      this.furthest = Math.max(this.furthest, group - at / 4);
      deepest = Math.max(deepest, depth + 1);
      const later = this.#later(left);
      this.#pushChildren(left + later, group + 2 * later, depth + 1);
      this.#pushChildren(left + 1 - later, group + 2 - 2 * later, depth + 1);
    }
    return deepest;
  }

  /** Adds the children of a node, or a leaf itself, with quads from `quad` on. What is added last is written next. */
  #pushChildren(node: number, quad: number, depth: number): void {
    if (this.#isLeaf(node)) {
      this.#push(node, quad, depth);
      return;
    }
    const left = this.#left(node);
    const later = this.#later(left);
    this.#push(left + later, quad + later, depth);
    this.#push(left + 1 - later, quad + 1 - later, depth);
  }

  #push(node: number, quad: number, depth: number): void {
    this.#pending[this.#nPending++] = node;
    this.#pending[this.#nPending++] = quad;
    this.#pending[this.#nPending++] = depth;
  }

  /** Returns 1 where the children of the right one of two siblings come later than those of the left, else 0. */
  #later(left: number): number {
    return this.#left(left + 1) > this.#left(left) ? 1 : 0;
  }

  #feature(node: number): number {
    return this.#forest.nodes[2 * (this.#first + node) + 1]! >>> this.#forest.nodeBits;
  }

  #left(node: number): number {
    return this.#forest.nodes[2 * (this.#first + node) + 1]! & (2 ** this.#forest.nodeBits - 1);
  }

  #isLeaf(node: number): boolean {
    return this.#feature(node) === this.#forest.levels.length;
  }

  /** Returns the number of a node's test; 0 for a leaf, which answers so that it leads to itself. */
  #test(node: number): number {
    return this.#isLeaf(node) ? 0 : this.#tests.numberOf(this.#first + node);
  }
}
