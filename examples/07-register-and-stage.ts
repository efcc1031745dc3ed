// Trains a detector as one logged run, registers it, and moves it to Staging once every check has passed.
import {
  openWorkspace,
  registerRun,
  runExperiment,
  SAMPLE_PATH,
  setModelAlias,
  silent,
  stageVersion,
} from 'phantomnet';

const workspace = await openWorkspace();
const run = await runExperiment(
  {
    experiment: 'examples',
    data: { path: SAMPLE_PATH },
    features: { names: ['payload_length'] },
    split: { method: 'stratified' },
    crossValidation: { folds: 0 },
    estimator: { params: { nEstimators: 50 } },
    baselines: [],
  },
  { workspace, progress: silent },
);
console.log(`accuracy ${run.metrics['accuracy']!.toFixed(3)} on ${run.split.nTest} rows`);

const { name, version } = await registerRun(workspace, { name: 'Example_Detector', runId: run.runId });
const staged = await stageVersion(workspace, {
  name,
  version,
  stage: 'Staging',
  archiveExisting: true,
  minAccuracy: 0.85,
  maxLatencyMs: 100,
});
for (const check of staged.checks) console.log(`${check.passed ? 'pass' : 'FAIL'}  ${check.name}`);
console.log(`version is in ${staged.version.stage}, validated=${staged.version.tags['validated']}`);

const alias = await setModelAlias(workspace, { name, alias: 'champion', version, remove: false });
console.log(`models:/${name}@champion is that version: ${alias.version === version}`);
await workspace.close();
