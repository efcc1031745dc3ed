// What is measured, and what each row has to reach. A rate is in calls a second; more is better unless `less` says so.
import { execFileSync, spawn } from 'node:child_process';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { callsPerSecond, openConnection } from './client.mjs';
import { PYTHON } from './contestants.mjs';
import { SEED } from './seed.mjs';

const API = '/api/2.0/mlflow';
const ARTIFACT_MB = 256;

const json = (path, body) => ['POST', `${API}/${path}`, JSON.stringify(body)];
const point = (key, step, startMs) => ({ key, value: Math.sin(step), timestamp: startMs + step, step });

/** A row that repeats one call; `next(state)` gives it, `prepare(uri)` makes the state that each measurement starts from. */
function calls(
  name,
  reach,
  floor,
  { clients = 1, least = 3, count, warmUps, prepare = async () => ({}), next },
) {
  return {
    name,
    unit: 'a second',
    warmUps,
    reach,
    floor,
    async measure({ uri }, seconds) {
      const state = await prepare(uri);
      return callsPerSecond(uri, { clients, seconds, least, count, next: () => next(state) });
    },
  };
}

let runs = 0;

/** A run whose points are later than those of all runs before, as points are. */
async function newRun(uri) {
  const connection = await openConnection(uri);
  const { body } = await connection.send(
    ...json('runs/create', { experiment_id: SEED.experimentId, start_time: 1 }),
  );
  connection.close();
  return {
    runId: JSON.parse(body).run.info.run_id,
    step: 0,
    startMs: 1_710_000_000_000 + 10_000_000 * runs++,
  };
}

const logMetric = (state) =>
  json('runs/log-metric', { run_id: state.runId, ...point('m', state.step++, state.startMs) });
/** The next steps of a run. Later steps cost more, so everyone logs the same number of them. */
const batchOf = (keys) => (state) => {
  const metrics = Array.from({ length: 1000 }, (_, i) =>
    point(`k${i % keys}`, state.step + Math.floor(i / keys), state.startMs),
  );
  state.step += 1000 / keys;
  return json('runs/log-batch', { run_id: state.runId, metrics });
};
const search = {
  experiment_ids: [SEED.experimentId],
  filter: 'metrics.k1 > 0.5',
  order_by: ['metrics.k2 DESC'],
  max_results: 100,
};

/** The rows of the table, in order. */
export const rows = [
  calls('log-metric, 1 client', 25, 12, { prepare: newRun, next: logMetric }),
  calls('log-metric, 8 clients', 60, 30, { clients: 8, least: 16, prepare: newRun, next: logMetric }),
  calls('log-batch, 1,000 metrics, 10 keys', 40, 20, {
    count: 20,
    warmUps: 3,
    prepare: newRun,
    next: batchOf(10),
  }),
  // Each batch makes the next of so many keys slower, of any run: hence no more than one to begin with.
  calls('log-batch, 1,000 metrics, 1,000 keys', 16, 8, {
    count: 20,
    warmUps: 1,
    prepare: newRun,
    next: batchOf(1000),
  }),
  calls('runs/create', 25, 12, {
    next: () => json('runs/create', { experiment_id: SEED.experimentId, start_time: 1 }),
  }),
  calls('model-versions/create', 25, 12, {
    next: () =>
      json('model-versions/create', {
        name: SEED.model,
        source: `mlflow-artifacts:/1/${SEED.runId}/artifacts/model`,
        run_id: SEED.runId,
      }),
  }),
  calls('runs/get', 60, 30, { next: () => ['GET', `${API}/runs/get?run_id=${SEED.readRunId}`] }),
  calls('model-versions/get', 60, 30, {
    next: () => ['GET', `${API}/model-versions/get?name=${SEED.model}&version=1`],
  }),
  calls('metric history, 1,000 points', 60, 30, {
    next: () => ['GET', `${API}/metrics/get-history?run_id=${SEED.runId}&metric_key=loss`],
  }),
  calls('runs/search, 10,000 runs', 150, 60, { least: 2, next: () => json('runs/search', search) }),
  {
    name: '1,000 × mlflow.log_metric from Python',
    unit: 's',
    less: true,
    once: true,
    reach: 3,
    floor: 2,
    measure: python,
  },
  { name: `upload of ${ARTIFACT_MB} MB`, unit: 'MB/s', reach: 3, floor: 1.5, measure: upload },
  { name: `download of ${ARTIFACT_MB} MB`, unit: 'MB/s', reach: 3, floor: 1.5, measure: download },
];

async function python({ uri }) {
  const script = `
import time, mlflow
mlflow.set_tracking_uri("${uri}")
mlflow.set_experiment("python")
with mlflow.start_run():
    mlflow.log_metric("warm", 0.0)
    started = time.perf_counter()
    for step in range(1000):
        mlflow.log_metric("m", step / 7, step=step)
    print("SECONDS", time.perf_counter() - started)
`;
  const child = spawn(PYTHON, ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const chunk of child.stdout) printed += chunk;
  return Number(/SECONDS (\S+)/.exec(printed)?.[1]);
}

const chunk = Buffer.alloc(1024 * 1024, 'phantomnet');
const pathOf = () => `/api/2.0/mlflow-artifacts/artifacts/1/${SEED.runId}/artifacts/big.bin`;

async function upload({ uri }) {
  // A new file each time, in memory that the machine has touched before: to touch it costs more than the upload.
  const before = await fetch(uri + pathOf(), { method: 'DELETE' });
  await before.arrayBuffer();
  // What the one before left to be written is not to be paid by this one.
  execFileSync('sync');
  const { hostname, port } = new URL(uri);
  const started = performance.now();
  const outgoing = request({
    hostname,
    port,
    method: 'PUT',
    path: pathOf(),
    headers: { 'content-length': ARTIFACT_MB * chunk.length },
  });
  const answered = new Promise((ok, fail) => outgoing.once('response', ok).once('error', fail));
  for (let sent = 0; sent < ARTIFACT_MB; sent++)
    if (!outgoing.write(chunk)) await new Promise((drained) => outgoing.once('drain', drained));
  outgoing.end();
  const response = await answered;
  response.resume();
  await new Promise((ended) => response.once('end', ended));
  if (response.statusCode !== 200) throw new Error(`upload: ${response.statusCode}`);
  return ARTIFACT_MB / ((performance.now() - started) / 1000);
}

async function download({ uri }) {
  const { hostname, port } = new URL(uri);
  const started = performance.now();
  const outgoing = request({ hostname, port, path: pathOf() });
  outgoing.end();
  const response = await new Promise((ok, fail) => outgoing.once('response', ok).once('error', fail));
  let received = 0;
  for await (const part of response) received += part.length;
  if (received !== ARTIFACT_MB * chunk.length) throw new Error(`download: ${received} bytes`);
  await pause(0);
  return ARTIFACT_MB / ((performance.now() - started) / 1000);
}
