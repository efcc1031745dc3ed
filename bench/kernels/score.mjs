// Scoring beside itself in JavaScript: one row, 44 rows and a batch, on a forest of NSL-KDD (100 trees, depth 12).
// Both kinds take turns; each figure is the mean over slices of the least time a slice took.
// npm run build && node bench/kernels/score.mjs [--rounds 30]
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { createJsScorer, createScorer } from '../../dist/kernels/index.js';
import { randomForest } from '../../dist/train/index.js';

const KDD = new URL('../../../shared/data/nsl-kdd/KDDTrain+.txt.gz', import.meta.url);
const WIDTH = 41;
const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '30' } } });
if (!existsSync(KDD)) {
  process.stderr.write('skipped: needs ../shared/data/nsl-kdd/KDDTrain+.txt.gz\n');
  process.exit(0);
}

/** The 41 features, text columns as integer codes in the order of their first row. */
function readKdd() {
  const lines = gunzipSync(readFileSync(KDD)).toString().trim().split('\n');
  const codes = Array.from({ length: 4 }, () => new Map());
  const values = new Float32Array(lines.length * WIDTH);
  const labels = new Uint16Array(lines.length);
  lines.forEach((line, i) => {
    const cells = line.split(',');
    for (let f = 0; f < WIDTH; f++) {
      const text = f >= 1 && f <= 3;
      if (text && !codes[f].has(cells[f])) codes[f].set(cells[f], codes[f].size);
      values[i * WIDTH + f] = text ? codes[f].get(cells[f]) : Number(cells[f]);
    }
    labels[i] = cells[WIDTH] === 'normal' ? 0 : 1;
  });
  const features = Array.from({ length: WIDTH }, (_, f) => ({ name: `f${f}`, type: 'numeric' }));
  return { x: { nSamples: lines.length, features, values }, y: { classes: [0, 1], codes: labels } };
}

const { x, y } = readKdd();
const { forest } = await randomForest.fit(randomForest.params({ nEstimators: 100, maxDepth: 12 }), x, y);
const scorers = { WebAssembly: createScorer(forest), JavaScript: createJsScorer(forest) };
const rowsAt = (start, nRows) => ({
  values: x.values.subarray(start * WIDTH, (start + nRows) * WIDTH),
  nRows,
  rowStride: WIDTH,
  featureStride: 1,
});
const spread = (i) => (i * 7919) % (x.nSamples - 1024);
const single = Array.from({ length: 3000 }, (_, i) =>
  x.values.slice(spread(i) * WIDTH, (spread(i) + 1) * WIDTH),
);
const out = new Float64Array(2 * 1024);
/** By name: how many slices, and what a slice does; `per` is what one figure counts. */
const tasks = {
  'one row, µs': {
    slices: 20,
    per: 150,
    run: (s, k) => {
      for (let i = k * 150; i < (k + 1) * 150; i++) s.scoreRow(single[i], out);
    },
  },
  '44 rows, µs': { slices: 40, per: 1, run: (s, k) => s.scoreRows(rowsAt(spread(k), 44), out) },
  'batch, µs a row': { slices: 20, per: 1024, run: (s, k) => s.scoreRows(rowsAt(spread(k), 1024), out) },
};
const found = Object.entries(tasks).flatMap(([task, { slices }]) =>
  Object.keys(scorers).map((name) => ({ task, name, least: new Float64Array(slices).fill(1e9) })),
);
for (let round = 0; round < Number(flags.rounds); round++)
  for (const { task, name, least } of found)
    for (let k = 0; k < least.length; k++) {
      const start = performance.now();
      tasks[task].run(scorers[name], k);
      least[k] = Math.min(least[k], ((performance.now() - start) * 1000) / tasks[task].per);
    }

process.stdout.write(`${forest.nanLeft.length} nodes, ${flags.rounds} rounds\n`);
for (const { task, name, least } of found) {
  const mean = least.reduce((a, b) => a + b) / least.length;
  process.stdout.write(`${task.padEnd(16)} ${name.padEnd(12)} ${mean.toFixed(2)}\n`);
}
const latencies = single
  .flatMap((row) => {
    const start = process.hrtime.bigint();
    scorers.WebAssembly.scoreRow(row, out);
    return Number(process.hrtime.bigint() - start) / 1000;
  })
  .sort((a, b) => a - b);
const at = (q) => latencies[Math.floor(q * (latencies.length - 1))].toFixed(2);
process.stdout.write(`one row, one by one: p50 ${at(0.5)} µs, p99 ${at(0.99)} µs\n`);
