import { afterAll, expect, it } from 'vitest';
import { scratch } from '../support/cli.js';
import { createRun, get, history, must, post } from './server-calls.js';
import { startServerProcess } from './server-process.js';

const WRITERS = 32;
const WRITES = 25;

const { folder: cwd, remove } = scratch();
afterAll(remove);

it(`${WRITERS} writers on one run lose nothing and write nothing twice`, async () => {
  const server = await startServerProcess(cwd);
  const { uri } = server;
  const runId = await createRun(uri);
  const writer = async (w: number) => {
    for (let i = 0; i < WRITES; i++) {
      const step = w * WRITES + i;
      await must(
        post(uri, 'runs/log-metric', { run_id: runId, key: 'shared', value: step, timestamp: 1, step }),
      );
      const metrics = [0, 1].map((j) => ({ key: `own${w}`, value: j, timestamp: 1, step: 2 * i + j }));
      const params = [{ key: `p${w}-${i}`, value: 'x' }];
      await must(post(uri, 'runs/log-batch', { run_id: runId, metrics, params, tags: [] }));
      // The same param with another value is refused, and harms no other write of its group.
      const again = [{ key: `p${w}-${i}`, value: 'y' }];
      const refused = await post(uri, 'runs/log-batch', {
        run_id: runId,
        metrics: [],
        params: again,
        tags: [],
      });
      expect(refused).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, w) => writer(w)));
  const shared = await history(uri, runId, 'shared');
  expect(shared.map((m) => m.value)).toEqual(Array.from({ length: WRITERS * WRITES }, (_, step) => step));
  for (let w = 0; w < WRITERS; w++) expect(await history(uri, runId, `own${w}`)).toHaveLength(2 * WRITES);
  const { run } = await must(get(uri, 'runs/get', { run_id: runId }));
  expect(run.data.params).toHaveLength(WRITERS * WRITES);
  expect(new Set(run.data.params.map((p: { value: string }) => p.value))).toEqual(new Set(['x']));
  const latest = run.data.metrics.find((m: { key: string }) => m.key === 'shared');
  expect(latest.value).toBe(WRITERS * WRITES - 1);
  expect(await server.stop()).toBe(0);
});
