import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactServer, startArtifactServer } from '../unit/server/artifact-server.js';
import { needsPython, python } from './python-client.js';

describe.skipIf(python === undefined)(`artifacts through MLflow's client${needsPython}`, () => {
  let server: ArtifactServer;
  beforeAll(async () => {
    server = await startArtifactServer();
  });
  afterAll(() => server.stop());

  it('go up, are listed, come down and are deleted', async () => {
    const script = resolve('test/parity/mlflow-artifacts.py');
    const root = `mlflow-artifacts:/${server.runPath}`;
    const { stdout } = await promisify(execFile)(resolve(python ?? ''), [script, server.uri, root], {
      env: { ...process.env, MLFLOW_TRACKING_URI: '', MLFLOW_DISABLE_TELEMETRY: 'true' },
    });
    const size = 3 * 1024 * 1024;
    expect(JSON.parse(stdout)).toEqual({
      root: [
        ['a', true, null],
        ['deep er', true, null],
        ['empty', false, null],
        ['large.bin', false, size],
        ['one.txt', false, 3],
        ['parts', true, null],
      ],
      below: [['deep er/résumé.json', false, 2]],
      file: [],
      nowhere: [],
      same: true,
      parts: true,
      missing: expect.stringMatching(/nowhere\.txt/),
      deleted: [],
      gone: [],
    });
  }, 120_000);
});
