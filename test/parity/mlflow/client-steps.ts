import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { findPython } from '../../support/mlflow-server.js';
import { Normaliser } from './normalise.js';
import type { StartedServer } from './servers.js';

const SCRIPT = resolve('test/parity/mlflow/client-steps.py');
const TIMEOUT_MS = 400_000;

/** What MLflow's Python client gave at one step: its answer, or the class of its exception and the error code. */
export interface ClientStep {
  readonly step: string;
  readonly answer?: unknown;
  readonly error?: string;
  readonly code?: string | number | null;
}

/** Runs the script of client calls on a server and returns each step's outcome, ids and times taken out. */
export async function runClientSteps({ uri, folder }: StartedServer): Promise<ClientStep[]> {
  const { stdout } = await promisify(execFile)(resolve(findPython() ?? ''), [SCRIPT, uri], {
    cwd: folder,
    timeout: TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      MLFLOW_TRACKING_URI: '',
      GIT_PYTHON_REFRESH: 'quiet',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      // The numbers of a small training must not depend on how many cores are free.
      OMP_NUM_THREADS: '1',
    },
  });
  const normaliser = new Normaliser(folder);
  return (
    stdout
      .trim()
      .split('\n')
      // The client itself prints where its runs are.
      .filter((line) => line.startsWith('{"step"'))
      .map((line) => normaliser.value(JSON.parse(line.replaceAll(uri, '<server>'))) as ClientStep)
  );
}
