// onnxruntime-node's side of `npm run bench`: sessions of one thread. Tensors of batches are made before they are timed;
// that of one row is made in the call, as every other engine takes its row from the matrix in the call.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readFloats, serve, timeCalls, writeScores } from './serve.mjs';

const require = createRequire(new URL('../peers/package.json', import.meta.url));
const ort = require('onnxruntime-node');
const data = new Map();
const models = new Map();

function feeds(session, { data: name, rows, from = 0 }) {
  const { values, columns } = data.get(name);
  const n = rows ?? values.length / columns;
  const part = values.subarray(from * columns, (from + n) * columns);
  return { [session.inputNames[0]]: new ort.Tensor('float32', part, [n, columns]) };
}

function someFeeds(session, { data: name, rows }) {
  const { values, columns } = data.get(name);
  const batches = Math.floor(values.length / columns / rows);
  return Array.from({ length: batches }, (_, i) => feeds(session, { data: name, rows, from: i * rows }));
}

const timed = ({ calls, ...task }) => {
  const session = models.get(task.model);
  const batches = someFeeds(session, task);
  return timeCalls((i) => session.run(batches[i % batches.length], ['probabilities']), calls);
};

await serve({
  hello: () => ({
    versions: {
      'onnxruntime-node': JSON.parse(readFileSync(require.resolve('onnxruntime-node/package.json'), 'utf8'))
        .version,
    },
  }),
  load({ data: name, x, columns }) {
    data.set(name, { values: readFloats(x), columns });
  },
  unload({ data: name, model }) {
    data.delete(name);
    models.delete(model);
  },
  async open({ model, path }) {
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
    models.set(model, await ort.InferenceSession.create(path, options));
  },
  async scores({ path, ...task }) {
    const session = models.get(task.model);
    const { probabilities } = await session.run(feeds(session, task), ['probabilities']);
    writeScores(path, probabilities.data);
  },
  async batch(task) {
    const session = models.get(task.model);
    const input = feeds(session, task);
    const start = performance.now();
    await session.run(input, ['probabilities']);
    return { seconds: (performance.now() - start) / 1000 };
  },
  one({ model, data: name, calls }) {
    const session = models.get(model);
    const { values, columns } = data.get(name);
    const nRows = values.length / columns;
    return timeCalls(
      (i) => session.run(feeds(session, { data: name, rows: 1, from: i % nRows }), ['probabilities']),
      calls,
    );
  },
  some: timed,
});
