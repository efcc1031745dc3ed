// Serves an embedded store to MLflow's clients from this process, logs to it over HTTP, and searches.
import { allPages, openRegistryStore, openTrackingStore, quoteFilterText, startServer } from 'phantomnet';

const embedded = { uri: 'sqlite:///phantomnet.db', artifactRootUri: 'mlflow-artifacts:' };
const tracking = await openTrackingStore(embedded);
const registry = await openRegistryStore(embedded);
const server = await startServer({ tracking, registry, port: 0 });
console.log(`serving at ${server.uri}, for this machine only: ${server.isLoopback}`);

// From here on as any client does: MLFLOW_TRACKING_URI in Python, the same address for PhantomNet.
const client = await openTrackingStore({ uri: server.uri });
const { experimentId } = await client.createExperiment('served');
for (const [accuracy, team] of [
  [0.8, "blue's"],
  [0.85, "blue's"],
  [0.9, 'red'],
] as const) {
  const { info } = await client.createRun({ experimentId, runName: `at ${accuracy}` });
  await client.logBatch(info.runId, {
    metrics: [{ key: 'accuracy', value: accuracy, step: 0, timestamp: Date.now() }],
    tags: { team },
  });
  await client.artifacts(info.artifactUri).put('note.txt', `by ${team} team`);
  await client.updateRun(info.runId, { status: 'FINISHED', endTime: Date.now() });
}

const filter = `metrics.accuracy >= 0.8 AND tags.team = ${quoteFilterText("blue's")}`;
const runs = allPages((page) =>
  client.searchRuns({ ...page, experimentIds: [experimentId], filter, orderBy: ['metrics.accuracy DESC'] }),
);
for await (const { info, metrics } of runs) {
  const files = await client.artifacts(info.artifactUri).list();
  console.log(`${info.runName}: accuracy ${metrics['accuracy']!.value}, ${files.map(({ path }) => path)}`);
}

await client.close();
await server.stop();
await registry.close();
await tracking.close();
