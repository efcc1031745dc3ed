import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanEnv, MAIN, phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { trainSmall } from '../support/trained.js';
import { makeStore } from '../unit/pipeline/stores.js';

const REASON = 'phantomnet.statusReason';

describe('a run that does not end well', () => {
  const { folder: cwd, remove } = scratch();
  afterAll(remove);

  it('is FAILED with the reason when its artifacts cannot be written, and the next one is not', async () => {
    // A file stands where the artifact folder would be: this stops root too, as missing rights would not.
    writeFileSync(join(cwd, 'artifacts'), '');
    const flags = ['--split', 'stratified', '--param', 'nEstimators=5', '--cv', '0', '--no-baselines'];
    const failed = await phantomnet(['train', SAMPLE, ...flags], { cwd });
    expect(failed.code).toBe(2);
    expect(failed.stderr).toMatch(/error: artifact "model\.phantomnet" would replace .*\nwhy: .*\nhelp: /);
    const [run] = (await phantomnet(['runs', 'list', '--json'], { cwd })).json();
    expect(run.status).toBe('FAILED');
    expect(run.tags[REASON]).toMatch(/^artifact "model\.phantomnet" would replace/);
    const shown = await phantomnet(['runs', 'show', run.runId], { cwd });
    expect(shown.stdout).toMatch(/^status +FAILED: artifact "model\.phantomnet"/m);
    const refused = await phantomnet(['models', 'register', 'X', '--run', run.runId], { cwd });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('is FAILED, not FINISHED')]);
    const none = await phantomnet(['models', 'register', 'X', '--experiment', 'Default'], { cwd });
    expect([none.code, none.stderr]).toEqual([
      3,
      expect.stringContaining('has no finished run with a model'),
    ]);
    rmSync(join(cwd, 'artifacts'));
    expect((await trainSmall(cwd)).status).toBe('FINISHED');
  });

  it('is KILLED with the reason on SIGINT, with exit code 130, and the store is sound', async () => {
    const child = spawn(process.execPath, [MAIN, 'quickstart', '--json'], {
      cwd,
      env: cleanEnv(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      // The run starts after this line, and is in its cross-validation then.
      if (!stderr.includes('cross-validate') && `${stderr}${chunk}`.includes('cross-validate'))
        child.kill('SIGINT');
      stderr += chunk.toString();
    });
    const [code, signal] = await once(child, 'close');
    expect([code, signal, stdout]).toEqual([130, null, '']);
    expect(stderr).toContain('"code":"CANCELLED","message":"interrupted by SIGINT"');
    const runs = (await phantomnet(['runs', 'list', '--experiment', 'quickstart', '--json'], { cwd })).json();
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ status: 'KILLED', tags: { [REASON]: 'interrupted by SIGINT' } });
    expect((await phantomnet(['doctor', '--json'], { cwd })).json().passed).toBe(true);
    expect((await trainSmall(cwd, ['--experiment', 'quickstart'])).status).toBe('FINISHED');
  });

  it('is another one than MLFLOW_RUN_ID names, which is resumed', async () => {
    const first = await trainSmall(cwd, [], { MLFLOW_EXPERIMENT_NAME: 'from env' });
    expect(first.experiment.name).toBe('from env');
    const again = await trainSmall(cwd, [], {
      MLFLOW_RUN_ID: first.runId,
      MLFLOW_TRACKING_URI: `sqlite:///${join(cwd, 'phantomnet.db')}`,
    });
    expect(again.runId).toBe(first.runId);
    const elsewhere = { MLFLOW_TRACKING_URI: `sqlite:///${join(cwd, 'elsewhere.db')}` };
    expect((await phantomnet(['runs', 'list', '--json'], { cwd, env: elsewhere })).json()).toEqual([]);
    const unknown = await phantomnet(['train', SAMPLE, '--split', 'stratified'], {
      cwd,
      env: { MLFLOW_RUN_ID: 'f'.repeat(32) },
    });
    expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('f'.repeat(32))]);
  });
});

describe('a backup that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s leaves nothing, with exit code 130', async (signal) => {
    const store = await makeStore();
    const { uri, artifactRoot } = store.place;
    // A file with a hole takes no room here, but long to copy.
    const large = join(artifactRoot, '0', store.runId, 'artifacts', 'large.bin');
    writeFileSync(large, '');
    truncateSync(large, 20_000_000_000);
    const before = readdirSync(store.folder).sort();
    const args = ['--store', uri, '--artifacts', artifactRoot, '--json'];
    const child = spawn(process.execPath, [MAIN, 'backup', join(store.folder, 'x.tar'), ...args], {
      env: cleanEnv(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const closed = once(child, 'close');
    const isWriting = () =>
      readdirSync(store.folder)
        .filter((name) => name.endsWith('.partial'))
        .some((name) => statSync(join(store.folder, name)).size > 1_000_000);
    while (!isWriting()) await new Promise((done) => setTimeout(done, 5));
    child.kill(signal);
    expect(await closed).toEqual([130, null]);
    expect(stderr).toContain(`"code":"CANCELLED","message":"interrupted by ${signal}"`);
    // libsql may leave an empty log and its index behind.
    expect(
      readdirSync(store.folder)
        .filter((name) => !/-(wal|shm)$/.test(name))
        .sort(),
    ).toEqual(before.filter((name) => !/-(wal|shm)$/.test(name)));
    store.remove();
  });
});
