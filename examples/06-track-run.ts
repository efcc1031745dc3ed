// Logs a run of your own: params, metrics with steps, tags, an artifact. The run fails with the reason when the code throws.
// The store is sqlite:///phantomnet.db in the current folder, or what MLFLOW_TRACKING_URI names.
import { openTrackingStore, selectExperiment, withRun } from 'phantomnet';

const store = await openTrackingStore();
const { experimentId } = await selectExperiment(store, { name: 'examples' });

const runId = await withRun(store, { experimentId, runName: 'by-hand' }, async ({ run }) => {
  await store.logBatch(run.info.runId, {
    params: { threshold: '0.5' },
    metrics: [0.7, 0.8, 0.85].map((value, step) => ({ key: 'accuracy', value, step, timestamp: Date.now() })),
    tags: { team: 'honeypots' },
  });
  await store.artifacts(run.info.artifactUri).put('notes/why.md', '# Why\n\nTo see how a run is logged.\n');
  return run.info.runId;
});

const { info, metrics, params } = await store.getRun(runId);
console.log(`${info.runName}: ${info.status}, threshold ${params['threshold']}`);
console.log(`accuracy ${metrics['accuracy']?.value} at step ${metrics['accuracy']?.step}`);

const failed = withRun(store, { experimentId, runName: 'broken' }, async () => {
  throw new Error('the disk is full');
});
await failed.catch((error: Error) => console.log(`broken: ${error.message}`));
await store.close();
