import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanEnv, MAIN, SAMPLE, scratch } from '../support/cli.js';

const OTHER = process.versions.node.startsWith('24.') ? '20' : '24';

/** Returns the path of another Node, fetched once by npx into its own cache; undefined, with the reason printed, when it cannot be. */
function otherNode(): string | undefined {
  if (process.env['PHANTOMNET_OFFLINE'] === undefined) {
    const script = 'process.stdout.write(process.execPath)';
    const asked = spawnSync('npx', ['-y', '-p', `node@${OTHER}`, 'node', '-e', script], {
      encoding: 'utf8',
      timeout: 60_000,
      env: cleanEnv(),
    });
    if (asked.status === 0 && asked.stdout !== '') return asked.stdout;
  }
  console.log(`skipped: the same model on Node ${OTHER}, because npx cannot fetch it`);
  return undefined;
}

/** The ONNX graph in a model's package. */
function graphOf(cwd: string, modelId: string): Buffer {
  const home = join(cwd, 'artifacts');
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
  return readFileSync(join(home, files.find((f) => f.includes(modelId) && f.endsWith('model.onnx'))!));
}

const node = otherNode();
const skipped = node === undefined ? ` (skipped: npx cannot fetch Node ${OTHER})` : '';

describe.skipIf(node === undefined)(`Node ${process.versions.node} and Node ${OTHER}${skipped}`, () => {
  const { folder: cwd, remove } = scratch();
  afterAll(remove);

  it.each([
    ['random-forest', []],
    ['logistic-regression', ['--estimator', 'logistic-regression']],
  ] as [string, string[]][])('make the same bytes of a %s, and read each other', async (estimator, flags) => {
    const params = estimator === 'random-forest' ? ['--param', 'nEstimators=10'] : [];
    const common = ['--split', 'stratified', '--cv', '2', '--no-baselines', '--json', ...params, ...flags];
    const run = (path: string, args: readonly string[]) => {
      const done = spawnSync(path, [MAIN, ...args], { cwd, env: cleanEnv(), encoding: 'utf8' });
      expect(done.stderr).not.toContain('error:');
      return JSON.parse(done.stdout);
    };
    const here = run(process.execPath, ['train', SAMPLE, ...common]);
    const there = run(node!, ['train', SAMPLE, ...common]);
    expect(there.model.modelDigest).toBe(here.model.modelDigest);
    expect(graphOf(cwd, there.model.modelId).equals(graphOf(cwd, here.model.modelId))).toBe(true);
    expect(there.metrics).toEqual(here.metrics);
    expect(there.crossValidation).toEqual(here.crossValidation);
    expect(there.split).toEqual(here.split);
    const other = run(process.execPath, ['train', SAMPLE, ...common, '--random-state', '7']);
    expect(other.model.modelDigest).not.toBe(here.model.modelDigest);
    expect(run(node!, ['deploy', 'check', here.model.address, '--json'])).toMatchObject({ passed: true });
    expect(run(process.execPath, ['deploy', 'check', there.model.address, '--json']).passed).toBe(true);
  });

  it('pass the suites of the store on each: node:sqlite is in one of them, libsql in both', () => {
    const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
    const suites = ['test/unit/storage', 'test/contract/embedded-store.test.ts'];
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const done = spawnSync(node!, [vitest, 'run', ...suites], {
      cwd: root,
      env: cleanEnv(),
      encoding: 'utf8',
    });
    expect([done.status, done.stderr]).toEqual([0, expect.any(String)]);
    expect(done.stdout).toMatch(/Tests .*[1-9]\d* passed/);
  });
});
