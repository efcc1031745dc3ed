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
      tryBegin: { value: (options?: { checksReferences?: boolean }) => sql.tryBegin(options) },
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

  it('leaves references to a group of writes that all look for them, and to no other', async () => {
    sql.exec('CREATE TABLE child (p REFERENCES t (a))');
    const orphan = (p: number) => () => sql.run('INSERT INTO child (p) VALUES (?)', [p]);
    const trusted = { checksReferences: true };
    const outcomes = async (...writes: Promise<unknown>[]) =>
      (await Promise.allSettled(writes)).map((o) =>
        o.status === 'fulfilled' ? 'kept' : (o.reason as { code: string }).code,
      );
    expect(await outcomes(writer.write(orphan(1), trusted), writer.write(orphan(2), trusted))).toEqual([
      'kept',
      'kept',
    ]);
    expect(await outcomes(writer.write(orphan(3)))).toEqual(['CONFLICT']);
    const mixed = outcomes(writer.write(orphan(4), trusted), writer.write(insert(9)));
    expect(await mixed).toEqual(['CONFLICT', 'kept']);
    // One that comes while the group waits for the lock is not in it. First what the last group left free has to pass.
    await new Promise((later) => setTimeout(later, 100));
    other.exec('BEGIN IMMEDIATE');
    const early = outcomes(writer.write(orphan(5), trusted));
    for (let turns = 0; turns < 20; turns++) await new Promise((next) => setImmediate(next));
    const late = outcomes(writer.write(orphan(6)));
    other.exec('COMMIT');
    expect([await early, await late]).toEqual([['kept'], ['CONFLICT']]);
    expect(await outcomes(writer.write(orphan(7), trusted))).toEqual(['kept']);
    expect(() => sql.transaction(orphan(8))).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
    expect(other.all('SELECT p FROM child ORDER BY p').map((row) => row['p'])).toEqual([1, 2, 5, 7]);
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

  it('moves the log into the file in a pause after much was written, and not before', async () => {
    const moved: number[] = [];
    const watched: SqlDatabase = Object.create(sql, {
      commit: { value: () => sql.commit() },
      tryBegin: { value: () => sql.tryBegin() },
      isInTransaction: { value: () => sql.isInTransaction() },
      changedElsewhere: { value: () => sql.changedElsewhere() },
      savepoint: { value: (work: () => unknown) => sql.savepoint(work) },
      moveLog: { value: () => moved.push(stored().length) },
    });
    const own = new GroupWriter(watched);
    const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
    await own.write(insert(1));
    await pause(150);
    expect(moved).toEqual([]);
    const started = performance.now();
    let last = 1;
    while (performance.now() - started < 300) await own.write(insert(++last));
    expect(moved).toEqual([]);
    while (moved.length === 0) await pause(10);
    await pause(150);
    expect(moved).toEqual([last]);
    // One that has ended moves nothing any more.
    const again = performance.now();
    while (performance.now() - again < 300) await own.write(insert(++last));
    await own.finish();
    own.end();
    await pause(200);
    expect(moved).toHaveLength(1);
  });

  it('has finished when all is settled', async () => {
    const settled: number[] = [];
    for (const a of [1, 2, 3]) void writer.write(insert(a)).then(() => settled.push(a));
    await writer.finish();
    expect(settled).toEqual([1, 2, 3]);
  });

  it('waits for no lock of another process when it is to finish, and does again afterwards', async () => {
    other.exec('BEGIN IMMEDIATE');
    const outcome = writer.write(insert(1)).catch((error: unknown) => error);
    for (let turns = 0; turns < 20; turns++) await new Promise((next) => setImmediate(next));
    const started = performance.now();
    await writer.finish();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await outcome).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('is locked by another process'),
    });
    const later = writer.write(insert(2));
    for (let turns = 0; turns < 20; turns++) await new Promise((next) => setImmediate(next));
    other.exec('COMMIT');
    await later;
    expect(stored()).toEqual([2]);
  });

  it('keeps the order of asking, whatever is refused between', async () => {
    const order: number[] = [];
    const step = (a: number) => () => {
      order.push(a);
      if (a % 3 === 0) throw new Error('refused');
    };
    await Promise.allSettled(Array.from({ length: 50 }, (_, a) => writer.write(step(a))));
    expect(order).toEqual(Array.from({ length: 50 }, (_, a) => a));
  });

  it('gives a write that another asks for a savepoint of its own', async () => {
    let inner: Promise<unknown> | undefined;
    const refused = () => {
      insert(2)();
      throw new Error('refused');
    };
    await writer.write(() => {
      insert(1)();
      inner = Promise.allSettled([writer.write(refused), writer.write(insert(3))]);
    });
    await inner;
    expect(stored()).toEqual([1, 3]);
  });

  it('tells every write why none can begin, and works again afterwards', async () => {
    sql.exec('BEGIN');
    const outcomes = await Promise.allSettled([1, 2].map((a) => writer.write(insert(a))));
    expect(outcomes.map((o) => o.status)).toEqual(['rejected', 'rejected']);
    if (sql.isInTransaction()) sql.rollback();
    await writer.write(insert(3));
    expect(stored()).toEqual([3]);
  });

  it('refuses what is asked of a closed database', async () => {
    sql.close();
    await expect(writer.write(insert(1))).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('settles a long backlog in groups, each write as itself', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20_000 }, (_, a) => writer.write(insert(a % 19_000))),
    );
    expect(outcomes.filter((o) => o.status === 'rejected')).toHaveLength(1_000);
    expect(stored()).toEqual(Array.from({ length: 19_000 }, (_, a) => a));
    expect(commits).toBeLessThan(1_000);
  });

  it('fails the writes that a full disk takes and keeps every other', async () => {
    sql.exec('CREATE TABLE big (b)');
    const pages = Number(sql.get('PRAGMA page_count')?.['page_count']);
    sql.get(`PRAGMA max_page_count = ${pages + 8}`);
    const big = () => sql.run('INSERT INTO big (b) VALUES (?)', ['x'.repeat(100_000)]);
    const writes = [writer.write(insert(1)), writer.write(big), writer.write(insert(2))];
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes[1]).toMatchObject({
      status: 'rejected',
      reason: { code: 'UNAVAILABLE', message: expect.stringContaining('the disk is full') },
    });
    const kept = [1, 2].filter((_, i) => outcomes[i * 2]!.status === 'fulfilled');
    expect(stored()).toEqual(kept);
    expect(stored(sql)).toEqual(kept);
    sql.get(`PRAGMA max_page_count = ${pages + 1_000}`);
    await Promise.all([writer.write(big), writer.write(insert(4))]);
    expect(stored()).toEqual([...kept, 4]);
    expect(other.get('SELECT count(*) AS n FROM big')?.['n']).toBe(1);
  });
});

describe('GroupWriter on a database with a rollback journal', () => {
  it('fails a group that a reader keeps from its commit, leaves no lock, and works again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'phantomnet-group-'));
    const sql = await connectSqlite(join(folder, 'a.db'), { busyTimeoutMs: 20 });
    sql.exec('CREATE TABLE t (a PRIMARY KEY)');
    const other = await connectSqlite(join(folder, 'a.db'), { busyTimeoutMs: 20 });
    const writer = new GroupWriter(sql);
    const insert = (a: number) => writer.write(() => sql.run('INSERT INTO t (a) VALUES (?)', [a]));
    other.exec('BEGIN');
    expect(other.all('SELECT a FROM t')).toEqual([]);
    const outcomes = await Promise.allSettled([insert(1), insert(2)]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    }
    other.exec('COMMIT');
    other.run('INSERT INTO t (a) VALUES (3)');
    await insert(4);
    expect(other.all('SELECT a FROM t').map((row) => row['a'])).toEqual([3, 4]);
    sql.close();
    other.close();
    await rm(folder, { recursive: true });
  });
});
