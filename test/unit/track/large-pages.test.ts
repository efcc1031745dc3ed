import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { LIMITS } from '#src/mlflow/index.js';
import { openRegistryStore } from '#src/register/index.js';
import { startServer } from '#src/server/index.js';
import { openMlflowDatabase } from '#src/storage/index.js';
import { openTrackingStore } from '#src/track/index.js';

const folder = await mkdtemp(join(tmpdir(), 'phantomnet-pages-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

it('a history of more points than one answer may hold comes in pages, whatever is asked for', async () => {
  const most = LIMITS.historyPointsPerPage;
  const uri = `sqlite:///${join(folder, 'b.db')}`;
  const tracking = await openTrackingStore({ uri });
  const registry = await openRegistryStore({ uri });
  const { info } = await tracking.createRun({ experimentId: '0' });
  const db = await openMlflowDatabase({ uri });
  await db.write(() =>
    db.sql.run(
      `WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) SELECT 'loss', i, i, ?, i, 0 FROM n`,
      [most + 1, info.runId],
    ),
  );
  const server = await startServer({ tracking, registry, port: 0, env: {} });
  const page = async (more: string) => {
    const path = `/api/2.0/mlflow/metrics/get-history?run_id=${info.runId}&metric_key=loss${more}`;
    const { metrics, next_page_token: token } = (await (await fetch(server.uri + path)).json()) as {
      metrics: { step: number }[];
      next_page_token?: string;
    };
    return { count: metrics.length, first: metrics[0]?.step, token };
  };
  const whole = await page('');
  expect(whole).toMatchObject({ count: most, first: 0, token: expect.any(String) });
  expect(await page('&max_results=9000000')).toEqual(whole);
  expect(await page(`&page_token=${whole.token}`)).toEqual({ count: 2, first: most, token: undefined });
  await server.stop();
  for (const open of [db, registry, tracking]) await open.close();
});
