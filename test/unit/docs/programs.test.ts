import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readConfigFile } from '#src/pipeline/index.js';
import { cleanEnv, scratch } from '../../support/cli.js';

const runner = resolve('scripts/run-example.mjs');

/** What each program in `examples` prints; a line may be a pattern. */
const PRINTED: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  '01-read-events.ts': [
    '5001 of 5001 rows accepted',
    'ftp: 1352',
    'http: 671',
    'smtp: 1624',
    'ssh: 1354',
    "line 3, column data: neither a Python literal nor JSON: a Python literal ends before its '}' at character 17",
    "1 rejected; the other says {'username': 'root', 'password': '[redacted:7]'}",
  ],
  '02-derive-features.ts': [
    "{'username': 'root', 'password': '[redacted:7]'}",
    '43 2 1',
    '0 0 0',
    'labels: 1 0',
    '75 features to choose from',
  ],
  '03-split-rows.ts': [
    'stratified: 4000 train, 1001 test',
    'first test rows: 1524, 3153, 3191',
    'by time: 4000 train, 1001 test, from 2026-01-17T12:02:34.412Z',
    'folds: 1001, 1000, 1000, 1000, 1000',
  ],
  '04-train-forest.ts': [
    'random-forest with classes 0, 1',
    'the same with one worker: true',
    'payload_length 120: no attack',
  ],
  '05-evaluate-model.ts': [
    'accuracy 0.833, 0.552 to 0.953 (wilson)',
    'recall of attacks 0.857',
    /^ +accuracy +precision +recall +F1 /,
    /^careful +\.833 /,
    /^hasty +\.750 /,
    /^\*: best/,
    'Against careful',
    /^ +difference +p +Holm verdict +test$/,
    'hasty',
    '  accuracy -.083 [-.382, +.239]  1.00  1.00 no difference shown McNemar',
    /^ {2}F1 +-\.115 .* no difference shown bootstrap$/,
    'difference: value less that of careful; 95 % intervals',
    'Holm: p corrected for 2 tests; "no difference shown" does not mean equal',
    'no DeLong: it has no scores of one class by row (hasty)',
    'no t over folds: the chosen run was not cross-validated (hasty)',
  ],
  '06-track-run.ts': [
    'by-hand: FINISHED, threshold 0.5',
    'accuracy 0.85 at step 2',
    'broken: the disk is full',
  ],
  '07-register-and-stage.ts': [
    /^accuracy 0\.8[78]\d on 1001 rows$/,
    ...[
      'resolve',
      'load',
      'signature',
      'warm-up',
      'sanity',
      'replay',
      'latency',
      'run gates',
      'accuracy',
    ].map((name) => `pass  ${name}`),
    'version is in Staging, validated=true',
    'models:/Example_Detector@champion is that version: true',
  ],
  '08-check-deployment.ts': [
    ...['resolve', 'load', 'signature', 'warm-up', 'sanity', 'replay', 'latency'].map(
      (name) => `pass  ${name}`,
    ),
    'predictions [0]',
    'with the wrong expectation: FAIL',
  ],
  '09-predict-events.ts': ['label 1', /^22\d\d of 5001 events look like attacks$/],
  '10-serve-and-search.ts': [
    /^serving at http:\/\/127\.0\.0\.1:\d+, for this machine only: true$/,
    'at 0.85: accuracy 0.85, note.txt',
    'at 0.8: accuracy 0.8, note.txt',
  ],
  '11-ingest-logs.ts': [
    '2 events of cowrie',
    '{"event.action":"cowrie.session.connect"}',
    '{"event.action":"cowrie.login.failed","credential.length":4}',
    'source.port is 40022, from src_port',
  ],
};

function runExample(name: string, cwd: string): Promise<string> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [runner, resolve('examples', name)], { cwd, env: cleanEnv() });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? done(stdout) : reject(new Error(`${name} ended with ${code}: ${stderr}`)),
    );
  });
}

it('knows what every example prints', () => {
  const programs = readdirSync('examples').filter((name) => name.endsWith('.ts'));
  expect(programs.sort()).toEqual(Object.keys(PRINTED));
});

it.each(Object.keys(PRINTED))('%s prints what it should', async (name) => {
  const { folder, remove } = scratch();
  try {
    const lines = (await runExample(name, folder)).split('\n').filter((line) => line.trim() !== '');
    expect(lines).toEqual(
      PRINTED[name]!.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))),
    );
  } finally {
    remove();
  }
});

it('shows a config file that the program takes', async () => {
  const config = await readConfigFile('examples/phantomnet.config.yaml');
  expect(config.estimator).toEqual({
    name: 'random-forest',
    params: { nEstimators: 50, minSamplesLeaf: 2 },
  });
});
