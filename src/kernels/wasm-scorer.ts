import type { Forest } from './forest.js';
import { addQuads } from './quad-memory.js';
import { isCode, type Rows, type Scorer } from './rows.js';
import { BLOCK_ROWS, createScoreMemory, rowOf, type ScoreMemory } from './score-memory.js';

/** Returns the scorer in WebAssembly, or null where the forest cannot be put into its memory. */
export function createWasmScorer(forest: Forest, held = createScoreMemory(forest)): Scorer | null {
  if (held === null) return null;
  return { scoreRow: rowScorer(forest, held), scoreRows: blockScorer(forest, held) };
}

/** Rows scored one by one until the forest is made into quads: about what that costs. */
const ROWS_PAY = 100;

function rowScorer(forest: Forest, held: ScoreMemory): Scorer['scoreRow'] {
  const { levels, nClasses, trees, categorySets } = forest;
  const { exports, at } = held;
  const nFeatures = levels.length;
  const nTrees = trees.length - 1;
  const { roots, nodes, places, segments, segmentsEnd } = at;
  const hasSets = categorySets.length > 0;
  const input = rowOf(held, nFeatures);
  const scores = new Float64Array(held.memory.buffer, at.out, nClasses);
  let nScored = 0;
  let inQuads = false;
  const scoreNodes = () => {
    let missing = false;
    for (let f = 0; f < nFeatures; f++) {
      if (levels[f]! > 0 && !isCode(input[f]!, levels[f]!)) input[f] = Number.NaN;
      missing ||= Number.isNaN(input[f]);
    }
    const find = hasSets
      ? exports.findLeavesBySets
      : missing
        ? exports.findLeavesOfMissing
        : exports.findLeaves;
    find(roots, nodes, nTrees, segments, segmentsEnd);
    exports.meanOfLeaves(places, nTrees, at.out);
  };
  return (row, out) => {
    if (nScored <= ROWS_PAY && nScored++ === ROWS_PAY) inQuads = addQuads(held, forest);
    for (let f = 0; f < nFeatures; f++) input[f] = row[f]!;
    if (!inQuads || exports.scoreQuads(at.out) === 1) scoreNodes();
    for (let c = 0; c < nClasses; c++) out[c] = scores[c]!;
  };
}

function blockScorer(forest: Forest, held: ScoreMemory): Scorer['scoreRows'] {
  const { levels, nClasses, trees } = forest;
  const { exports, at } = held;
  const nFeatures = levels.length;
  const nTrees = trees.length - 1;
  const input = new Float32Array(held.memory.buffer, at.input, BLOCK_ROWS * nFeatures);
  const scores = new Float64Array(held.memory.buffer, at.out, BLOCK_ROWS * nClasses);
  const hasSets = forest.categorySets.length > 0;
  return (rows, out) => {
    for (let start = 0; start < rows.nRows; start += BLOCK_ROWS) {
      const nRows = Math.min(BLOCK_ROWS, rows.nRows - start);
      const [rowBytes, featureBytes] = copyRows(rows, start, nRows, input, nFeatures);
      const missing = exports.fillGroups(
        at.input,
        rowBytes,
        featureBytes,
        nRows,
        at.levels,
        nFeatures,
        at.groups,
      );
      const nGroups = (nRows + 7) >>> 3;
      scores.fill(0, 0, nGroups * 8 * nClasses);
      const addTrees = hasSets
        ? exports.addTreesBySets
        : missing === 1
          ? exports.addTreesOfMissing
          : exports.addTrees;
      addTrees(at.trees, at.treesEnd, at.groups, nGroups, at.groupBytes, at.out, nClasses * 8);
      exports.divide(at.out, nRows, nTrees);
      out.set(nRows === BLOCK_ROWS ? scores : scores.subarray(0, nRows * nClasses), start * nClasses);
    }
  };
}

/** Copies rows as they lie, row by row or column by column, and returns how many bytes rows and features are apart. */
function copyRows(
  { values, rowStride, featureStride }: Rows,
  start: number,
  nRows: number,
  input: Float32Array,
  nFeatures: number,
): [rowBytes: number, featureBytes: number] {
  if (featureStride === 1) {
    const from = start * rowStride;
    input.set(values.subarray(from, from + nRows * rowStride));
    return [rowStride * 4, 4];
  }
  for (let f = 0; f < nFeatures; f++) {
    const from = f * featureStride + start;
    input.set(values.subarray(from, from + nRows), f * BLOCK_ROWS);
  }
  return [4, BLOCK_ROWS * 4];
}
