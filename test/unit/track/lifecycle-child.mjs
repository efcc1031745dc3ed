// Opens a store, starts a run with one inside it, prints their ids, and works until it is told to end.
import { setTimeout as pause } from 'node:timers/promises';
import { openTrackingStore, withRun } from '#src/track/index.js';

const store = await openTrackingStore({ uri: `sqlite:///${process.argv[2]}`, env: {} });
try {
  await withRun(store, { env: {} }, async ({ run: outer }) => {
    await withRun(store, { env: {}, parentRunId: outer.info.runId }, async ({ run, signal }) => {
      process.stdout.write(`${outer.info.runId} ${run.info.runId}\n`);
      await pause(60_000, undefined, { signal });
    });
  });
} catch (error) {
  process.exitCode = error.code === 'CANCELLED' ? 130 : 1;
} finally {
  await store.close();
}
