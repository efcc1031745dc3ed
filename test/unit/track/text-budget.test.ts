import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '#src/mlflow/index.js';
import { searchRegisteredModels } from '#src/register/embedded-search-models.js';
import { searchModelVersions } from '#src/register/embedded-search-versions.js';
import { openRegistryStore, type RegistryStore } from '#src/register/index.js';
import { type MlflowDatabase, openMlflowDatabase, type TextBudget } from '#src/storage/index.js';
import { searchExperiments } from '#src/track/embedded-search-experiments.js';
import { searchLoggedModels } from '#src/track/embedded-search-models.js';
import { searchRuns } from '#src/track/embedded-search-runs.js';
import { openTrackingStore, type TrackingStore } from '#src/track/index.js';

const folder = await mkdtemp(join(tmpdir(), 'phantomnet-budget-'));
const uri = `sqlite:///${join(folder, 'a.db')}`;
let tracking: TrackingStore;
let registry: RegistryStore;
let db: MlflowDatabase;
beforeAll(async () => {
  tracking = await openTrackingStore({ uri });
  registry = await openRegistryStore({ uri });
  db = await openMlflowDatabase({ uri });
});
afterAll(async () => {
  for (const open of [db, registry, tracking]) await open.close();
  await rm(folder, { recursive: true, force: true });
});

type Search = (pageToken?: string, budget?: TextBudget) => Page<unknown>;

const FIVE = ['0', '1', '2', '3', '4'];
const LONG = 'x'.repeat(10_000);
const HALF = 'x'.repeat(5_000);
const DATASET = { name: 'd', digest: '1', sourceType: 'local', source: 'here', tags: {} };

/** Makes an experiment of five runs and returns the search that finds them. */
async function runsWith(write: (runId: string) => Promise<void>): Promise<Search> {
  const { experimentId } = await tracking.createExperiment(`runs ${write}`);
  for (const runName of FIVE) await write((await tracking.createRun({ experimentId, runName })).info.runId);
  const query = { experimentIds: [experimentId], orderBy: ['attributes.run_name'] };
  return (pageToken = '', budget) => searchRuns(db, { ...query, pageToken }, budget);
}

async function loggedModelsWith(texts: { params?: { p: string }; tags?: { t: string } }): Promise<Search> {
  const { experimentId } = await tracking.createExperiment(`models ${Object.keys(texts)}`);
  for (const name of FIVE) await tracking.createLoggedModel({ experimentId, name, ...texts });
  const query = { experimentIds: [experimentId], orderBy: [{ fieldName: 'name' }] };
  return (pageToken = '', budget) => searchLoggedModels(db, { ...query, pageToken }, budget);
}

async function registeredModelsWith(
  kind: string,
  write: (name: string) => Promise<unknown>,
): Promise<Search> {
  for (const n of FIVE) await write(`${kind} ${n}`);
  const query = { filter: `name LIKE '${kind}%'` };
  return (pageToken = '', budget) => searchRegisteredModels(db, { ...query, pageToken }, budget);
}

async function versionsWith(
  name: string,
  texts: { description?: string; tags?: { t: string } },
): Promise<Search> {
  await registry.createRegisteredModel(name);
  for (const _ of FIVE) await registry.createModelVersion({ name, source: 'here', ...texts });
  const query = { filter: `name = '${name}'`, orderBy: ['version_number ASC'] };
  return (pageToken = '', budget) => searchModelVersions(db, { ...query, pageToken }, budget);
}

async function experimentsWith(tags: Readonly<Record<string, string>>): Promise<Search> {
  for (const n of FIVE) await tracking.createExperiment(`tagged ${n}`, tags);
  const query = { filter: "name LIKE 'tagged%'", orderBy: ['name'] };
  return (pageToken = '', budget) => searchExperiments(db, { ...query, pageToken }, budget);
}

