// Searches of many runs at the store, those that find nothing among them: milliseconds, the median of five.
// node bench/search.mjs [--runs 100000]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openTrackingStore } from '../dist/track/index.js';
import { SEED, seedStore } from './server/seed.mjs';

const { values: flags } = parseArgs({ options: { runs: { type: 'string', default: '100000' } } });
const LIMIT_MS = 50;
const searches = [
  ['', []],
  ['metrics.k1 > 0.5', ['metrics.k2 DESC']],
  ['metrics.k0 > 0.9', ['metrics.k0 DESC']],
  ['metrics.k0 > 0.9 AND metrics.k1 < 0.1', []],
  ['metrics.k0 > 0.8 AND metrics.k0 < 0.2', []],
  ["metrics.k0 > 0.5 AND params.k1 = 'p5' AND tags.k2 = 't4'", []],
  ['metrics.none > 1', []],
  ["params.k1 = 'p5'", []],
  ["params.k1 != 'p5'", []],
  ['params.k1 IS NULL', []],
  ["tags.k1 LIKE 't1%'", []],
  ["attributes.status = 'RUNNING'", []],
  ["attributes.status = 'FAILED'", []],
  ["attributes.user_id = 'x'", []],
  ["attributes.run_name = 'history'", []],
  ["attributes.run_name LIKE 'hist%'", []],
  ["attributes.run_name ILIKE '%istor%'", []],
  ['attributes.start_time > 1700000090000', []],
  ['', ['attributes.run_name']],
  ['', ['attributes.run_name DESC']],
  ['', ['attributes.status']],
  ['', ['attributes.end_time DESC']],
  ['', ['params.k1']],
  ['', ['tags.k1 DESC']],
];

const folder = mkdtempSync(join(tmpdir(), 'phantomnet-bench-search-'));
try {
  process.stderr.write(`seeding ${flags.runs} runs\n`);
  await seedStore(folder, Number(flags.runs));
  const store = await openTrackingStore({ uri: `sqlite:///${join(folder, 'store.db')}`, env: {} });
  for (const [filter, orderBy] of searches) {
    const times = [];
    for (let i = 0; i < 5; i++) {
      const started = performance.now();
      await store.searchRuns({ experimentIds: [SEED.experimentId], filter, orderBy, maxResults: 100 });
      times.push(performance.now() - started);
    }
    const median = times.sort((a, b) => a - b)[2];
    if (median >= LIMIT_MS) process.exitCode = 1;
    process.stdout.write(`${median.toFixed(1).padStart(7)} ms  ${filter || 'all'}  ${orderBy.join(', ')}\n`);
  }
  await store.close();
} finally {
  rmSync(folder, { recursive: true });
}
