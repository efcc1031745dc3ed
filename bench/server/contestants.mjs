// Starts and stops the servers that are compared, and weighs all their processes.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
export const PYTHON = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));

/** Starts `phantomnet server` on the store in `folder`. */
export function startOurs(folder) {
  const store = [
    '--store',
    `sqlite:///${join(folder, 'store.db')}`,
    '--artifacts',
    join(folder, 'artifacts'),
  ];
  return start('phantomnet', folder, (port) => [process.execPath, MAIN, 'server', '--port', port, ...store]);
}

/** Starts `mlflow server` on the store in `folder`; `workers` undefined is its default. */
export function startMlflow(folder, workers) {
  const name = workers === undefined ? 'mlflow, default workers' : `mlflow, ${workers} worker`;
  return start(name, folder, (port) => [
    ...[PYTHON, '-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', port],
    ...['--backend-store-uri', `sqlite:///${join(folder, 'store.db')}`],
    ...['--artifacts-destination', join(folder, 'artifacts')],
    ...(workers === undefined ? [] : ['--workers', String(workers)]),
  ]);
}

async function start(name, folder, commandOf) {
  const port = await freePort();
  const [program, ...args] = commandOf(String(port));
  const log = openSync(join(folder, 'server.log'), 'w');
  const started = performance.now();
  const env = { ...process.env, MLFLOW_TRACKING_URI: '', PYTHONUNBUFFERED: '1' };
  const child = spawn(program, args, { cwd: folder, detached: true, stdio: ['ignore', log, log], env });
  closeSync(log);
  const uri = `http://127.0.0.1:${port}`;
  while (!(await isHealthy(uri))) {
    if (child.exitCode !== null || performance.now() - started > 120_000)
      throw new Error(
        `${name} did not start:\n${readFileSync(join(folder, 'server.log'), 'utf8').slice(-2000)}`,
      );
    await pause(5);
  }
  const startSeconds = (performance.now() - started) / 1000;
  await settle(child.pid);
  const stop = async () => {
    const ended = new Promise((done) => child.once('exit', done));
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  // Who is not measured stands still: MLflow's idle processes alone take a good part of two cores.
  const pauseAll = () => process.kill(-child.pid, 'SIGSTOP');
  const resume = () => process.kill(-child.pid, 'SIGCONT');
  return {
    name,
    uri,
    startSeconds,
    stop,
    pause: pauseAll,
    resume,
    memoryMB: () => pssOfGroup(child.pid) / 1e6,
  };
}

/** Waits until a group of processes is idle: MLflow answers long before all that it starts has started. */
async function settle(group) {
  for (let before = ticksOfGroup(group), quiet = 0; quiet < 4; ) {
    await pause(500);
    const now = ticksOfGroup(group);
    quiet = now - before < 10 ? quiet + 1 : 0;
    before = now;
  }
}

function isHealthy(uri) {
  return fetch(`${uri}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Proportional set size of every process of a group, in bytes: shared pages are counted once. */
function pssOfGroup(group) {
  return sumOfGroup(
    group,
    (pid) => 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]),
  );
}

/** Processor time of every process of a group, in hundredths of a second. */
function ticksOfGroup(group) {
  return sumOfGroup(group, (_, stat) => Number(stat[11]) + Number(stat[12]));
}

/** `stat`: the fields of /proc/<pid>/stat after the name in brackets: state, parent, group. */
function sumOfGroup(group, measure) {
  let total = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const stat = text.slice(text.lastIndexOf(')') + 2).split(' ');
      if (Number(stat[2]) === group) total += measure(pid, stat);
    } catch {
      // It has ended since the listing.
    }
  }
  return total;
}

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
