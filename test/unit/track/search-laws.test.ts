import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRunFilter, parseRunOrder, quoteFilterKey, quoteFilterText } from '#src/mlflow/index.js';
import { connectSqlite } from '#src/storage/sqlite-database.js';
import { type EmbeddedTracking, openEmbeddedTracking } from '#src/track/embedded.js';
import type { Run } from '#src/track/index.js';
import { evaluate } from './search-evaluator.js';

const seed = Date.now() % 2 ** 31;
const KEYS = ['m', 'a b', 'x.y'];
const TEXTS = ['', 'a', 'A', 'ab', 'a%b', 'a_b', '*?[a]', 'Ä', '10', '9', "it's"];
const NUMBERS = [0, -0, 1, -1.5, 1e300, 5e-324, Number.NaN, Number.MAX_VALUE];
const START = 1_700_000_000_000;

const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const runs = fc.record({
  startTime: fc.integer({ min: START, max: START + 3 }),
  runName: oneOf(TEXTS.filter((text) => text !== '')),
  ended: fc.boolean(),
  metrics: fc.dictionary(oneOf(KEYS), oneOf(NUMBERS)),
  params: fc.dictionary(oneOf(KEYS), oneOf(TEXTS)),
  tags: fc.dictionary(oneOf(KEYS), oneOf(TEXTS)),
  data: maybe(
    fc.record({ name: oneOf(['a', 'B']), digest: oneOf(['1', '2']), context: maybe(oneOf(['t', 'T'])) }),
  ),
});

const text = oneOf([...TEXTS, '%', 'a%', '_', '%B']).map(quoteFilterText);
const number = oneOf(['0', '-1.5', '1', '1e300', '5e-324', '2.', '.5', '1e400', '-1e400']);
const key = oneOf(KEYS).map(quoteFilterKey);
const textOperator = oneOf(['=', '!=', 'LIKE', 'ilike']);
const numberOperator = oneOf(['=', '!=', '<', '<=', '>', '>=']);
const join3 = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(' '));
const clause = fc.oneof(
  join3(
    key.map((k) => `metrics.${k}`),
    numberOperator,
    number,
  ),
  join3(
    key.map((k) => `params.${k}`),
    textOperator,
    text,
  ),
  join3(
    key.map((k) => `tags.${k}`),
    textOperator,
    text,
  ),
  join3(
    key.map((k) => `tags.${k}`),
    oneOf(['IS NULL', 'IS NOT NULL']),
  ),
  join3(oneOf(['run_name', 'user_id', 'status']), textOperator, text),
  join3(
    oneOf(['start_time', 'end_time']),
    numberOperator,
    oneOf([`${START}`, `${START + 2}`, `${START + 1}.5`]),
  ),
  join3(oneOf(['dataset.name', 'dataset.digest', 'dataset.context']), textOperator, text),
  join3(oneOf(['dataset.name', 'dataset.context']), oneOf(['IN', 'NOT IN']), oneOf(["('a', 't')", "('B')"])),
);
const filters = fc.array(clause, { maxLength: 3 }).map((all) => all.join(' AND '));
const name = fc.oneof(
  key.map((k) => `metrics.${k}`),
  key.map((k) => `params.${k}`),
  key.map((k) => `tags.${k}`),
  oneOf(['start_time', 'end_time', 'run_name', 'status', 'run_id']),
);
const orders = fc
  .uniqueArray(fc.tuple(name, oneOf(['', ' DESC', ' ASC'])), { maxLength: 3, selector: ([n]) => n })
  .map((all) => all.map((parts) => parts.join('')));

