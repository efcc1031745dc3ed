// One store that every contestant starts from: runs to search and to read, a model to ask for.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openRegistryStore } from '../../dist/register/index.js';
import { connectSqlite } from '../../dist/storage/sqlite-database.js';
import { openTrackingStore } from '../../dist/track/index.js';

/** Names of the seeded things that rows ask for. */
export const SEED = { experimentId: '1', model: 'bench', runId: '' };

/** Writes `runs` runs of 5 metrics, 5 params and 5 tags, one run with 1,000 points, and a model version. */
export async function seedStore(folder, runs) {
  const where = {
    uri: `sqlite:///${join(folder, 'store.db')}`,
    artifactRootUri: 'mlflow-artifacts:',
    env: {},
  };
  const tracking = await openTrackingStore(where);
  const { experimentId } = await tracking.createExperiment('bench');
  const five = (value) => Object.fromEntries(Array.from({ length: 5 }, (_, k) => [`k${k}`, value(k)]));
  for (let from = 0; from < runs; from += 500) {
    await Promise.all(
      Array.from({ length: Math.min(500, runs - from) }, async (_, at) => {
        const i = from + at;
        const { info } = await tracking.createRun({ experimentId, startTime: 1_700_000_000_000 + i });
        const metrics = Array.from({ length: 5 }, (_, k) => ({
          key: `k${k}`,
          value: ((i * 7919 + k * 104_729) % 10_007) / 10_007,
          timestamp: 1_700_000_000_000 + i,
          step: 0,
        }));
        await tracking.logBatch(info.runId, {
          metrics,
          params: five((k) => `p${(i + k) % 97}`),
          tags: five((k) => `t${(i * k) % 89}`),
        });
      }),
    );
  }
  const { info } = await tracking.createRun({ experimentId, runName: 'history' });
  SEED.runId = info.runId;
  const points = Array.from({ length: 1000 }, (_, step) => ({
    key: 'loss',
    value: 1 / (step + 1),
    timestamp: 1_700_000_000_000 + step,
    step,
  }));
  await tracking.logBatch(info.runId, { metrics: points });
  await tracking.close();
  const registry = await openRegistryStore(where);
  await registry.createRegisteredModel(SEED.model);
  await registry.createModelVersion({
    name: SEED.model,
    source: `mlflow-artifacts:/1/${info.runId}/artifacts/model`,
    runId: info.runId,
  });
  await registry.close();
}

/** Copies the seed for a contestant; MLflow gets the journal and the indexes that it would have made itself. */
export async function copySeed(from, to, { asMlflow }) {
  mkdirSync(join(to, 'artifacts'), { recursive: true });
  copyFileSync(join(from, 'store.db'), join(to, 'store.db'));
  if (!asMlflow) return;
  const sql = await connectSqlite(join(to, 'store.db'));
  const ours = sql.all("SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'phantomnet%'");
  for (const { name } of ours) sql.exec(`DROP INDEX "${name}"`);
  sql.exec('PRAGMA journal_mode = DELETE');
  sql.close();
}
