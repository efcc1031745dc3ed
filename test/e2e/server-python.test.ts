import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnv, scratch } from '../support/cli.js';
import { findPython, reasonToSkipMlflow } from '../support/mlflow-server.js';
import { type ServerProcess, startServerProcess } from './server-process.js';

const TOKEN = 'a-token-of-22-letters.';
const PROGRAM = `
import os
import mlflow
from mlflow.exceptions import MlflowException

def create(**shown):
    for name in ('TOKEN', 'USERNAME', 'PASSWORD'):
        os.environ.pop('MLFLOW_TRACKING_' + name, None)
    for name, value in shown.items():
        os.environ['MLFLOW_TRACKING_' + name] = value
    try:
        client = mlflow.MlflowClient()
        print(client.get_experiment(client.create_experiment('from python')).name)
    except MlflowException as error:
        print(error.error_code)

create()
create(TOKEN='${TOKEN}')
create(USERNAME='me', PASSWORD='${TOKEN}')
create(USERNAME='me', PASSWORD='wrong')
`;

describe.skipIf(reasonToSkipMlflow() !== undefined)("MLflow's client at a server with a token", () => {
  const { folder, remove } = scratch();
  let server: ServerProcess;

  beforeAll(async () => {
    server = await startServerProcess(folder, { env: { PHANTOMNET_TOKEN: TOKEN } });
  });
  afterAll(async () => {
    await server.stop();
    remove();
  });

  it('shows it as a token or as a password, and is told when it does not', async () => {
    const { stdout } = await promisify(execFile)(findPython() ?? '', ['-c', PROGRAM], {
      cwd: folder,
      env: { ...cleanEnv(), MLFLOW_TRACKING_URI: server.uri, MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' },
    });
    expect(stdout.trim().split('\n')).toEqual([
      'UNAUTHENTICATED',
      'from python',
      'RESOURCE_ALREADY_EXISTS',
      'UNAUTHENTICATED',
    ]);
  }, 120_000);
});
