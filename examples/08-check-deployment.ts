// Proves that a logged detector can be loaded and still predicts what it predicted when it was trained. No code of it is run.
import { checkDeployment, openWorkspace, runExperiment, SAMPLE_PATH, silent } from 'phantomnet';

const workspace = await openWorkspace();
const run = await runExperiment(
  {
    experiment: 'examples',
    data: { path: SAMPLE_PATH },
    features: { names: ['payload_length'] },
    split: { method: 'stratified' },
    crossValidation: { folds: 0 },
    baselines: [],
  },
  { workspace, progress: silent },
);

const report = await checkDeployment(workspace, run.model.address, {
  sanityInput: [{ payload_length: 120 }],
  expect: [0],
  latencyLimitMs: 100,
});
for (const { name, passed } of report.checks) console.log(`${passed ? 'pass' : 'FAIL'}  ${name}`);
console.log(`predictions ${JSON.stringify(report.predictions)}`);

const wrong = await checkDeployment(workspace, run.model.address, {
  sanityInput: [{ payload_length: 120 }],
  expect: [1],
});
console.log(`with the wrong expectation: ${wrong.passed ? 'pass' : 'FAIL'}`);
await workspace.close();
