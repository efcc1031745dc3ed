import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAIN } from '../../support/cli.js';
import { startMlflowServer } from '../../support/mlflow-server.js';
import type { Server } from './sequence.js';

/** A server that was started for the tests. */
export interface StartedServer extends Server {
  readonly folder: string;
  stop(): Promise<void>;
}

/** MLflow's server and the one compared with it, each on a new store. */
export interface ServerPair {
  readonly mlflow: StartedServer;
  readonly other: StartedServer;
  stop(): Promise<void>;
}

/**
 * Starts both. The other is ours, or a second MLflow where PHANTOMNET_PARITY_AGAINST is `mlflow`: then every answer
 * must be equal, or the suite compares what it must not.
 */
export async function startServers(): Promise<ServerPair> {
  const start = isAgainstItself() ? startMlflowServer : startOurs;
  const [mlflow, other] = await Promise.all([startMlflowServer(), start()]);
  return {
    mlflow,
    other,
    stop: async () => {
      await Promise.all([mlflow.stop(), other.stop()]);
    },
  };
}

/** Whether MLflow is compared with a second MLflow. */
export function isAgainstItself(): boolean {
  return process.env['PHANTOMNET_PARITY_AGAINST'] === 'mlflow';
}

/** Starts `phantomnet server` on a free port with its own store in a new folder; it ends with `stop`. */
export async function startOurs(): Promise<StartedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-parity-'));
  const where = [
    '--store',
    `sqlite:///${join(folder, 'store.db')}`,
    '--artifacts',
    join(folder, 'artifacts'),
  ];
  const child = spawn(process.execPath, [MAIN, 'server', '--host', '127.0.0.1', '--port', '0', ...where], {
    cwd: folder,
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(MLFLOW|PHANTOMNET)_/.test(name)),
    ),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  let said = '';
  const uri = await new Promise<string>((listening, fail) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said = `${said}${chunk}`.slice(-20_000);
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
        if (found !== null) listening(found[0]);
      });
    child.once('exit', (code) => fail(new Error(`phantomnet server ended (${code}): ${said}`)));
  });
  return { uri, folder, stop };
}
