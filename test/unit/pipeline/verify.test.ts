import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyStore } from '#src/pipeline/index.js';
import { databasePath } from '#src/storage/index.js';
import { connectSqlite } from '#src/storage/sqlite-database.js';
import { makeStore, type SmallStore } from './stores.js';

describe('verifyStore', () => {
  let store: SmallStore;
  beforeEach(async () => {
    store = await makeStore();
  });
  afterEach(() => store.remove());
  const change = async (...statements: string[]) => {
    const sql = await connectSqlite(databasePath(store.place.uri));
    sql.exec('PRAGMA foreign_keys = OFF');
    for (const statement of statements) sql.exec(statement);
    sql.close();
  };
  const problems = async () => (await verifyStore(store.place)).problems;

  it('passes a sound store and says what it looked at', async () => {
    expect(await verifyStore(store.place)).toEqual({
      passed: true,
      ...store.place,
      problems: [],
      // MLmodel by the model's tag and again by the version's, and the two files that it lists.
      counts: { runs: 1, models: 1, versions: 1, hashedFiles: 4, elsewhere: 0 },
      withoutOwner: [],
    });
  });

  it('sends whoever names a server to its machine, without the password', async () => {
    await expect(verifyStore({ uri: 'http://me:secret@127.0.0.1:5000' })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: 'this needs the store itself, not the server "http://***@127.0.0.1:5000"',
      hint: expect.stringContaining('on the machine of the server'),
    });
  });

  it('names a file that was changed, by model and path', async () => {
    await writeFile(join(store.modelFolder, 'model.bin'), 'the m0del');
    expect(await problems()).toEqual([
      {
        check: 'artifacts',
        modelId: store.modelId,
        path: join(store.modelFolder, 'model.bin'),
        message: 'is not what was logged: its SHA-256 differs',
      },
    ]);
  });

  it('names a changed file of a deleted model, and minds none that are gone', async () => {
    await change(
      "UPDATE logged_models SET lifecycle_stage = 'deleted'",
      "UPDATE model_versions SET current_stage = 'Deleted_Internal'",
    );
    await writeFile(join(store.modelFolder, 'model.bin'), 'the m0del');
    expect(await problems()).toMatchObject([
      { modelId: store.modelId, path: join(store.modelFolder, 'model.bin') },
    ]);
    await rm(store.modelFolder, { recursive: true });
    expect(await problems()).toEqual([]);
  });

  it('names a changed MLmodel for the model and for its version', async () => {
    await writeFile(join(store.modelFolder, 'MLmodel'), 'flavors: {}\n');
    expect(await problems()).toMatchObject([
      { modelId: store.modelId, message: expect.stringContaining('SHA-256 differs') },
      { version: 'detector/1', message: expect.stringContaining('SHA-256 differs') },
    ]);
  });

  it.each([
    ['is missing', (path: string) => rm(path)],
    ['is not a regular file', (path: string) => rm(path).then(() => symlink('/etc/hostname', path))],
    ['is not a regular file', (path: string) => rm(path).then(() => mkdir(path))],
    ['SHA-256 differs', (path: string) => truncate(path, 0)],
  ])('finds that a file %s', async (message, damage) => {
    await damage(join(store.modelFolder, 'example.json'));
    expect(await problems()).toMatchObject([
      { path: join(store.modelFolder, 'example.json'), message: expect.stringContaining(message) },
    ]);
  });

  it('finds a model whose folder is gone, unless its upload never ended', async () => {
    await rm(store.modelFolder, { recursive: true });
    expect((await problems()).map((p) => [p.message, p.modelId ?? p.version])).toEqual([
      ['is missing', store.modelId],
      ['is missing', 'detector/1'],
    ]);
    await change(
      'UPDATE logged_models SET status = 1',
      'DELETE FROM model_version_tags; DELETE FROM model_versions',
    );
    expect(await problems()).toEqual([]);
  });

  it('asks for the artifact root where that is missing', async () => {
    await rm(store.place.artifactRoot, { recursive: true });
    const [first] = (await verifyStore(store.place)).problems;
    expect(first).toMatchObject({ check: 'artifacts', path: store.place.artifactRoot });
    expect(first!.message).toContain('is --artifacts right?');
  });

  it('opens nothing outside for an MLmodel or a version that asks for it', async () => {
    const listed = 'flavors: {phantomnet: {files: {../../../../a.db: x, /etc/passwd: x}}}\n';
    await writeFile(join(store.modelFolder, 'MLmodel'), listed);
    await change(
      "DELETE FROM logged_model_tags; UPDATE model_versions SET source = '/etc', storage_location = '/etc'",
    );
    expect(await problems()).toMatchObject([
      {
        message: expect.stringContaining(
          'cannot be a file of it: artifact path "../../../../a.db" has a \'..\' part',
        ),
      },
      { message: expect.stringContaining('is absolute') },
    ]);
  });

  it.each([
    ['is not in the history', 'UPDATE latest_metrics SET value = 7'],
    ['is older than the last point', 'UPDATE latest_metrics SET step = 0, value = 0.1'],
    ['is missing, though', 'DELETE FROM latest_metrics'],
  ])('finds a latest metric that %s', async (message, statement) => {
    await change(statement);
    expect(await problems()).toEqual([
      {
        check: 'latest metrics',
        runId: store.runId,
        message: expect.stringContaining(`the latest value of "loss" ${message}`),
      },
    ]);
  });

  it('finds rows that refer to nothing', async () => {
    await change("INSERT INTO params (key, value, run_uuid) VALUES ('a', 'b', 'gone')");
    expect(await problems()).toMatchObject([
      {
        check: 'foreign keys',
        message: expect.stringMatching(/^row \d+ of table params refers to no row of runs$/),
      },
    ]);
  });

  it('finds an index that says other than its table, and looks no further', async () => {
    await change(
      'PRAGMA writable_schema = ON',
      "UPDATE sqlite_master SET sql = 'CREATE INDEX index_params_run_uuid ON params (value)' WHERE name = 'index_params_run_uuid'",
      "INSERT INTO params (key, value, run_uuid) VALUES ('a', 'b', 'gone')",
    );
    const found = await problems();
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map((p) => p.check))).toEqual(new Set(['pages']));
  });

  it('names the revision that it does not know', async () => {
    await change("UPDATE alembic_version SET version_num = 'ffffffffffff'");
    expect(await problems()).toMatchObject([
      { check: 'revision', message: expect.stringContaining('unknown revision "ffffffffffff"') },
    ]);
  });

  it('lists folders without an owner and places elsewhere, and fails for neither', async () => {
    const lost = join(store.place.artifactRoot, '0', 'f'.repeat(32));
    const lostModel = join(store.place.artifactRoot, '0', 'models', `m-${'e'.repeat(32)}`);
    await mkdir(join(lost, 'artifacts'), { recursive: true });
    await mkdir(lostModel, { recursive: true });
    await mkdir(join(store.place.artifactRoot, 'notes'));
    await change("UPDATE runs SET artifact_uri = 's3://bucket/0/x'");
    const report = await verifyStore(store.place);
    expect([...report.withoutOwner].sort()).toEqual([lost, lostModel].sort());
    expect(report).toMatchObject({ passed: true, counts: { elsewhere: 1 } });
  });

  it('says that there is no database, and makes none', async () => {
    const uri = `sqlite:///${join(store.folder, 'none.db')}`;
    for (const _ of [1, 2]) await expect(verifyStore({ uri })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
