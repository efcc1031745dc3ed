import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openMlflowDatabase } from '#src/storage/index.js';
import { loadRunsUpTo } from '#src/track/embedded-run-rows.js';
import { openTrackingStore } from '#src/track/index.js';

const folder = await mkdtemp(join(tmpdir(), 'phantomnet-pages-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

it('runs are loaded until their texts are as long as they may be, the first of them always', async () => {
  const uri = `sqlite:///${join(folder, 'a.db')}`;
  const store = await openTrackingStore({ uri });
  const { experimentId } = await store.createExperiment('large');
  const tags = { note: 'x'.repeat(1_000) };
  await Promise.all(Array.from({ length: 150 }, () => store.createRun({ experimentId, tags })));
  await store.close();

  const db = await openMlflowDatabase({ uri });
  const rows = db.sql.rows('SELECT run_uuid, rowid FROM runs ORDER BY run_uuid');
  const ids = rows.map((row) => row[0]);
  const rowids = rows.map((row) => row[1]!);
  const loaded = (maxCharacters: number) =>
    loadRunsUpTo(db, rowids, maxCharacters).map(({ info }) => info.runId);
  expect(loaded(1e9)).toEqual(ids);
  expect(loaded(110_000)).toEqual(ids);
  expect(loaded(50_000)).toEqual(ids.slice(0, 100));
  expect(loaded(1)).toEqual(ids.slice(0, 100));
  await db.close();
});