/** Each makes five items of one text, or two, of 10,000 bytes, and returns the search that finds them in order. */
const KINDS: Readonly<Record<string, () => Promise<Search>>> = {
  'params of runs': () => runsWith((id) => tracking.logBatch(id, { params: { p: HALF, q: HALF } })),
  'tags of runs': () => runsWith((id) => tracking.logBatch(id, { tags: { t: HALF, u: HALF } })),
  'a profile shared by runs': () => runsWith((id) => tracking.logInputs(id, [{ ...DATASET, profile: LONG }])),
  'many data sets of runs': () =>
    runsWith((id) =>
      tracking.logInputs(
        id,
        FIVE.map((digest) => ({ ...DATASET, digest, source: 'x'.repeat(2_000) })),
      ),
    ),
  'models that runs read': () => runsWith((id) => tracking.logInputs(id, [], [LONG])),
  'params of logged models': () => loggedModelsWith({ params: { p: LONG } }),
  'tags of logged models': () => loggedModelsWith({ tags: { t: LONG } }),
  'tags of experiments': () => experimentsWith({ t: HALF, u: HALF }),
  'descriptions of registered models': () =>
    registeredModelsWith('described', (name) => registry.createRegisteredModel(name, { description: LONG })),
  'tags of registered models': () =>
    registeredModelsWith('tagged', (name) => registry.createRegisteredModel(name, { tags: { t: LONG } })),
  'the newest versions of registered models': () =>
    registeredModelsWith('versioned', async (name) => {
      await registry.createRegisteredModel(name);
      await registry.createModelVersion({ name, source: 'old', description: LONG });
      await registry.createModelVersion({ name, source: 'new', description: HALF, tags: { t: HALF } });
    }),
  'descriptions of versions': () => versionsWith('a', { description: LONG }),
  'tags of versions': () => versionsWith('b', { tags: { t: LONG } }),
};

describe.each(Object.entries(KINDS))('a search that would answer with %s', (_, make) => {
  it('ends a page before the budget is passed, and gives everything in its order over the pages', async () => {
    const search = await make();
    const whole = search().items;
    const pagesOf = (budget: TextBudget) => {
      const pages = [search('', budget)];
      for (let token = pages[0]!.nextPageToken; token !== undefined; token = pages.at(-1)!.nextPageToken)
        pages.push(search(token, budget));
      expect(pages.flatMap((page) => page.items)).toEqual(whole);
      return pages.map((page) => page.items.length);
    };
    expect(whole).toHaveLength(5);
    expect(pagesOf({ page: 60_000, item: 60_000 })).toEqual([5]);
    expect(pagesOf({ page: 25_000, item: 25_000 })).toEqual([2, 2, 1]);
    expect(pagesOf({ page: 5_000, item: 15_000 })).toEqual([1, 1, 1, 1, 1]);
    const most = { page: 5_000, item: 9_000 };
    expect(() => search('', most)).toThrow(
      expect.objectContaining({
        code: 'CONFLICT',
        message: expect.stringMatching(
          /^the first item of this page has 1\d{4} bytes of text; .* at most 9000$/,
        ),
      }),
    );
  });
});

it('pages end where they should, however many rows are measured', async () => {
  const { experimentId } = await tracking.createExperiment('many');
  const made = Array.from({ length: 2_100 }, (_, i) => ({ id: `r${i}`, startTime: -i }));
  await db.write(() => {
    for (const { id, startTime } of made)
      db.sql.run(
        `INSERT INTO runs (run_uuid, name, status, start_time, lifecycle_stage, artifact_uri, experiment_id)
         VALUES (?, 'name', 'RUNNING', ?, 'active', 'uri', ?)`,
        [id, startTime, Number(experimentId)],
      );
  });
  const count = (page: number) =>
    searchRuns(db, { experimentIds: [experimentId], maxResults: 2_100 }, { page, item: 100 }).items.map(
      (run) => run.info.runId,
    );
  const ids = made.map(({ id }) => id);
  expect(count(2_100 * 7)).toEqual(ids);
  expect(count(1_500 * 7)).toEqual(ids.slice(0, 1_500));
  expect(count(2_000 * 7)).toEqual(ids.slice(0, 2_000));
});

it('thirty-two MiB of text are a page when nothing else is said', async () => {
  const { experimentId } = await tracking.createExperiment('large');
  const profile = 'x'.repeat(15_000_000);
  for (const runName of ['0', '1', '2']) {
    const { info } = await tracking.createRun({ experimentId, runName });
    await tracking.logInputs(info.runId, [{ ...DATASET, profile }]);
  }
  const page = async (pageToken = '') => {
    const { items, nextPageToken } = await tracking.searchRuns({ experimentIds: [experimentId], pageToken });
    const lengths = items.map((run) => run.datasets[0]?.profile?.length);
    return { lengths, nextPageToken };
  };
  const first = await page();
  expect(first.lengths).toEqual([15_000_000, 15_000_000]);
  expect(await page(first.nextPageToken)).toEqual({ lengths: [15_000_000], nextPageToken: undefined });
});

it('data sets of a run come in the order they were linked, each with its tags', async () => {
  const { info } = await tracking.createRun({ experimentId: '0' });
  const datasets = Array.from({ length: 300 }, (_, i) => ({
    ...DATASET,
    digest: String(i),
    ...(i % 2 === 0 ? { schema: '[]' } : { profile: '{}' }),
    tags: i % 3 === 0 ? {} : { b: `"${i}"`, a: 'é' },
  }));
  await tracking.logInputs(info.runId, datasets);
  expect((await tracking.getRun(info.runId)).datasets).toEqual(datasets);
});
