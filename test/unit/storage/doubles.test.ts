import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMlflowDatabase, type SqliteDriver } from '#src/storage/index.js';
import { hasNodeSqlite } from '#src/storage/sqlite-node.js';
import { openEmbeddedTracking } from '#src/track/embedded.js';

const drivers: readonly SqliteDriver[] = ['libsql', 'node:sqlite'];
const seed = Number(process.env['PHANTOMNET_SEED'] ?? 20262);

const bits = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
};
/** Doubles from random bits reach every exponent alike; `fc.double` prefers edges. */
const fromBits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes.readDoubleBE(0);
});
const edges = [5e-324, -5e-324, 2 ** -1022, 2 ** -1022 - 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 0, 0.1];
const finite = fc.oneof(
  fromBits,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(...edges),
);
const usable = finite.filter((value) => Number.isFinite(value) && !Object.is(value, -0));

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-doubles-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

for (const driver of drivers) {
  const missing = driver === 'node:sqlite' && !hasNodeSqlite();
  const why = missing ? ` (skipped: Node ${process.versions.node} has no node:sqlite)` : '';

  it.skipIf(missing)(
    `every double comes back from the tables of metrics bit for bit, by ${driver}${why}`,
    () =>
      withFolder(async (folder) => {
        const db = await openMlflowDatabase({ uri: `sqlite:///${folder}/a.db`, driver });
        const values = [...edges, ...fc.sample(usable, { numRuns: 3_000, seed })];
        await db.write(() => {
          db.sql.run(
            "INSERT INTO runs (run_uuid, status, lifecycle_stage, experiment_id) VALUES ('r', 'RUNNING', 'active', 0)",
          );
          for (const [step, value] of values.entries()) {
            for (const [table, key] of [
              ['metrics', 'k'],
              ['latest_metrics', `k${step}`],
            ]) {
              db.sql.run(
                `INSERT INTO ${table} (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, 0, 'r', ?, 0)`,
                [key!, value, step],
              );
            }
          }
        });
        for (const table of ['metrics', 'latest_metrics']) {
          const stored = db.sql
            .all(`SELECT value FROM ${table} ORDER BY step`)
            .map((row) => Number(row['value']));
          expect(stored.map(bits)).toEqual(values.map(bits));
          // The primary key of metrics holds the value too, and must find it.
          const found = db.sql.get(`SELECT count(*) AS n FROM ${table} WHERE value = ?`, [values.at(-1)!]);
          expect(Number(found?.['n'])).toBeGreaterThan(0);
        }
        await db.close();
      }),
  );
}

describe('metrics of the embedded store', () => {
  it('come back bit for bit; NaN as NaN, infinities as the largest doubles, minus zero as zero', () =>
    withFolder(async (folder) => {
      const store = await openEmbeddedTracking({ uri: `sqlite:///${folder}/a.db` });
      const { info } = await store.createRun({ experimentId: '0', runName: 'r', userId: 'u', tags: {} });
      const random = fc.sample(usable, { numRuns: 900, seed });
      const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, ...random];
      await store.logBatch(info.runId, {
        metrics: values.map((value, step) => ({ key: 'k', value, timestamp: 1, step })),
      });
      const history = await store.getMetricHistory(info.runId, 'k');
      const expected = [Number.NaN, Number.MAX_VALUE, -Number.MAX_VALUE, 0, ...random];
      expect(history.map((m) => bits(m.value))).toEqual(expected.map(bits));
      expect(bits((await store.getRun(info.runId)).metrics['k']!.value)).toBe(bits(random.at(-1)!));
      await store.close();
    }));
});
