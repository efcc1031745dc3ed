import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The Python with MLflow in it: PHANTOMNET_PYTHON, else the project's `.venv`; undefined when there is none. */
export function findPython(): string | undefined {
  const candidates = [process.env['PHANTOMNET_PYTHON'], resolve('.venv/bin/python')];
  return candidates.find((path): path is string => path !== undefined && existsSync(path));
}

/** Why tests that need MLflow skip, or undefined when they run. Prints the reason once. */
export function reasonToSkipMlflow(): string | undefined {
  if (findPython() !== undefined) return undefined;
  const reason = 'no Python with MLflow: make a .venv with mlflow in it, or set PHANTOMNET_PYTHON';
  console.info(`skipped: ${reason}`);
  return reason;
}

/** Without the seven processes that run jobs of language models, it starts in two thirds of the time. */
const NO_JOBS = { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' };

/** A running `mlflow server`. */
export interface MlflowServer {
  readonly uri: string;
  /** The folder with its database and artifacts. */
  readonly folder: string;
  stop(): Promise<void>;
}

/**
 * Starts `mlflow server` on a free loopback port with its own database in a new folder, and waits until it answers
 * (10 to 20 s). `stop` ends all its processes and removes the folder. `extra` are more arguments of the command.
 */
export async function startMlflowServer(extra: readonly string[] = []): Promise<MlflowServer> {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-mlflow-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { uri, stop } = await startMlflowOn(folder, 'mlflow.db', extra);
    return { uri, folder, stop: () => stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Starts `mlflow server` on `<folder>/<database>` and `<folder>/artifacts`. `stop` kills it, without a chance to tidy up. */
export async function startMlflowOn(
  folder: string,
  database: string,
  extra: readonly string[] = [],
): Promise<Omit<MlflowServer, 'folder'>> {
  const python = findPython();
  if (python === undefined) throw new Error('no Python with MLflow');
  const port = await freePort();
  const logFile = join(folder, 'mlflow.log');
  const log = await open(logFile, 'w');
  const store = ['--backend-store-uri', `sqlite:///${join(folder, database)}`];
  const where = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  const artifacts = extra.length > 0 ? extra : ['--artifacts-destination', join(folder, 'artifacts')];
  const child = spawn(resolve(python), ['-m', 'mlflow', 'server', ...store, ...where, ...artifacts], {
    cwd: folder,
    // Its own group, so that the workers end with it.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { ...process.env, MLFLOW_TRACKING_URI: '', PYTHONUNBUFFERED: '1', ...NO_JOBS },
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      process.kill(-child.pid, 'SIGKILL');
      await ended;
    }
    await log.close();
  };
  const uri = `http://127.0.0.1:${port}`;
  try {
    await waitUntilHealthy(uri, () => child.exitCode !== null);
  } catch (error) {
    await stop();
    throw new Error(`${String(error)}\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
  }
  return { uri, stop };
}

async function waitUntilHealthy(uri: string, hasEnded: () => boolean): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (Date.now() < deadline && !hasEnded()) {
    const isUp = await fetch(`${uri}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await pause(200);
  }
  throw new Error('mlflow server did not start');
}

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => done(port));
    });
  });
}
