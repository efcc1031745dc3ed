// A process of its own for tests: `create` opens a store and makes one experiment; `log` writes batches of 500 points of
// growing step until it is killed, and prints the number of each batch once it is written.
import { openEmbeddedTracking } from '#src/track/embedded.js';
import { startRun } from '#src/track/start-run.js';

const [command, uri, argument] = process.argv.slice(2);
const store = await openEmbeddedTracking({ uri });

if (command === 'create') {
  await store.createExperiment(argument);
  await store.close();
}
if (command === 'log') {
  const { info } = await startRun(store, { experimentId: '0' });
  process.stdout.write(`run ${info.runId}\n`);
  for (let batch = 0; ; batch++) {
    const metrics = Array.from({ length: 500 }, (_, i) => ({
      key: `m${i % 5}`,
      value: batch,
      timestamp: i,
      step: batch,
    }));
    await store.logBatch(info.runId, {
      metrics,
      params: { [`p${batch}`]: 'x' },
      tags: { batch: String(batch) },
    });
    process.stdout.write(`batch ${batch}\n`);
  }
}
