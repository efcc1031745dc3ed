// ml-random-forest's side of `npm run bench`. It takes rows as arrays: they are made before the fit is timed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readFloats, serve, writeScores } from './serve.mjs';

const require = createRequire(new URL('../peers/package.json', import.meta.url));
const { RandomForestClassifier } = require('ml-random-forest');
const data = new Map();
const models = new Map();

await serve({
  hello: () => ({
    versions: {
      'ml-random-forest': JSON.parse(
        readFileSync(new URL('../peers/node_modules/ml-random-forest/package.json', import.meta.url), 'utf8'),
      ).version,
    },
  }),
  load({ data: name, x, y, columns }) {
    data.set(name, { values: readFloats(x), labels: readFileSync(y), columns });
  },
  fit({ data: name, model, rows, trees, depth, seed }) {
    const { values, labels, columns } = data.get(name);
    const forest = new RandomForestClassifier({
      seed,
      nEstimators: trees,
      maxFeatures: Math.floor(Math.sqrt(columns)),
      replacement: false,
      useSampleBagging: true,
      noOOB: true,
      treeOptions: { maxDepth: depth },
    });
    const x = rowArrays(values, columns, rows);
    const y = Array.from(labels.subarray(0, rows));
    const start = performance.now();
    forest.train(x, y);
    const seconds = (performance.now() - start) / 1000;
    models.set(model, forest);
    return { seconds };
  },
  scores({ data: name, model, path }) {
    const { values, columns, labels } = data.get(name);
    const forest = models.get(model);
    const votes = forest.predictionValues(rowArrays(values, columns, labels.length));
    const scores = new Float64Array(2 * labels.length);
    for (let i = 0; i < labels.length; i++) {
      const row = votes.getRow(i);
      scores[2 * i + 1] = row.reduce((sum, vote) => sum + vote, 0) / row.length;
    }
    writeScores(path, scores);
  },
});

function rowArrays(values, columns, rows) {
  return Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)));
}
