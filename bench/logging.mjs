// Time to log metrics in batches to the embedded store on disk, every batch durable before the next.
// node bench/logging.mjs [--json] [--metrics 10000] [--batch 1000] (needs a build)
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openTrackingStore } from '../dist/track/index.js';

const LIMIT_S = 1;
const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    metrics: { type: 'string', default: '10000' },
    batch: { type: 'string', default: '1000' },
  },
});
const count = wholeNumber('metrics');
const batchSize = wholeNumber('batch');

function wholeNumber(flag) {
  const value = Number(flags[flag]);
  if (Number.isInteger(value) && value > 0) return value;
  process.stderr.write(`--${flag} must be a whole number above 0, got ${JSON.stringify(flags[flag])}\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'phantomnet-bench-'));
const store = await openTrackingStore({ uri: `sqlite:///${join(folder, 'phantomnet.db')}`, env: {} });
try {
  const { info } = await store.createRun({ experimentId: '0' });
  const metrics = Array.from({ length: count }, (_, i) => ({
    key: `metric-${i % 10}`,
    value: Math.sin(i),
    timestamp: Date.now(),
    step: Math.floor(i / 10),
  }));
  const started = performance.now();
  for (let i = 0; i < count; i += batchSize)
    await store.logBatch(info.runId, { metrics: metrics.slice(i, i + batchSize) });
  const seconds = (performance.now() - started) / 1000;
  let stored = 0;
  for (let key = 0; key < Math.min(10, count); key++)
    stored += (await store.getMetricHistory(info.runId, `metric-${key}`)).length;
  if (stored !== count) throw new Error(`${count} metrics were logged, ${stored} are in the store`);
  const passed = seconds < LIMIT_S;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ seconds, metrics: count, batchSize, limitSeconds: LIMIT_S, node: process.version, passed })}\n`
      : `${count} metrics in batches of ${batchSize}: ${seconds.toFixed(3)} s (limit ${LIMIT_S} s)\n`,
  );
  process.exitCode = passed ? 0 : 1;
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}
