// Our side of `npm run bench`: what a program that imports us does, and no more.
import { readFileSync } from 'node:fs';
import { randomForest } from '../../dist/train/index.js';
import { peakBytes, readFloats, serve, timeCalls, writeScores } from './serve.mjs';

const data = new Map();
const models = new Map();

function rowsOf({ data: name, rows, from = 0 }) {
  const { x, y } = data.get(name);
  if (!rows) return { x, y };
  const width = x.features.length;
  return {
    x: { ...x, nSamples: rows, values: x.values.subarray(from * width, (from + rows) * width) },
    y: { ...y, codes: y.codes.subarray(from, from + rows) },
  };
}

const params = ({ trees, depth, threads, seed, minSplit = 2 }) => ({
  nEstimators: trees,
  maxDepth: depth,
  minSamplesSplit: minSplit,
  randomState: seed,
  nJobs: threads,
});

await serve({
  hello: () => ({ versions: { phantomnet: version(), node: process.version } }),
  load({ data: name, x, y, columns }) {
    const values = readFloats(x);
    const features = Array.from({ length: columns }, (_, i) => ({ name: `f${i}`, type: 'numeric' }));
    data.set(name, {
      x: { nSamples: values.length / columns, features, values },
      y: { classes: [0, 1], codes: Uint16Array.from(readFileSync(y)) },
    });
  },
  unload({ data: name, model }) {
    data.delete(name);
    models.delete(model);
  },
  async fit(task) {
    const { x, y } = rowsOf(task);
    models.delete(task.model);
    const start = performance.now();
    const model = await randomForest.fit(params(task), x, y);
    const seconds = (performance.now() - start) / 1000;
    models.set(task.model, model);
    return { seconds };
  },
  nodes: ({ model }) => ({ nodes: countNodes(models.get(model)) }),
  scores(task) {
    writeScores(task.path, models.get(task.model).predictScoresBatch(rowsOf(task).x));
  },
  batch(task) {
    const model = models.get(task.model);
    const { x } = rowsOf(task);
    const start = performance.now();
    model.predictScoresBatch(x);
    return { seconds: (performance.now() - start) / 1000 };
  },
  one({ model: name, data: rowData, calls }) {
    const model = models.get(name);
    const { values, features, nSamples } = data.get(rowData).x;
    const width = features.length;
    const row = new Float32Array(width);
    const out = new Float64Array(2);
    // As the engines called from C do, each call takes its row from the matrix first.
    return timeCalls((i) => {
      const from = (i % nSamples) * width;
      for (let f = 0; f < width; f++) row[f] = values[from + f];
      model.predictScores(row, out);
    }, calls);
  },
  some({ model: name, data: rowData, rows, calls }) {
    const model = models.get(name);
    const batches = windows(data.get(rowData).x.nSamples, rows).map(
      (from) => rowsOf({ data: rowData, rows, from }).x,
    );
    return timeCalls((i) => model.predictScoresBatch(batches[i % batches.length]), calls);
  },
  /** Microseconds of each of `calls` predictions of the labels of all rows, as scikit-learn's predict. */
  labels(task) {
    const model = models.get(task.model);
    const { x } = rowsOf(task);
    const predicted = new Uint8Array(x.nSamples);
    const us = Array.from({ length: task.calls }, () => {
      const start = performance.now();
      const scores = model.predictScoresBatch(x);
      for (let i = 0; i < predicted.length; i++) predicted[i] = scores[2 * i + 1] > scores[2 * i] ? 1 : 0;
      return (performance.now() - start) * 1000;
    });
    return { us };
  },
  memory: () => ({ peakBytes: peakBytes() }),
});

function windows(nSamples, rows) {
  return Array.from({ length: Math.floor(nSamples / rows) }, (_, i) => i * rows);
}

function version() {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}

/** Nodes of a fitted forest, leaves included; null when its form does not tell. */
function countNodes({ forest }) {
  return forest?.nNodes ?? forest?.nanLeft?.length ?? null;
}
