import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { wasmAvailable } from '#src/kernels/index.js';
import { encodeModel, modelDigest } from '#src/model/index.js';
import { randomForest } from '#src/train/index.js';
import { easySet } from '../contract/estimator.contract.js';

// A machine without WebAssembly threads or vectors has the readable kernels only: what rests on kernels must hold there too.
const FILES = [
  ...['binning', 'forest', 'split-scan', 'traverse'].map((name) => `test/unit/kernels/${name}.test.ts`),
  ...['baselines', 'params-of-fit', 'random-forest'].map((name) => `test/unit/train/${name}.test.ts`),
  ...['laws', 'plan-fit'].map((name) => `test/unit/train/forest/${name}.test.ts`),
  ...['codec', 'codec-container', 'codec-contents', 'predict', 'predict-parallel'].map(
    (name) => `test/unit/model/${name}.test.ts`,
  ),
  'test/contract/estimators.test.ts',
  'test/parity/forest.test.ts',
];
/** Tests that take long without WebAssembly, and test what others test too. */
const SLOW = ['over 12 seeds', 'with 1, 2 and 3 of them', 'at most one a tree', 'the week-6 reference'];
const LIMIT_MS = 300_000;

const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), 'phantomnet-js-kernels-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

it('the tests of kernels, training and models pass with the JavaScript kernels', {
  timeout: LIMIT_MS + 10_000,
}, async () => {
  const json = join(scratch, 'report.json');
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...FILES, '--testTimeout=120000'];
  const options = ['--reporter=json', `--outputFile=${json}`, '-t', `^((?!${SLOW.join('|')}).)*$`];
  const failed = await run(process.execPath, [...args, ...options], {
    env: { ...env, PHANTOMNET_KERNELS: 'js' },
    timeout: LIMIT_MS,
  }).then(
    () => false,
    () => true,
  );
  const report: Report = JSON.parse(readFileSync(json, 'utf8'));
  const failures = report.testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message ? [`${name}: ${message}`] : []),
    ...assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  ]);
  expect(failures).toEqual([]);
  expect(failed).toBe(false);
  expect(report.testResults.length).toBe(FILES.length);
  expect(report.numPassedTests).toBeGreaterThan(250);
});

it('an engine that refuses the WebAssembly kernels gets the same model from the JavaScript ones', async () => {
  const program = `
    WebAssembly.validate = () => false;
    const { wasmAvailable } = await import('#src/kernels/index.js');
    const { encodeModel, modelDigest } = await import('#src/model/index.js');
    const { randomForest } = await import('#src/train/index.js');
    const { x, y } = JSON.parse(process.argv[1]);
    const values = Float32Array.from(x.values, (v) => v ?? NaN);
    const model = await randomForest.fit(
      { nEstimators: 20 }, { ...x, values }, { ...y, codes: Uint16Array.from(y.codes) });
    console.log(wasmAvailable(), modelDigest(encodeModel(model)), model.predictScoresBatch({ ...x, values })[1]);
  `;
  const { x, y } = easySet(240, 3);
  const plain = JSON.stringify({ x: { ...x, values: [...x.values] }, y: { ...y, codes: [...y.codes] } });
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program, plain]);
  expect(wasmAvailable()).toBe(true);
  const model = await randomForest.fit({ nEstimators: 20 }, x, y);
  expect(stdout.trim().split(' ')).toEqual([
    'false',
    modelDigest(encodeModel(model)),
    String(model.predictScoresBatch(x)[1]),
  ]);
});
