import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { python } from './python-client.js';

/** A real `mlflow server` on a store that is given. */
export interface MlflowOn {
  readonly uri: string;
  /** Ends all its processes at once, without a chance to tidy up. */
  stop(): Promise<void>;
}

/** Starts `mlflow server` with one worker on `<folder>/<database>` and `<folder>/artifacts`; takes 15 s and more. */
export async function startMlflowOn(folder: string, database: string): Promise<MlflowOn> {
  const port = await freePort();
  const logFile = join(folder, 'mlflow.log');
  const log = await open(logFile, 'w');
  const child = spawn(
    resolve(python!),
    [
      ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
      ...['--backend-store-uri', `sqlite:///${join(folder, database)}`],
      ...['--artifacts-destination', join(folder, 'artifacts')],
    ],
    // Its own group, so that the workers end with it.
    {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, MLFLOW_TRACKING_URI: '' },
    },
  );
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const uri = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await ended;
    await log.close();
  };
  for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
    const isUp = await fetch(`${uri}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return { uri, stop };
    await pause(200);
  }
  await stop();
  throw new Error(`mlflow server did not start:\n${(await readFile(logFile, 'utf8')).slice(-2_000)}`);
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
