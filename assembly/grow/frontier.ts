import {
  bestFeature,
  bestFirst,
  bestLast,
  bestNan,
  bestScore,
  bestThreshold,
  keepBest,
  keepThreshold,
} from './best';
import { bestSet, bestSums, frontier, heap, nClasses, totals } from './config';
import { placeColumns } from './place';

/**
 * The nodes that may be split of a tree that grows best first, as a heap by decrease of impurity, then by node. An entry
 * has start, end, depth, node, the decrease, the best split, its set, and the class weights of the node and of the left.
 */
const HEAD: usize = 56;
const SET_BYTES: usize = 288;

export let nOpen: u32 = 0;
/** Entries are handed out in order and never given back: a tree opens at most two for each leaf it may have. */
let nEntries: u32 = 0;

/** Forgets the tree before. */
export function resetOpen(): void {
  nOpen = 0;
  nEntries = 0;
}

/** Bytes of an entry. */
function entryBytes(): usize {
  return HEAD + SET_BYTES + ((<usize>nClasses) << 4);
}

function entryAt(place: u32): usize {
  return <usize>load<u32>(heap + (<usize>place << 2));
}

function before(a: usize, b: usize): bool {
  const difference = load<f64>(a, 16) - load<f64>(b, 16);
  return difference > 0 || (difference == 0 && load<u32>(a, 12) < load<u32>(b, 12));
}

/** Adds the node at hand, with the best split found for it. */
export function keepOpen(start: u32, end: u32, depth: u32, node: u32, decrease: f64): void {
  const entry = frontier + <usize>nEntries * entryBytes();
  nEntries++;
  const bytes = (<usize>nClasses) << 3;
  store<u32>(entry, start);
  store<u32>(entry, end, 4);
  store<u32>(entry, depth, 8);
  store<u32>(entry, node, 12);
  store<f64>(entry, decrease, 16);
  store<f64>(entry, bestScore, 24);
  store<i32>(entry, bestFeature, 32);
  store<u32>(entry, bestLast, 36);
  store<i32>(entry, bestFirst, 40);
  store<u32>(entry, bestNan, 44);
  store<f32>(entry, bestThreshold, 48);
  memory.copy(entry + HEAD, bestSet, SET_BYTES);
  memory.copy(entry + HEAD + SET_BYTES, totals, bytes);
  memory.copy(entry + HEAD + SET_BYTES + bytes, bestSums, bytes);
  let i = nOpen;
  nOpen++;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(entry, entryAt(parent))) break;
    store<u32>(heap + (<usize>i << 2), <u32>entryAt(parent));
    i = parent;
  }
  store<u32>(heap + (<usize>i << 2), <u32>entry);
}

/** Removes the entry that comes first, makes its split the best and its class weights the node's, and returns it. */
export function takeBest(): usize {
  const first = entryAt(0);
  nOpen--;
  const last = entryAt(nOpen);
  let i: u32 = 0;
  while (true) {
    let child: u32 = 2 * i + 1;
    if (child >= nOpen) break;
    if (child + 1 < nOpen && before(entryAt(child + 1), entryAt(child))) child++;
    if (!before(entryAt(child), last)) break;
    store<u32>(heap + (<usize>i << 2), <u32>entryAt(child));
    i = child;
  }
  store<u32>(heap + (<usize>i << 2), <u32>last);
  const bytes = (<usize>nClasses) << 3;
  keepBest(load<i32>(first, 32), load<f64>(first, 24), load<u32>(first, 36), load<i32>(first, 40), load<u32>(first, 44));
  keepThreshold(load<f32>(first, 48));
  memory.copy(bestSet, first + HEAD, SET_BYTES);
  memory.copy(totals, first + HEAD + SET_BYTES, bytes);
  memory.copy(bestSums, first + HEAD + SET_BYTES + bytes, bytes);
  placeColumns();
  return first;
}
