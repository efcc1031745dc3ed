import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEmbeddedTracking } from '#src/track/embedded.js';

const order = (count: number) => Array.from({ length: count }, (_, i) => `metrics.k${i} DESC`);

// By 64 terms SQLite crashes, and the process with it.
it('sorts by as many metrics as it takes, and refuses more', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-orders-'));
  const store = await openEmbeddedTracking({ uri: `sqlite:///${folder}/a.db` });
  try {
    const names = ['first', 'second'];
    for (const [i, runName] of names.entries()) {
      const { info } = await store.createRun({ experimentId: '0', runName });
      const metrics = Array.from({ length: 30 }, (_, k) => ({
        key: `k${k}`,
        value: k === 29 ? i : 1,
        timestamp: 1,
        step: 0,
      }));
      await store.logBatch(info.runId, { metrics });
    }
    const { items } = await store.searchRuns({ experimentIds: ['0'], orderBy: order(30) });
    expect(items.map(({ info }) => info.runName)).toEqual(['second', 'first']);
    const refused = store.searchRuns({ experimentIds: ['0'], orderBy: order(31) });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_PARAMETER' });
    const models = await store.searchLoggedModels({
      experimentIds: ['0'],
      orderBy: order(30).map((text) => ({ fieldName: text.split(' ')[0]! })),
    });
    expect(models.items).toEqual([]);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
});

it('samples a series once, however often its run is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-samples-'));
  const store = await openEmbeddedTracking({ uri: `sqlite:///${folder}/a.db` });
  try {
    const { info } = await store.createRun({ experimentId: '0' });
    for (let from = 0; from < 40_000; from += 10_000) {
      const metrics = Array.from({ length: 10_000 }, (_, i) => ({
        key: 'loss',
        value: from + i,
        timestamp: 1,
        step: from + i,
      }));
      await store.logBatch(info.runId, { metrics });
    }
    const points = await store.sampleMetricHistory(Array<string>(300).fill(info.runId), 'loss', {
      maxResults: 2,
    });
    expect(points.map(({ step }) => step).slice(0, 4)).toEqual([0, 39_999, 0, 39_999]);
    expect(points).toHaveLength(600);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
});
