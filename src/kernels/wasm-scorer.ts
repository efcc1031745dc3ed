import type { Forest } from './forest.js';
import { addQuads } from './quad-memory.js';
import { isCode, type Rows, type Scorer } from './rows.js';
import { BLOCK_ROWS, createScoreMemory, GROUPED_ROWS, ROW, rowOf, type ScoreMemory } from './score-memory.js';

/** Nodes that are made into quads for each row that was scored before: about what it costs is what a row then saves. */
const NODES_A_ROW = 64;

/** Returns the scorer in WebAssembly, or null where the forest cannot be put into its memory. */
export function createWasmScorer(forest: Forest, held = createScoreMemory(forest)): Scorer | null {
  if (held === null) return null;
  const inQuads = quadsWhenTheyPay(forest, held);
  return { scoreRow: rowScorer(forest, held, inQuads), scoreRows: blockScorer(forest, held, inQuads) };
}

/** Returns what says, of that many rows more, whether `scoreQuads` serves; it makes the quads when enough rows were asked for. */
function quadsWhenTheyPay(forest: Forest, held: ScoreMemory): (nRows: number) => boolean {
  let left = Math.ceil(forest.nanLeft.length / NODES_A_ROW);
  let serve = false;
  return (nRows) => {
    if (left > 0) {
      left -= nRows;
      if (left <= 0) serve = addQuads(held, forest);
    }
    return serve;
  };
}

function rowScorer(
  forest: Forest,
  held: ScoreMemory,
  inQuads: (nRows: number) => boolean,
): Scorer['scoreRow'] {
  const { levels, nClasses, trees, categorySets } = forest;
  const { exports, at } = held;
  const nFeatures = levels.length;
  const nTrees = trees.length - 1;
  const { roots, nodes, places, segments, segmentsEnd } = at;
  const hasSets = categorySets.length > 0;
  const input = rowOf(held, nFeatures);
  const scores = new Float64Array(held.memory.buffer, at.out, nClasses);
  const scoreNodes = () => {
    let missing = false;
    for (let f = 0; f < nFeatures; f++) {
      if (levels[f]! > 0 && !isCode(input[f]!, levels[f]!)) input[f] = Number.NaN;
      missing ||= Number.isNaN(input[f]);
    }
    const findLeaves = hasSets
      ? exports.findLeavesBySets
      : missing
        ? exports.findLeavesOfMissing
        : exports.findLeaves;
    findLeaves(roots, nodes, nTrees, segments, segmentsEnd);
    exports.meanOfLeaves(places, nTrees, at.out);
  };
  return (row, out) => {
    for (let f = 0; f < nFeatures; f++) input[f] = row[f]!;
    if (!inQuads(1) || exports.scoreQuads(ROW, 0, 4, 1, at.out) === 0) scoreNodes();
    for (let c = 0; c < nClasses; c++) out[c] = scores[c]!;
  };
}

function blockScorer(
  forest: Forest,
  held: ScoreMemory,
  inQuads: (nRows: number) => boolean,
): Scorer['scoreRows'] {
  const { levels, nClasses, trees, categorySets } = forest;
  const { exports, at } = held;
  const nFeatures = levels.length;
  const nTrees = trees.length - 1;
  const input = new Float32Array(held.memory.buffer, at.input, BLOCK_ROWS * nFeatures);
  const scores = new Float64Array(held.memory.buffer, at.out, GROUPED_ROWS * nClasses);
  const scoreNodes = (
    values: number,
    rowBytes: number,
    featureBytes: number,
    nRows: number,
    first: number,
  ) => {
    const { levels: levelsAt, groups, groupBytes } = at;
    const missing = exports.fillGroups(values, rowBytes, featureBytes, nRows, levelsAt, nFeatures, groups);
    const nGroups = (nRows + 7) >>> 3;
    scores.fill(0, first * nClasses, (first + nGroups * 8) * nClasses);
    const addTrees =
      categorySets.length > 0
        ? exports.addTreesBySets
        : missing === 1
          ? exports.addTreesOfMissing
          : exports.addTrees;
    const out = at.out + first * nClasses * 8;
    addTrees(at.trees, at.treesEnd, groups, nGroups, groupBytes, out, nClasses * 8);
    exports.divide(out, nRows, nTrees);
  };
  return (rows, out) => {
    const quads = inQuads(rows.nRows);
    for (let start = 0; start < rows.nRows; start += BLOCK_ROWS) {
      const nRows = Math.min(BLOCK_ROWS, rows.nRows - start);
      const [rowBytes, featureBytes] = copyRows(rows, start, nRows, input, nFeatures);
      const nScored = quads ? exports.scoreQuads(at.input, rowBytes, featureBytes, nRows, at.out) : 0;
      if (nScored < nRows)
        scoreNodes(at.input + nScored * rowBytes, rowBytes, featureBytes, nRows - nScored, nScored);
      out.set(scores.subarray(0, nRows * nClasses), start * nClasses);
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
