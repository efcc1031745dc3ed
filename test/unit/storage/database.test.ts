import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databasePath } from '#src/storage/database-uri.js';
import { openMlflowDatabase } from '#src/storage/index.js';
import { MLFLOW_REVISION, MLFLOW_SCHEMA, OLDER_REVISIONS } from '#src/storage/mlflow-schema.js';
import { connectSqlite } from '#src/storage/sqlite-database.js';

/** Another process: opens the database, says what is in it, and closes it, which removes the log of the last to leave. */
const VISITOR = `
  import { connectSqlite } from '#src/storage/sqlite-database.js';
  const sql = await connectSqlite(process.argv[1]);
  console.log(sql.get('SELECT name FROM experiments').name);
  sql.close();
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantomnet-database-'));
});
afterAll(() => rm(folder, { recursive: true }));
const uriOf = (name: string) => `sqlite:///${folder}/${name}`;

describe('databasePath', () => {
  it('reads uris as SQLAlchemy does', () => {
    expect(databasePath('sqlite:////srv/a b.db')).toBe('/srv/a b.db');
    expect(databasePath('sqlite:///phantomnet.db')).toBe(resolve('phantomnet.db'));
    expect(databasePath('sqlite:///data/x%20y.db')).toBe(resolve('data/x%20y.db'));
  });

  it.each([
    'sqlite://',
    'sqlite:///',
    'sqlite:///:memory:',
    'sqlite:///a.db?mode=ro',
    'sqlite:///a/',
    'sqlite:///a\0b',
    'postgresql://host/db',
    'phantomnet.db',
    '',
  ])('refuses %j', (uri) => {
    expect(() => databasePath(uri)).toThrow(
      expect.objectContaining({
        code: 'INVALID_PARAMETER',
        message: expect.stringContaining('tracking uri must be sqlite:///<path of a file>'),
        hint: expect.stringContaining('sqlite:///phantomnet.db'),
      }),
    );
  });
});

