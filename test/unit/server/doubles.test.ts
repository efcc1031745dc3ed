import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './tracking-server.js';

let server: TestServer;
let experimentId = '';
beforeAll(async () => {
  server = await startTestServer();
  experimentId = (await server.post('experiments/create', { name: 'doubles' })).body.experiment_id;
});
afterAll(() => server.stop());

const special = [
  0,
  -0,
  5e-324,
  -5e-324,
  2.2250738585072014e-308,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  0.1 + 0.2,
];
const anyDouble = fc.oneof(fc.double(), fc.constantFrom(...special), fc.integer());

/** What MLflow's store makes of a double: infinities are the largest ones, and SQLite keeps no sign of zero. */
function kept(value: number): number {
  if (value === Number.POSITIVE_INFINITY) return Number.MAX_VALUE;
  if (value === Number.NEGATIVE_INFINITY) return -Number.MAX_VALUE;
  return Object.is(value, -0) ? 0 : value;
}

const toWire = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

it('gives every double back bit for bit, in histories and as the latest point', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyDouble, { minLength: 1, maxLength: 150 }), async (values) => {
      const created = await server.post('runs/create', { experiment_id: experimentId });
      const runId: string = created.body.run.info.run_id;
      const metrics = values.map((value, step) => ({
        key: 'm',
        value: toWire(value),
        timestamp: step,
        step,
      }));
      expect((await server.post('runs/log-batch', { run_id: runId, metrics })).status).toBe(200);
      const { body } = await server.get(`metrics/get-history?run_id=${runId}&metric_key=m`);
      const read = body.metrics.map((point: { value: number | string }) => point.value);
      expect(read).toEqual(values.map(kept).map(toWire));
      const run = (await server.get(`runs/get?run_id=${runId}`)).body.run;
      expect(run.data.metrics).toEqual([
        {
          key: 'm',
          value: toWire(kept(values.at(-1)!)),
          timestamp: values.length - 1,
          step: values.length - 1,
        },
      ]);
    }),
    { numRuns: 60 },
  );
});
