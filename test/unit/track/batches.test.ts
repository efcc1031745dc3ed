import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openEmbeddedTracking } from '#src/track/embedded.js';
import type { Metric } from '#src/track/index.js';

const seed = Number(process.env['PHANTOMNET_SEED'] ?? 20264);

/** Few values a field, so that statements of all sizes have columns of one value, and points are written twice. */
const point: fc.Arbitrary<Metric> = fc.record({
  key: fc.constantFrom('a', 'b', 'é'),
  value: fc.constantFrom(0.5, -1, Number.NaN, Number.POSITIVE_INFINITY),
  timestamp: fc.constantFrom(0, 1_710_000_000_000),
  step: fc.integer({ min: -1, max: 60 }),
});
const oneKey = fc.tuple(fc.integer({ min: 1, max: 250 }), fc.integer({ min: 0, max: 1 }));

const order = (a: Metric, b: Metric) => a.step - b.step || a.timestamp - b.timestamp || stored(a) - stored(b);
/** NaN is kept as 0, and so ordered. */
const stored = ({ value }: Metric) => (Number.isNaN(value) ? 0 : value);
/** What comes back of an infinity is the largest double, as in MLflow. */
const readBack = (metric: Metric) =>
  metric.value === Number.POSITIVE_INFINITY ? { ...metric, value: Number.MAX_VALUE } : metric;

it(`keeps each point of a batch once, whatever its points share, and the newest of each key; seed ${seed}`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-batches-'));
  const store = await openEmbeddedTracking({ uri: `sqlite:///${folder}/a.db` });
  const check = async (metrics: readonly Metric[]) => {
    const { info } = await store.createRun({ experimentId: '0' });
    await store.logBatch(info.runId, { metrics });
    const run = await store.getRun(info.runId);
    const different = new Map(
      metrics.map((metric) => [JSON.stringify(Object.values(readBack(metric))), metric]),
    );
    const keys = new Set(metrics.map((metric) => metric.key));
    // As MLflow has them: in the order in which they came first.
    expect(Object.keys(run.metrics)).toEqual([...keys]);
    for (const key of keys) {
      const expected = [...different.values()]
        .filter((metric) => metric.key === key)
        .map(readBack)
        .sort(order);
      expect(await store.getMetricHistory(info.runId, key)).toEqual(expected);
      expect(run.metrics[key]).toEqual(expected.at(-1));
    }
  };
  try {
    await fc.assert(fc.asyncProperty(fc.array(point, { minLength: 1, maxLength: 330 }), check), {
      seed,
      numRuns: 40,
    });
    await fc.assert(
      fc.asyncProperty(oneKey, ([length, stride]) =>
        check(Array.from({ length }, (_, step) => ({ key: 'k', value: step * stride, timestamp: 5, step }))),
      ),
      { seed, numRuns: 20 },
    );
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
});
