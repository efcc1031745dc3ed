// How a real `mlflow server` answers while 8 clients write to ours, on one file: node bench/coexistence.mjs [calls]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConnection } from './server/client.mjs';
import { startMlflow, startOurs } from './server/contestants.mjs';

const CALLS = Number(process.argv[2] ?? 200);
const WRITERS = 8;
const API = '/api/2.0/mlflow/';

async function call(connection, path, body) {
  const answer = await connection.send('POST', API + path, JSON.stringify(body));
  if (answer.status !== 200) throw new Error(`${path}: status ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body.toString());
}

const metric = (runId, key, step) => ({ run_id: runId, key, value: step, timestamp: 1, step });

/** Writes until `state.goesOn` is false; returns how often. */
async function write(uri, runId, key, state) {
  const connection = await openConnection(uri);
  let step = 0;
  while (state.goesOn) await call(connection, 'runs/log-metric', metric(runId, key, step++));
  connection.close();
  return step;
}

/** Milliseconds of each of MLflow's answers, three writes to a search. */
async function ask(uri, runId) {
  const connection = await openConnection(uri);
  const waits = [];
  for (let i = 0; i < CALLS; i++) {
    const started = performance.now();
    if (i % 4 === 3) await call(connection, 'runs/search', { experiment_ids: ['0'], max_results: 10 });
    else await call(connection, 'runs/log-metric', metric(runId, 'theirs', i));
    waits.push(performance.now() - started);
  }
  connection.close();
  return waits.sort((a, b) => a - b);
}

const quantile = (sorted, q) =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]);

const folder = mkdtempSync(join(tmpdir(), 'phantomnet-coexistence-'));
const servers = [];
try {
  const ours = await startOurs(folder);
  servers.push(ours);
  const theirs = await startMlflow(folder, 1);
  servers.push(theirs);
  const connection = await openConnection(ours.uri);
  const { run } = await call(connection, 'runs/create', { experiment_id: '0', start_time: 1 });
  connection.close();
  const runId = run.info.run_id;
  for (const writers of [0, WRITERS]) {
    const state = { goesOn: true };
    const started = performance.now();
    const writing = Array.from({ length: writers }, (_, w) =>
      write(ours.uri, runId, `w${writers}-${w}`, state),
    );
    const waits = await ask(theirs.uri, runId);
    state.goesOn = false;
    const written = (await Promise.all(writing)).reduce((sum, n) => sum + n, 0);
    const perSecond = Math.round(written / ((performance.now() - started) / 1000));
    console.log(
      `${writers} writers (${perSecond} writes a second): ${CALLS} MLflow calls, ` +
        `p50 ${quantile(waits, 0.5)} ms, p99 ${quantile(waits, 0.99)} ms, most ${quantile(waits, 1)} ms`,
    );
  }
} finally {
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
