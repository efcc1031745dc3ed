import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectSqlite } from '#src/storage/sqlite-database.js';
import { artifactUrl, createRun, history, must, post } from '../e2e/server-calls.js';
import { type ServerProcess, startServerProcess } from '../e2e/server-process.js';
import { phantomnet, scratch } from '../support/cli.js';
import { type MlflowServer, startMlflowOn } from '../support/mlflow-server.js';
import { needsPython, python } from './python-client.js';

if (needsPython !== '') console.log(`coexistence${needsPython}`);

/** Calls of ours go on until MLflow has answered so many. */
const MLFLOW_CALLS = 200;
const WRITERS = 8;
const steps = (n: number) => Array.from({ length: n }, (_, step) => step);

describe.skipIf(python === undefined)(`an MLflow server and ours on one file${needsPython}`, () => {
  const { folder: cwd, remove } = scratch();
  const store = ['--store', `sqlite:///${join(cwd, 'mlflow.db')}`, '--artifacts', join(cwd, 'artifacts')];
  let theirs: Omit<MlflowServer, 'folder'>;
  let ours: ServerProcess;
  const startBoth = async (database: string) => {
    const artifacts = ['--artifacts', join(cwd, 'artifacts')];
    theirs = await startMlflowOn(cwd, database);
    ours = await startServerProcess(cwd, {
      args: ['--store', `sqlite:///${join(cwd, database)}`, ...artifacts],
    });
  };
  const stopBoth = async () => {
    expect(await ours.stop()).toBe(0);
    await theirs.stop();
  };
  const pragmas = async (database: string) => {
    const sql = await connectSqlite(join(cwd, database));
    const journal = sql.get('PRAGMA journal_mode')?.['journal_mode'];
    const indexes = sql.all("SELECT 1 FROM sqlite_master WHERE name LIKE 'phantomnet%'").length;
    sql.close();
    return { journal, indexes };
  };
  beforeAll(() => mkdir(join(cwd, 'artifacts')));
  afterAll(async () => {
    await ours?.stop('SIGKILL');
    await theirs?.stop().catch(() => undefined);
    remove();
  });

  const log = (uri: string, runId: string, key: string, step: number) =>
    must(post(uri, 'runs/log-metric', { run_id: runId, key, value: step, timestamp: 1, step }));

  it('write to a database that MLflow made, which stays as MLflow made it', {
    timeout: 480_000,
  }, async () => {
    await startBoth('mlflow.db');
    const runId = await createRun(theirs.uri);
    const writes = (uri: string, key: string) =>
      steps(20).reduce<Promise<unknown>>(
        (before, i) => before.then(() => log(uri, runId, key, i)),
        Promise.resolve(),
      );
    await Promise.all([writes(theirs.uri, 'theirs'), ...[0, 1, 2].map((w) => writes(ours.uri, `ours${w}`))]);
    for (const uri of [theirs.uri, ours.uri]) {
      for (const key of ['theirs', 'ours0', 'ours1', 'ours2']) {
        expect((await history(uri, runId, key)).map((m) => m.step)).toEqual(steps(20));
      }
    }
    expect(await pragmas('mlflow.db')).toEqual({ journal: 'delete', indexes: 0 });
  });

  it('give every double back to each other bit for bit', { timeout: 240_000 }, async () => {
    const doubles = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((value) => !Object.is(value, -0));
    const values = [
      5e-324,
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
      2 ** -1022,
      ...fc.sample(doubles, { numRuns: 200, seed: 7 }),
    ];
    const runId = await createRun(ours.uri);
    for (const [key, uri] of [
      ['theirs', theirs.uri],
      ['ours', ours.uri],
    ] as const) {
      const metrics = values.map((value, step) => ({ key, value, timestamp: 1, step }));
      await must(post(uri, 'runs/log-batch', { run_id: runId, metrics, params: [], tags: [] }));
    }
    // Sent as it is, because JSON.stringify knows no minus zero.
    for (const [key, uri] of [
      ['theirs0', theirs.uri],
      ['ours0', ours.uri],
    ] as const) {
      const body = `{"run_id":"${runId}","key":"${key}","value":-0.0,"timestamp":1,"step":0}`;
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${uri}/api/2.0/mlflow/runs/log-metric`, { method: 'POST', headers, body });
      expect(answer.status).toBe(200);
    }
    for (const uri of [theirs.uri, ours.uri]) {
      for (const key of ['theirs', 'ours']) {
        const read = (await history(uri, runId, key)).map((m) => m.value);
        expect(read.map((value, i) => Object.is(value, values[i]))).toEqual(values.map(() => true));
      }
      // SQLite keeps whole numbers of a FLOAT column as integers, which have no minus zero: MLflow says 0 too.
      for (const key of ['theirs0', 'ours0']) {
        const [point] = await history(uri, runId, key);
        expect(Object.is(point?.value ?? 0, 0)).toBe(true);
      }
    }
  });

  it('are told apart when the database is to be adopted, and it upgrades afterwards', {
    timeout: 480_000,
  }, async () => {
    const held = await phantomnet(['doctor', '--adopt', ...store], { cwd });
    expect(held).toMatchObject({ code: 2, stderr: expect.stringContaining('is in use by process') });
    await stopBoth();
    const adopt = () => phantomnet(['doctor', '--adopt', '--json', ...store], { cwd });
    let adopted = await adopt();
    // Workers of MLflow end a little later than what started them.
    for (let tries = 0; tries < 20 && adopted.stderr.includes('is in use by process'); tries++)
      adopted = await adopt();
    expect(adopted.json()).toMatchObject({ journalMode: 'delete' });
    const after = await pragmas('mlflow.db');
    expect(after).toEqual({ journal: 'wal', indexes: adopted.json().addedIndexes.length });
    expect(after.indexes).toBeGreaterThan(0);
    const again = await phantomnet(['doctor', '--adopt', '--json', ...store], { cwd });
    expect(again.json()).toMatchObject({ journalMode: 'wal', addedIndexes: [] });
    execFileSync(resolve(python!), ['-m', 'mlflow', 'db', 'upgrade', `sqlite:///${join(cwd, 'mlflow.db')}`], {
      stdio: 'pipe',
    });
    expect(await pragmas('mlflow.db')).toEqual(after);
  });

  it(`answer all ${MLFLOW_CALLS} calls of MLflow's while ${WRITERS} clients write to ours`, {
    timeout: 480_000,
  }, async () => {
    await startBoth('mlflow.db');
    const runId = await createRun(ours.uri);
    let goesOn = true;
    const writer = async (w: number) => {
      let step = 0;
      while (goesOn) await log(ours.uri, runId, `ours${w}`, step++);
      return step;
    };
    const writers = steps(WRITERS).map(writer);
    const asked = (i: number) =>
      i % 4 === 3
        ? must(post(theirs.uri, 'runs/search', { experiment_ids: ['0'], max_results: 10 }))
        : log(theirs.uri, runId, 'theirs', i);
    for (let i = 0; i < MLFLOW_CALLS; i++) await asked(i);
    goesOn = false;
    const counts = await Promise.all(writers);
    for (const uri of [theirs.uri, ours.uri]) {
      expect((await history(uri, runId, 'theirs')).map((m) => m.step)).toEqual(
        steps(MLFLOW_CALLS).filter((i) => i % 4 !== 3),
      );
      for (const [w, count] of counts.entries()) {
        // As many as a page holds; the rest is counted in the file.
        const seen = await history(uri, runId, `ours${w}`);
        expect(seen.map((m) => m.step)).toEqual(steps(Math.min(count, 25_000)));
      }
    }
  });

  it('are backed up while both run, and MLflow serves what is restored', { timeout: 480_000 }, async () => {
    const runId = await createRun(theirs.uri);
    const path = `0/${runId}/artifacts/notes/a.txt`;
    expect((await fetch(artifactUrl(theirs.uri, path), { method: 'PUT', body: 'kept' })).status).toBe(200);
    await log(ours.uri, runId, 'm', 1);
    const backup = await phantomnet(['backup', 'b.tar', '--json', ...store], { cwd });
    expect(backup).toMatchObject({ code: 0 });
    expect(backup.json()).toMatchObject({ artifacts: 1, leftOut: [], elsewhere: [] });
    await stopBoth();
    const verified = await phantomnet(['doctor', '--verify', '--json', ...store], { cwd });
    expect(verified.json()).toMatchObject({ passed: true, problems: [] });
    const place = join(cwd, 'restored');
    await mkdir(place);
    const target = ['--store', `sqlite:///${join(place, 'new.db')}`, '--artifacts', join(place, 'artifacts')];
    expect(await phantomnet(['restore', 'b.tar', ...target], { cwd })).toMatchObject({ code: 0 });
    theirs = await startMlflowOn(place, 'new.db');
    expect(await history(theirs.uri, runId, 'm')).toEqual([{ step: 1, value: 1 }]);
    expect(await (await fetch(artifactUrl(theirs.uri, path))).text()).toBe('kept');
    await log(theirs.uri, runId, 'm', 2);
  });
});
