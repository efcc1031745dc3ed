import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adoptDatabase, openMlflowDatabase, PHANTOMNET_INDEXES } from '#src/storage/index.js';
import { OLDER_REVISIONS } from '#src/storage/mlflow-schema.js';
import { connectSqlite } from '#src/storage/sqlite-database.js';

/** Another process that has the database open, and says so. */
const HOLDER = `
  import { connectSqlite } from '#src/storage/sqlite-database.js';
  const sql = await connectSqlite(process.argv[1]);
  console.log('open');
  setInterval(() => sql, 1000);
`;

/**
 * A database as MLflow makes it: with a rollback journal and without our indexes. Made by a process of its own, because
 * libsql holds what it has opened until its statements are collected.
 */
const MAKER = `
  import { openMlflowDatabase } from '#src/storage/index.js';
  const { sql } = await openMlflowDatabase({ uri: 'sqlite:///' + process.argv[1] });
  for (const name of process.argv.slice(2)) sql.exec('DROP INDEX IF EXISTS ' + name);
  sql.exec('PRAGMA journal_mode = DELETE');
`;
const names = PHANTOMNET_INDEXES.map((statement) => /phantomnet_\w+/.exec(statement)![0]).sort();

describe('adoptDatabase', () => {
  let folder: string;
  let path: string;
  let uri: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phantomnet-adopt-'));
    path = join(folder, 'a.db');
    uri = `sqlite:///${path}`;
    const made = spawnSync(process.execPath, ['--input-type=module', '-e', MAKER, path, ...names]);
    if (made.status !== 0) throw new Error(String(made.stderr));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const change = async (...statements: string[]) => {
    const sql = await connectSqlite(path);
    for (const statement of statements) sql.exec(statement);
    sql.close();
  };
  const state = async () => {
    const sql = await connectSqlite(path);
    const journal = sql.get('PRAGMA journal_mode')?.['journal_mode'];
    const indexes = sql
      .all("SELECT name FROM sqlite_master WHERE name LIKE 'phantomnet%'")
      .map((row) => row['name']);
    sql.close();
    return { journal, indexes: indexes.sort() };
  };

  it('is not done by opening', async () => {
    await (await openMlflowDatabase({ uri })).close();
    expect(await state()).toEqual({ journal: 'delete', indexes: [] });
  });

  it('switches to WAL and adds our indexes, once', async () => {
    expect(names.length).toBeGreaterThan(0);
    const first = await adoptDatabase(uri);
    expect({ ...first, addedIndexes: [...first.addedIndexes].sort() }).toEqual({
      journalMode: 'delete',
      addedIndexes: names,
    });
    expect(await state()).toEqual({ journal: 'wal', indexes: names });
    expect(await adoptDatabase(uri)).toEqual({ journalMode: 'wal', addedIndexes: [] });
  });

  it('adds an index that is missing alone', async () => {
    await adoptDatabase(uri);
    await change(`DROP INDEX ${names[0]}`);
    expect(await adoptDatabase(uri)).toEqual({ journalMode: 'wal', addedIndexes: [names[0]] });
  });

  it.skipIf(process.platform !== 'linux')(
    'is refused while another process has it open, and named',
    async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await expect(adoptDatabase(uri)).rejects.toMatchObject({
        code: 'CONFLICT',
        message: `database ${path} is in use by process ${child.pid}`,
      });
      child.kill();
      await once(child, 'exit');
      expect(await state()).toEqual({ journal: 'delete', indexes: [] });
    },
  );

  it('is refused while another connection holds a lock, and changes nothing', async () => {
    const other = await connectSqlite(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(adoptDatabase(uri)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `database ${path} is in use by another process`,
    });
    other.exec('ROLLBACK');
    other.close();
    expect(await state()).toEqual({ journal: 'delete', indexes: [] });
  });

  it('names the command that upgrades an older database, and refuses a newer one', async () => {
    await change(`UPDATE alembic_version SET version_num = '${OLDER_REVISIONS[0]}'`);
    await expect(adoptDatabase(uri)).rejects.toMatchObject({
      code: 'CONFLICT',
      hint: `make a backup, then run: mlflow db upgrade ${uri}`,
    });
    await change("UPDATE alembic_version SET version_num = 'ffffffffffff'");
    await expect(adoptDatabase(uri)).rejects.toMatchObject({ code: 'INTEGRITY' });
    expect(await state()).toEqual({ journal: 'delete', indexes: [] });
  });

  it('makes no database', async () => {
    await expect(adoptDatabase(`sqlite:///${folder}/none.db`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(adoptDatabase('http://127.0.0.1:5000')).rejects.toMatchObject({ code: 'INVALID_PARAMETER' });
  });
});