describe('searches of runs', () => {
  let folder: string;
  let store: EmbeddedTracking;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phantomnet-search-'));
    store = await openEmbeddedTracking({ uri: `sqlite:///${folder}/store.db` });
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it(`find what plain code finds, in its order, page by page (seed ${seed})`, async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(runs, { minLength: 5, maxLength: 12 }),
        fc.array(fc.tuple(filters, orders), { minLength: 20, maxLength: 20 }),
        async (made, searches) => {
          const { experimentId } = await store.createExperiment(`e${Math.random()}`);
          const all: Run[] = [];
          for (const run of made) all.push(await createRun(store, experimentId, run));
          for (const [filter, orderBy] of searches) {
            const expected = evaluate(all, parseRunFilter(filter), parseRunOrder(orderBy));
            expect(await search(store, { experimentIds: [experimentId], filter, orderBy })).toEqual(expected);
            found += expected.length;
          }
        },
      ),
      { seed, numRuns: 15 },
    );
    expect(found).toBeGreaterThan(300);
  }, 60_000);

  // Few runs are all looked at; these are too many for that, so indexes lead.
  it('find the same where an index leads', async () => {
    const { experimentId } = await store.createExperiment('many');
    const { info } = await store.createRun({ experimentId });
    const sql = await connectSqlite(`${folder}/store.db`);
    sql.transaction(() => {
      sql.run(
        `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2499)
         INSERT INTO runs (run_uuid, name, status, start_time, lifecycle_stage, experiment_id, artifact_uri, user_id)
         SELECT printf('%032d', i), 'n', 'RUNNING', ${START} + i % 50, 'active', ?, '', '' FROM n`,
        [Number(experimentId)],
      );
      sql.run(
        `INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)
         SELECT 'm', CASE WHEN start_time % 10 = 0 THEN 0 ELSE start_time % 7 END, 1, 0, start_time % 10 = 0, run_uuid
         FROM runs WHERE experiment_id = ? AND run_uuid <> ? AND start_time % 9 > 0`,
        [Number(experimentId), info.runId],
      );
      sql.run(
        `INSERT INTO params (key, value, run_uuid)
         SELECT 'p', CASE WHEN start_time % 50 < 44 THEN 'many' ELSE 'v' || start_time % 50 END, run_uuid
         FROM runs WHERE experiment_id = ? AND run_uuid <> ? AND start_time % 50 <> 49`,
        [Number(experimentId), info.runId],
      );
      sql.run(
        `INSERT INTO tags (key, value, run_uuid)
         SELECT 't', 'T' || start_time % 11, run_uuid FROM runs WHERE experiment_id = ? AND start_time % 4 > 0`,
        [Number(experimentId)],
      );
      sql.run('UPDATE runs SET end_time = start_time + start_time % 3 WHERE start_time % 6 > 0', []);
    });
    sql.close();
    const all: Run[] = [];
    let pageToken: string | undefined;
    do {
      const page = await store.searchRuns({
        experimentIds: [experimentId],
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      all.push(...page.items);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    expect(all).toHaveLength(2_501);
    for (const filter of [
      '',
      'metrics.m > 3',
      'metrics.m >= 3 AND metrics.m < 5',
      'metrics.m != 2',
      'metrics.m != 0',
      'metrics.m > 5 AND start_time < 1700000000010',
      'metrics.m > 99',
      // More than a few meet each, and a few both.
      "params.p = 'many' AND metrics.m != 99",
      "metrics.m != 99 AND params.p LIKE 'man%' AND params.p != 'none'",
      "params.p = 'many'",
      "params.p != 'many' AND tags.t LIKE 'T1%'",
      "params.p = 'none'",
      "params.p ILIKE 'M%' AND metrics.m > 5",
      'tags.t IS NULL',
      "tags.t IS NOT NULL AND params.p LIKE '%4_'",
      'end_time > 1700000000040',
    ]) {
      for (const orderBy of [
        [],
        ['metrics.m'],
        ['metrics.m DESC', 'run_id'],
        ['end_time', 'metrics.m'],
        ['end_time DESC'],
        ['params.p'],
        ['params.p DESC', 'end_time'],
        ['tags.t DESC'],
        ['tags.none'],
      ]) {
        const expected = evaluate(all, parseRunFilter(filter), parseRunOrder(orderBy));
        const first = await store.searchRuns({
          experimentIds: [experimentId],
          filter,
          orderBy,
          maxResults: 40,
        });
        expect(
          first.items.map((run) => run.info.runId),
          `${filter} by ${orderBy}`,
        ).toEqual(expected.slice(0, 40));
        const last = Buffer.from(JSON.stringify({ offset: Math.max(1, expected.length - 5) })).toString(
          'base64',
        );
        const rest = await store.searchRuns({
          experimentIds: [experimentId],
          filter,
          orderBy,
          pageToken: last,
        });
        expect(rest.items.map((run) => run.info.runId)).toEqual(
          expected.slice(Math.max(1, expected.length - 5)),
        );
      }
    }
  }, 60_000);
});

type MadeRun = typeof runs extends fc.Arbitrary<infer Made> ? Made : never;

async function createRun(store: EmbeddedTracking, experimentId: string, made: MadeRun): Promise<Run> {
  const { startTime, runName, tags, params } = made;
  const { info } = await store.createRun({ experimentId, startTime, runName, tags, userId: runName });
  const metrics = Object.entries(made.metrics).map(([k, value]) => ({
    key: k,
    value,
    timestamp: 1,
    step: 0,
  }));
  await store.logBatch(info.runId, { metrics, params });
  if (made.ended) await store.updateRun(info.runId, { status: 'FINISHED', endTime: startTime + 1 });
  if (made.data !== undefined) {
    const { context, ...data } = made.data;
    const dataTags = context === undefined ? {} : { 'mlflow.data.context': context };
    await store.logInputs(info.runId, [
      { ...data, sourceType: 'local', source: '{}', tags: dataTags as Record<string, string> },
    ]);
  }
  return store.getRun(info.runId);
}

async function search(
  store: EmbeddedTracking,
  query: { readonly experimentIds: string[]; readonly filter: string; readonly orderBy: string[] },
): Promise<string[]> {
  const ids: string[] = [];
  let pageToken: string | undefined;
  do {
    const page = await store.searchRuns({
      ...query,
      maxResults: 4,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    ids.push(...page.items.map((run) => run.info.runId));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return ids;
}
