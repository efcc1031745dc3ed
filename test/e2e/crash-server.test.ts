import { afterAll, describe, expect, it } from 'vitest';
import { phantomnet, scratch } from '../support/cli.js';
import { artifactUrl, createRun, get, history, must, post } from './server-calls.js';
import { startServerProcess } from './server-process.js';

const ROUNDS = Number(process.env['PHANTOMNET_TORTURE'] ?? 5);
const SEED = Number(process.env['PHANTOMNET_SEED'] ?? Date.now() % 2 ** 31);
/** A server is killed at a random time of this length after its clients have begun. */
const MAX_DELAY_MS = 400;
/** What one log-batch writes; all of it is there or nothing. */
const KEYS = ['a', 'b', 'c'];
const MODEL = 'torture';

/** A small seeded generator: the seed is printed, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What was begun and what was acknowledged, by number. */
interface Sent {
  begun: number;
  readonly acknowledged: number[];
}
const nothingSent = (): Sent => ({ begun: 0, acknowledged: [] });

const fileOf = (i: number): Buffer => Buffer.alloc(150_000 + i, `file ${i} `);
const pathOf = (runId: string, i: number): string => `0/${runId}/artifacts/part/${i}.bin`;

/** Calls again and again until the server is gone; anything but 200 before that is an error. */
async function untilKilled(sent: Sent, call: (i: number) => Promise<number>): Promise<void> {
  for (;;) {
    const i = sent.begun++;
    let status: number;
    try {
      status = await call(i);
    } catch {
      return;
    }
    expect(status).toBe(200);
    sent.acknowledged.push(i);
  }
}

function batches(uri: string, runId: string, sent: Sent): Promise<void> {
  return untilKilled(sent, async (i) => {
    const metrics = KEYS.map((key) => ({ key, value: i, timestamp: 1, step: i }));
    const tags = [{ key: `tag${i}`, value: 'x' }];
    return (await post(uri, 'runs/log-batch', { run_id: runId, metrics, params: [], tags })).status;
  });
}

function uploads(uri: string, runId: string, sent: Sent): Promise<void> {
  return untilKilled(sent, async (i) => {
    const body = new Uint8Array(fileOf(i));
    const response = await fetch(artifactUrl(uri, pathOf(runId, i)), { method: 'PUT', body });
    await response.text();
    return response.status;
  });
}

/** Versions are told apart by their description. */
function versions(uri: string, runId: string, sent: Sent): Promise<void> {
  return untilKilled(sent, async (i) => {
    const source = `mlflow-artifacts:/0/${runId}/artifacts`;
    const description = `${runId} ${i}`;
    return (await post(uri, 'model-versions/create', { name: MODEL, source, run_id: runId, description }))
      .status;
  });
}

async function expectWholeBatches(uri: string, runId: string, sent: Sent): Promise<void> {
  const { run } = await must(get(uri, 'runs/get', { run_id: runId }));
  const tags: string[] = (run.data.tags ?? []).map(({ key }: { key: string }) => key);
  const kept = tags.filter((key) => /^tag\d+$/.test(key)).map((key) => Number(key.slice(3)));
  const inOrder = kept.sort((a, b) => a - b);
  expect(inOrder).toEqual(expect.arrayContaining(sent.acknowledged));
  for (const key of KEYS) {
    expect((await history(uri, runId, key)).map(({ step }) => step)).toEqual(inOrder);
  }
}

async function expectWholeFiles(uri: string, runId: string, sent: Sent): Promise<void> {
  for (let i = 0; i < sent.begun; i++) {
    const response = await fetch(artifactUrl(uri, pathOf(runId, i)));
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status === 404 && !sent.acknowledged.includes(i)) continue;
    expect(response.status).toBe(200);
    expect(bytes.equals(fileOf(i))).toBe(true);
  }
  const listed = await must(get(uri, 'artifacts/list', { run_id: runId, path: 'part' }));
  for (const { path } of listed.files ?? []) expect(path).toMatch(/^part\/\d+\.bin$/);
}

async function expectVersions(uri: string, runId: string, sent: Sent): Promise<void> {
  const { model_versions: found = [] } = await must(
    get(uri, 'model-versions/search', { filter: `run_id = '${runId}'`, max_results: '10000' }),
  );
  const numbers = found.map((v: { description: string }) => Number(v.description.split(' ')[1]));
  expect(numbers).toEqual(expect.arrayContaining(sent.acknowledged));
  expect(new Set(numbers).size).toBe(numbers.length);
}

describe(`kill -9 of a server under load, ${ROUNDS} times, seed ${SEED}`, () => {
  const { folder: cwd, remove } = scratch();
  afterAll(remove);

  it(
    'loses nothing that was acknowledged and leaves nothing torn',
    async () => {
      console.log(`server crash test: ${ROUNDS} rounds, seed ${SEED} (repeat with PHANTOMNET_SEED=${SEED})`);
      const draw = random(SEED);
      const total = { batches: 0, files: 0, versions: 0 };
      let check = async (_uri: string): Promise<void> => undefined;
      for (let round = 0; round < ROUNDS; round++) {
        const server = await startServerProcess(cwd);
        const { uri } = server;
        if (round === 0) await must(post(uri, 'registered-models/create', { name: MODEL }));
        await check(uri);
        const runId = await createRun(uri);
        const sent = { batches: nothingSent(), files: nothingSent(), versions: nothingSent() };
        const timer = setTimeout(() => server.child.kill('SIGKILL'), 20 + draw() * MAX_DELAY_MS);
        await Promise.all([
          batches(uri, runId, sent.batches),
          uploads(uri, runId, sent.files),
          versions(uri, runId, sent.versions),
        ]);
        clearTimeout(timer);
        await server.stop('SIGKILL');
        for (const kind of ['batches', 'files', 'versions'] as const)
          total[kind] += sent[kind].acknowledged.length;
        check = async (at) => {
          await expectWholeBatches(at, runId, sent.batches);
          await expectWholeFiles(at, runId, sent.files);
          await expectVersions(at, runId, sent.versions);
        };
      }
      const server = await startServerProcess(cwd);
      await check(server.uri);
      await server.stop();
      expect(Math.min(...Object.values(total))).toBeGreaterThan(ROUNDS);
      const verified = await phantomnet(['doctor', '--verify', '--json'], { cwd });
      expect(verified.json()).toMatchObject({ passed: true, problems: [] });
    },
    ROUNDS * 60_000,
  );
});
