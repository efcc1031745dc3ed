import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import type { Page } from '#src/mlflow/index.js';
import { openEmbeddedRegistry } from '#src/register/embedded.js';
import type { RegistryStore } from '#src/register/index.js';
import { type EmbeddedTracking, openEmbeddedTracking } from '#src/track/embedded.js';
import { needsPython, python } from './python-client.js';
import { REFUSED_ON_PURPOSE, type SearchCase, searchCases } from './search-cases.js';
import { type Filled, fillStores } from './search-store.js';

if (needsPython !== '') console.log(`search${needsPython}`);

interface Answer {
  readonly ids?: readonly string[];
  readonly token?: string | null;
  readonly code?: string;
}

describe.skipIf(python === undefined)(`searches answered by MLflow's store and by ours${needsPython}`, () => {
  let folder: string;
  let tracking: EmbeddedTracking;
  let registry: RegistryStore;
  let filled: Filled;
  let oracle: ChildProcess;
  let lines: AsyncIterator<string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phantomnet-search-'));
    const uri = `sqlite:///${folder}/store.db`;
    tracking = await openEmbeddedTracking({ uri });
    registry = await openEmbeddedRegistry({ uri });
    filled = await fillStores(tracking, registry);
    const script = fileURLToPath(new URL('./search-oracle.py', import.meta.url));
    oracle = spawn(resolve(python!), [script, uri, join(folder, 'artifacts')], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    lines = createInterface({ input: oracle.stdout! })[Symbol.asyncIterator]();
    await lines.next();
  }, 120_000);
  afterAll(async () => {
    oracle?.stdin?.end();
    await registry?.close();
    await tracking?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ask = async (asked: object): Promise<Answer> => {
    oracle.stdin!.write(`${JSON.stringify(asked)}\n`);
    return JSON.parse((await lines.next()).value as string) as Answer;
  };
  const ours = async (asked: SearchCase, pageToken?: string): Promise<Answer> => {
    try {
      const page = await search(asked, pageToken);
      return { ids: page.items, token: page.nextPageToken ?? null };
    } catch (error) {
      if (error instanceof PhantomNetError) return { code: error.code };
      throw error;
    }
  };
  const search = async (asked: SearchCase, pageToken?: string): Promise<Page<string>> => {
    const query = {
      ...(asked.filter === undefined ? {} : { filter: asked.filter }),
      ...(asked.max === undefined ? {} : { maxResults: asked.max }),
      ...(pageToken === undefined ? {} : { pageToken }),
    };
    const orderBy = (asked.order ?? []) as string[];
    const view = asked.view === undefined ? {} : { viewType: asked.view };
    const experimentIds = asked.experiments ?? [];
    if (asked.kind === 'runs')
      return named(
        await tracking.searchRuns({ ...query, ...view, orderBy, experimentIds }),
        (r) => r.info.runId,
      );
    if (asked.kind === 'experiments')
      return named(await tracking.searchExperiments({ ...query, ...view, orderBy }), (e) => e.experimentId);
    if (asked.kind === 'registered')
      return named(await registry.searchRegisteredModels({ ...query, orderBy }), (m) => m.name);
    if (asked.kind === 'versions')
      return named(
        await registry.searchModelVersions({ ...query, orderBy }),
        (v) => `${v.name}/${v.version}`,
      );
    const fields = (asked.order ?? []) as Record<string, string | boolean>[];
    const found = await tracking.searchLoggedModels({
      ...query,
      experimentIds,
      orderBy: fields.map((o) => ({
        fieldName: o['field_name'] as string,
        ...(o['ascending'] === undefined ? {} : { ascending: o['ascending'] as boolean }),
        ...(o['dataset_name'] === undefined ? {} : { datasetName: o['dataset_name'] as string }),
        ...(o['dataset_digest'] === undefined ? {} : { datasetDigest: o['dataset_digest'] as string }),
      })),
      datasets: (asked.datasets ?? []).map((d) => ({
        datasetName: d['dataset_name']!,
        ...(d['dataset_digest'] ? { datasetDigest: d['dataset_digest'] } : {}),
      })),
    });
    return named(found, (m) => m.modelId);
  };

  it('gives the same ids in the same order, page by page, or refuses both', async () => {
    const differences: string[] = [];
    // All of them take a minute; a sample of every kind is in each check.
    const step = process.env['PHANTOMNET_ALL_SEARCHES'] === undefined ? 5 : 1;
    const cases = searchCases(filled).filter((_, i) => i % step === 0);
    const outcomes = { answered: 0, refused: 0 };
    for (const asked of cases) {
      let [token, theirToken]: (string | undefined | null)[] = [undefined, undefined];
      for (let page = 0; page < 20; page++) {
        const mine: Answer = await ours(asked, token ?? undefined);
        const theirs = await ask({ ...asked, filter: asked.filter || null, token: theirToken ?? null });
        const isSame =
          isRefusedOnPurpose(asked) && mine.code === 'INVALID_PARAMETER'
            ? true
            : theirs.code === undefined
              ? JSON.stringify(mine.ids) === JSON.stringify(theirs.ids) &&
                Boolean(mine.token) === Boolean(theirs.token)
              : mine.code === 'INVALID_PARAMETER';
        if (!isSame)
          differences.push(
            `${JSON.stringify(asked)} page ${page}:\n   ours   ${JSON.stringify(mine)}\n   theirs ${JSON.stringify(theirs)}`,
          );
        outcomes[theirs.code === undefined ? 'answered' : 'refused'] += 1;
        [token, theirToken] = [mine.token, theirs.token];
        if (!isSame || !token) break;
      }
    }
    console.log(`${cases.length} searches`, outcomes);
    expect(differences.length, differences.slice(0, 20).join('\n')).toBe(0);
    expect(outcomes.answered).toBeGreaterThan(200);
    expect(outcomes.refused).toBeGreaterThan(200);
  }, 600_000);

  it('gives the same data sets', async () => {
    const found = await tracking.searchDatasets(filled.experiments);
    const theirs = await ask({ kind: 'datasets', experiments: filled.experiments });
    const asSent = found.map((d) => [d.experimentId, d.name, d.digest, d.context ?? null]);
    expect(asSent.map((d) => JSON.stringify(d)).sort()).toEqual(
      theirs.ids!.map((id) => JSON.stringify(JSON.parse(id))).sort(),
    );
    expect(found.length).toBeGreaterThan(4);
  });
});

function isRefusedOnPurpose({ filter = '' }: SearchCase): boolean {
  return REFUSED_ON_PURPOSE.some((difference) => difference.filter.test(filter));
}

function named<T>(page: Page<T>, idOf: (item: T) => string): Page<string> {
  return { ...page, items: page.items.map(idOf) };
}