describe('openMlflowDatabase', () => {
  it('creates every table, the revision and the Default experiment, in WAL', async () => {
    const { sql, close, artifactRootUri, uri } = await openMlflowDatabase({ uri: uriOf('new.db') });
    expect(uri).toBe(uriOf('new.db'));
    expect(artifactRootUri).toBe(join(folder, 'artifacts'));
    expect(sql.get('SELECT version_num AS v FROM alembic_version')?.['v']).toBe('dc11669786a5');
    expect(sql.get("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'")?.['n']).toBe(65);
    const experiment = sql.get('SELECT * FROM experiments');
    expect(experiment).toMatchObject({
      experiment_id: 0,
      name: 'Default',
      artifact_location: join(folder, 'artifacts', '0'),
      lifecycle_stage: 'active',
      workspace: 'default',
    });
    expect(Math.abs(Date.now() - Number(experiment?.['creation_time']))).toBeLessThan(60_000);
    expect(sql.get('PRAGMA journal_mode')?.['journal_mode']).toBe('wal');
    expect(sql.get('PRAGMA integrity_check')?.['integrity_check']).toBe('ok');
    await close();
  });

  it('leaves what it finds as it is', async () => {
    const options = { uri: uriOf('again.db') };
    const first = await openMlflowDatabase(options);
    first.sql.run("UPDATE experiments SET name = 'renamed'");
    await first.close();
    const second = await openMlflowDatabase(options);
    expect(second.sql.all('SELECT name FROM experiments').map((row) => row['name'])).toEqual(['renamed']);
    await second.close();
  });

  it('keeps all in one file when it is closed', async () => {
    const { sql, close } = await openMlflowDatabase({ uri: uriOf('whole.db') });
    sql.run("INSERT INTO experiments (name, lifecycle_stage) VALUES ('kept', 'active')");
    await close();
    await writeFile(join(folder, 'copy.db'), await readFile(join(folder, 'whole.db')));
    const copy = await openMlflowDatabase({ uri: uriOf('copy.db') });
    expect(copy.sql.all("SELECT 1 FROM experiments WHERE name = 'kept'")).toHaveLength(1);
    await copy.close();
  });

  it('keeps its log while another process comes and goes, also when it was opened twice here', async () => {
    const first = await openMlflowDatabase({ uri: uriOf('twice.db') });
    await first.write(() => first.sql.run("UPDATE experiments SET name = 'one'"));
    const second = await openMlflowDatabase({ uri: uriOf('twice.db') });
    const visit = () =>
      spawnSync(process.execPath, ['--input-type=module', '-e', VISITOR, join(folder, 'twice.db')], {
        encoding: 'utf8',
        cwd: process.cwd(),
      });
    expect(visit()).toMatchObject({ stdout: 'one\n', status: 0 });
    await first.write(() => first.sql.run("UPDATE experiments SET name = 'two'"));
    expect(visit()).toMatchObject({ stdout: 'two\n', status: 0 });
    await second.close();
    await first.close();
  });

  it('takes an empty file and a given artifact root, and spells an odd root so that MLflow reads it', async () => {
    await writeFile(join(folder, 'empty.db'), '');
    const artifactRoot = join(folder, '100%?#');
    const { sql, close, artifactRootUri } = await openMlflowDatabase({
      uri: uriOf('empty.db'),
      artifactRoot,
    });
    expect(artifactRootUri).toBe(`file://${folder}/100%25%3F%23`);
    expect(sql.get('SELECT artifact_location AS uri FROM experiments')?.['uri']).toBe(`${artifactRootUri}/0`);
    await close();
  });

  it('refuses a file that is not SQLite', async () => {
    await writeFile(join(folder, 'text.db'), 'not a database');
    await expect(openMlflowDatabase({ uri: uriOf('text.db') })).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: `${folder}/text.db is not an SQLite database`,
    });
    expect(await readFile(join(folder, 'text.db'), 'utf8')).toBe('not a database');
    await mkdir(join(folder, 'folder.db'));
    await expect(openMlflowDatabase({ uri: uriOf('folder.db') })).rejects.toMatchObject({
      code: 'INTEGRITY',
    });
  });

  it('says that the bytes behind a good header are damaged', async () => {
    const { close } = await openMlflowDatabase({ uri: uriOf('damaged.db') });
    await close();
    const bytes = await readFile(join(folder, 'damaged.db'));
    bytes.fill(0xa5, 100, 4096);
    await writeFile(join(folder, 'damaged.db'), bytes);
    await expect(openMlflowDatabase({ uri: uriOf('damaged.db') })).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: expect.stringContaining('is damaged'),
    });
  });

  it('refuses an SQLite file of another program', async () => {
    const sql = await connectSqlite(join(folder, 'other.db'));
    sql.exec('CREATE TABLE notes (a)');
    sql.close();
    await expect(openMlflowDatabase({ uri: uriOf('other.db') })).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: expect.stringContaining('is not a tracking database of MLflow'),
    });
  });

  it('asks for an upgrade of an older database, and refuses an unknown one', async () => {
    const uri = uriOf('revision.db');
    const setRevision = async (revision: string) => {
      const sql = await connectSqlite(databasePath(uri));
      sql.run('UPDATE alembic_version SET version_num = ?', [revision]);
      sql.close();
    };
    await (await openMlflowDatabase({ uri })).close();
    await setRevision(OLDER_REVISIONS.at(-1)!);
    await expect(openMlflowDatabase({ uri })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`expected ${MLFLOW_REVISION} (MLflow 3.17.2)`),
      hint: `make a backup, then run: mlflow db upgrade ${uri}`,
    });
    await setRevision('ffffffffffff');
    await expect(openMlflowDatabase({ uri })).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: expect.stringContaining('is at the unknown revision "ffffffffffff"'),
    });
  });

  it('says that the folder is missing', async () => {
    await expect(openMlflowDatabase({ uri: uriOf('no/x.db') })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `folder ${folder}/no of the tracking database does not exist`,
    });
  });

  it('has a schema that creates each object once', () => {
    expect(new Set(MLFLOW_SCHEMA).size).toBe(MLFLOW_SCHEMA.length);
    expect(OLDER_REVISIONS).not.toContain(MLFLOW_REVISION);
  });
});
