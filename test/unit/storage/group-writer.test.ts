import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GroupWriter } from '#src/storage/group-writer.js';
import type { SqlDatabase } from '#src/storage/index.js';
import { connectSqlite } from '#src/storage/sqlite-database.js';

describe('GroupWriter', () => {
  let folder: string;
  let sql: SqlDatabase;
  let other: SqlDatabase;
  let writer: GroupWriter;
  let commits: number;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phantomnet-group-'));
    const path = join(folder, 'a.db');
    sql = await connectSqlite(path);
    sql.get('PRAGMA journal_mode = WAL');
    sql.exec('CREATE TABLE t (a PRIMARY KEY)');
    other = await connectSqlite(path);
    commits = 0;
    const counted: SqlDatabase = Object.create(sql, {
      commit: {
        value: () => {
          commits += 1;
          sql.commit();
        },
      },
      tryBegin: { value: () => sql.tryBegin() },
      rollback: { value: () => sql.rollback() },
      isInTransaction: { value: () => sql.isInTransaction() },
      changedElsewhere: { value: () => sql.changedElsewhere() },
      savepoint: { value: (work: () => unknown) => sql.savepoint(work) },
    });
    writer = new GroupWriter(counted);
  });
  afterEach(async () => {
    sql.close();
    other.close();
    await rm(folder, { recursive: true });
  });
  const insert = (a: number) => () => sql.run('INSERT INTO t (a) VALUES (?)', [a]);
  const stored = (db = other) => db.all('SELECT a FROM t ORDER BY a').map((row) => row['a']);

  it('commits what arrives together once, and answers each write with what it returned', async () => {
    const answers = await Promise.all([1, 2, 3].map((a) => writer.write(() => insert(a)() + a)));
    expect(answers).toEqual([2, 3, 4]);
    expect(commits).toBe(1);
    expect(stored()).toEqual([1, 2, 3]);
  });

  it('undoes a refused write of a group and keeps its neighbours', async () => {
    const twice = () => {
      insert(9)();
      throw new Error('refused');
    };
    const outcomes = await Promise.allSettled(
      [1, 2].map((a) => writer.write(insert(a))).concat(writer.write(twice)),
    );
    expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(stored()).toEqual([1, 2]);
  });

  it('undoes a refused write that is alone', async () => {
    await expect(
      writer.write(() => {
        insert(1)();
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    expect(stored()).toEqual([]);
    await writer.write(insert(2));
    expect(stored()).toEqual([2]);
  });

  it('fails every write of a group whose commit fails, and none of the next', async () => {
    sql.exec('PRAGMA foreign_keys = ON');
    sql.exec('CREATE TABLE child (p REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED)');
    const orphan = () => sql.run('INSERT INTO child (p) VALUES (99)');
    const outcomes = await Promise.allSettled([writer.write(insert(1)), writer.write(orphan)]);
    expect(outcomes.map((o) => o.status)).toEqual(['rejected', 'rejected']);
    expect(stored()).toEqual([]);
    await writer.write(insert(2));
    expect(stored()).toEqual([2]);
  });

  it('waits for another process without holding up the event loop', async () => {
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const done = writer.write(insert(1));
    for (; turns < 20; turns++) await new Promise((next) => setImmediate(next));
    expect(stored(other)).toEqual([]);
    other.exec('COMMIT');
    await done;
    expect(stored()).toEqual([1]);
  });

  it('is idle when all is settled', async () => {
    const settled: number[] = [];
    for (const a of [1, 2, 3]) void writer.write(insert(a)).then(() => settled.push(a));
    await writer.idle();
    expect(settled).toEqual([1, 2, 3]);
  });
});
