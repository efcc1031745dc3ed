import type { Forest } from './forest.js';
import { buildQuads, type Quads } from './quads.js';
import { copyTo, LIMIT_BYTES, Plan, type ScoreMemory, sortByDepth } from './score-memory.js';
import { layTests, planTests, type TestPlan } from './test-plan.js';
import { PAGE_BYTES } from './wasm.js';

/**
 * Nodes up to which quads are made: it takes .3 µs a node, and larger forests wait for memory and gain nothing (1.7 million
 * nodes: 460 ms to make, 4 µs a row both ways).
 */
const MAX_NODES = 2 ** 18;
/** Instructions for a row: of the tests of a feature, of 64 answers, and what a step of a tree costs less in quads. */
const COST = { feature: 35, answers: 16, step: 10 };

/**
 * Adds the quads of a forest to the memory that holds it, so that `scoreQuads` serves. Returns whether it does: not where
 * quads cannot hold the forest, nor where to answer all tests would cost more than it saves. Cost O(nodes).
 */
export function addQuads(held: ScoreMemory, forest: Forest): boolean {
  if (forest.nanLeft.length > MAX_NODES) return false;
  // No more leaves than nodes, and those that are shared: the upper half of a leaf's number is the number of a test too.
  const tests = planTests(forest, 1 + ((forest.nanLeft.length + forest.nClasses) >>> 16));
  const quads = tests && buildQuads(forest, tests, held.leafOf);
  if (!quads || !pays(tests, quads)) return false;
  const plan = new Plan(held.sizeBytes);
  const parts: [at: number, array: ArrayBufferView][] = [];
  const put = (array: ArrayBufferView): number => {
    const at = plan.take(array.byteLength);
    parts.push([at, array]);
    return at;
  };
  const nTrees = quads.roots.length;
  const base = put(quads.words);
  // The last step is taken where leaves are summed, in the order of the trees; one that has no other starts at its root.
  const { order, segments } = sortByDepth(quads.depths.map((depth) => Math.max(0, depth - 1)));
  const roots = put(Uint32Array.from(order, (t) => base + 8 * quads.roots[t]!));
  const places = put(new Uint32Array(nTrees));
  const whereIs = new Uint32Array(nTrees);
  order.forEach((t, i) => {
    whereIs[t] = (quads.depths[t]! > 1 ? places : roots) + 4 * i;
  });
  const orderAt = put(whereIs);
  const segmentsAt = put(Uint32Array.from(segments));
  const addresses = layTests(tests!, put);
  if (!growTo(held, plan.size)) return false;
  held.sizeBytes = plan.size;
  for (const [at, array] of parts) copyTo(held.memory, at, array);
  held.exports.setTests(...addresses);
  held.exports.setQuads(
    roots,
    places,
    orderAt,
    orderAt + 4 * nTrees,
    segmentsAt,
    segmentsAt + 4 * segments.length,
  );
  return true;
}

function pays(tests: TestPlan, { depths }: Quads): boolean {
  const steps = depths.reduce((sum, depth) => sum + depth, 0);
  return (
    COST.step * steps >
    COST.feature * (tests.features.length + tests.categories.length) + (COST.answers * tests.end) / 64
  );
}

function growTo({ memory }: ScoreMemory, bytes: number): boolean {
  if (bytes > LIMIT_BYTES) return false;
  try {
    memory.grow(Math.max(0, Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES)));
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
