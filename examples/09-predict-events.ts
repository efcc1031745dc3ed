// Scores events with a logged detector: objects in memory, and a file of any size in constant memory.
import { loadDetector, openWorkspace, predictFile, runExperiment, SAMPLE_PATH, silent } from 'phantomnet';

const workspace = await openWorkspace();
const { model } = await runExperiment(
  {
    experiment: 'examples',
    data: { path: SAMPLE_PATH },
    split: { method: 'stratified' },
    crossValidation: { folds: 0 },
    estimator: { params: { nEstimators: 50 } },
    baselines: [],
  },
  { workspace, progress: silent },
);

const { detector } = await loadDetector(workspace, model.address);
const [prediction] = detector.predict([
  {
    honeypot_type: 'http',
    port: 8080,
    method: 'GET',
    path: '/search',
    user_agent: 'curl/8.5',
    data: { query: "' OR 1=1 --" },
  },
]);
console.log(`label ${prediction?.label}`);

let attacks = 0;
let lines = 0;
for await (const batch of predictFile(workspace, model.address, {
  data: { path: SAMPLE_PATH, maxRejects: 0.001, keepSecrets: false },
}))
  for (const { label } of batch) {
    lines += 1;
    if (label === 1) attacks += 1;
  }
console.log(`${attacks} of ${lines} events look like attacks`);
await workspace.close();
