import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedTracking } from '#src/track/embedded.js';

const script = fileURLToPath(new URL('./embedded-child.mjs', import.meta.url));
const seed = Number(process.env['PHANTOMNET_SEED'] ?? 42);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantomnet-crash-'));
});
afterAll(() => rm(folder, { recursive: true }));

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });

describe('the embedded store and other processes', () => {
  it('is created once when four processes start at once', async () => {
    const uri = `sqlite:///${folder}/together.db`;
    const names = ['a', 'b', 'c', 'd'];
    const codes = await Promise.all(
      names.map(async (name) => (await once(start('create', uri, name), 'exit'))[0] as number),
    );
    expect(codes).toEqual([0, 0, 0, 0]);
    const store = await openEmbeddedTracking({ uri });
    const found = (await store.searchExperiments({})).items.map((e) => e.name).sort();
    expect(found).toEqual(['Default', ...names].sort());
    await store.close();
  });

  // The child writes on while the signal is under way, so the kill falls somewhere in a later batch.
  it.each([0, 1, 2])(
    `keeps a batch whole or not at all when killed with -9 (seed ${seed}, kill %i)`,
    async (kill) => {
      const uri = `sqlite:///${folder}/kill-${kill}.db`;
      const child = start('log', uri);
      // Its pipe closes a little before it is gone.
      const gone = once(child, 'exit');
      const after = 1 + ((seed * 7 + kill * 5) % 11);
      let runId = '';
      let acknowledged = -1;
      for await (const line of createInterface({ input: child.stdout! })) {
        const [word, value] = line.split(' ');
        if (word === 'run') runId = value!;
        else acknowledged = Number(value);
        if (acknowledged === after) child.kill('SIGKILL');
      }
      await gone;
      const store = await openEmbeddedTracking({ uri });
      expect(store.recoveredRuns).toEqual([
        { runId, reason: `process ${child.pid} ended without closing the run` },
      ]);
      const run = await store.getRun(runId);
      expect(run.info.status).toBe('KILLED');
      expect(run.info.endTime).toBeGreaterThanOrEqual(run.info.startTime);
      expect(run.tags['phantomnet.statusReason']).toBe(store.recoveredRuns[0]?.reason);
      const written = Object.keys(run.params).length;
      expect(written).toBeGreaterThan(acknowledged);
      expect(run.tags['batch']).toBe(String(written - 1));
      for (const key of ['m0', 'm1', 'm2', 'm3', 'm4']) {
        const points = await store.getMetricHistory(runId, key);
        expect(points).toHaveLength(100 * written);
        expect(run.metrics[key]).toEqual(points.at(-1));
      }
      await store.close();
    },
  );
});
