import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlDatabase, SqliteDriver, SqlValue } from '#src/storage/sqlite.js';
import { connectSqlite } from '#src/storage/sqlite-database.js';
import { hasNodeSqlite } from '#src/storage/sqlite-node.js';

const drivers: readonly SqliteDriver[] = ['libsql', 'node:sqlite'];
const seed = Number(process.env['PHANTOMNET_SEED'] ?? 20261);

const bits = (value: unknown) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(Number(value));
  return bytes.toString('hex');
};

for (const driver of drivers) {
  const missing = driver === 'node:sqlite' && !hasNodeSqlite();
  const why = missing ? ` (skipped: Node ${process.versions.node} has no node:sqlite)` : '';

  describe.skipIf(missing)(`SQLite driver ${driver}${why}`, () => {
    let folder: string;
    let db: SqlDatabase;
    let files = 0;
    const open = (busyTimeoutMs?: number, path = join(folder, `${files++}.db`)) =>
      connectSqlite(path, { driver, ...(busyTimeoutMs === undefined ? {} : { busyTimeoutMs }) });

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'phantomnet-sqlite-'));
      db = await open();
      db.exec('CREATE TABLE t (a, f FLOAT, i BIGINT, s VARCHAR(3) UNIQUE, n INTEGER NOT NULL DEFAULT 1)');
    });
    afterAll(async () => {
      db.close();
      await rm(folder, { recursive: true });
    });
    const stored = (column: string, value: SqlValue) => {
      db.run('DELETE FROM t');
      db.run(`INSERT INTO t (${column}) VALUES (?)`, [value]);
      return db.get(`SELECT ${column} AS v, typeof(${column}) AS type FROM t`);
    };

    it('is what it says it is', () => {
      expect(db.driver).toBe(driver);
    });

    it('gives every double back bit for bit', () => {
      const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
      const comesBack = fc.property(doubles, (value) => {
        // SQLite keeps whole numbers as integers in a FLOAT column, which have no minus zero.
        fc.pre(!Object.is(value, -0));
        expect(bits(stored('f', value)?.['v'])).toBe(bits(value));
      });
      // One transaction, because a commit waits for the disk.
      db.transaction(() => fc.assert(comesBack, { seed, numRuns: 1000, verbose: 1 }));
      for (const edge of [5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** -1022, 0.1, 2 ** 53]) {
        expect(bits(stored('f', edge)?.['v'])).toBe(bits(edge));
      }
      expect(bits(stored('f', -0)?.['v'])).toBe(bits(0));
    });

    it('keeps 64-bit integers', () => {
      expect(stored('i', 1_795_437_234_672)).toEqual({ v: 1_795_437_234_672, type: 'integer' });
      expect(stored('i', Number.MAX_SAFE_INTEGER)).toEqual({ v: Number.MAX_SAFE_INTEGER, type: 'integer' });
      expect(stored('i', 9_007_199_254_740_993n)).toEqual({ v: 9_007_199_254_740_993n, type: 'integer' });
      expect(stored('i', -(2n ** 63n))).toEqual({ v: -(2n ** 63n), type: 'integer' });
    });

    it('keeps text, bytes and null', () => {
      const text = `é漢🦊 '"\n\u0001`.repeat(1000);
      expect(stored('s', text)?.['v']).toBe(text);
      expect(stored('a', null)).toEqual({ v: null, type: 'null' });
      const bytes = stored('a', new Uint8Array([0, 1, 255]))?.['v'];
      expect(bytes).toBeInstanceOf(Uint8Array);
      expect([...(bytes as Uint8Array)]).toEqual([0, 1, 255]);
    });

    it.each([
      ['NaN', Number.NaN],
      ['an infinity', Number.POSITIVE_INFINITY],
      ['text with NUL', 'a\0b'],
      ['a boolean', true as unknown as SqlValue],
      ['undefined', undefined as unknown as SqlValue],
    ])('refuses %s instead of storing something else', (_, value) => {
      expect(() => db.run('INSERT INTO t (a) VALUES (?)', [value])).toThrow(
        expect.objectContaining({
          code: 'INVALID_PARAMETER',
          message: expect.stringContaining('the database cannot store'),
        }),
      );
    });

    it('returns rows, nothing, and the number of changes', () => {
      db.run('DELETE FROM t');
      expect(db.get('SELECT a FROM t')).toBeUndefined();
      expect(db.all('SELECT a FROM t')).toEqual([]);
      expect(db.run("INSERT INTO t (a, s) VALUES (1, 'x'), (2, 'y')")).toBe(2);
      expect(db.run("INSERT INTO t (s) VALUES ('x') ON CONFLICT DO NOTHING")).toBe(0);
      expect({ ...db.get('SELECT a, s FROM t ORDER BY a') }).toEqual({ a: 1, s: 'x' });
      expect(db.all('SELECT a FROM t ORDER BY a').map((row) => row['a'])).toEqual([1, 2]);
    });

    it('gives the first row as an array, and reads no further', async () => {
      const path = join(folder, `${files++}.db`);
      const [one, two] = [await open(undefined, path), await open(undefined, path)];
      one.get('PRAGMA journal_mode = WAL');
      one.exec('CREATE TABLE t (a, b)');
      expect(one.row('SELECT a, b FROM t')).toBeUndefined();
      one.run("INSERT INTO t VALUES (1, 'x'), (2, NULL), (9007199254740993, 'z')");
      const first = 'SELECT a, b FROM t ORDER BY a LIMIT ?';
      expect(one.row(first, [3])).toEqual([1, 'x']);
      // Whatever the same statement was read as before.
      expect({ ...one.get(first, [3]) }).toEqual({ a: 1, b: 'x' });
      expect(one.rows(first, [2])).toEqual([
        [1, 'x'],
        [2, null],
      ]);
      expect(one.row('SELECT a FROM t ORDER BY a DESC')).toEqual([9007199254740993n]);
      two.run('DELETE FROM t');
      expect(one.row('SELECT count(*) FROM t')).toEqual([0]);
      expect(two.row('PRAGMA wal_checkpoint(TRUNCATE)')).toEqual([0, 0, 0]);
      one.close();
      two.close();
    });

    it('moves the log into the file, where there is one', async () => {
      const path = join(folder, `${files++}.db`);
      const one = await open(undefined, path);
      expect(() => one.moveLog()).not.toThrow();
      one.get('PRAGMA journal_mode = WAL');
      one.exec('CREATE TABLE t (a)');
      const sizeBefore = (await stat(path)).size;
      one.run('INSERT INTO t VALUES (zeroblob(100000))');
      expect((await stat(path)).size).toBe(sizeBefore);
      one.moveLog();
      expect((await stat(path)).size).toBeGreaterThan(sizeBefore + 100_000);
      one.close();
    });

    it('keeps all of a transaction or nothing', () => {
      db.run('DELETE FROM t');
      expect(db.transaction(() => db.run('INSERT INTO t (a) VALUES (1)'))).toBe(1);
      const failing = () =>
        db.transaction(() => {
          db.run('INSERT INTO t (a) VALUES (2)');
          throw new Error('stop');
        });
      expect(failing).toThrow('stop');
      expect(db.all('SELECT a FROM t').map((row) => row['a'])).toEqual([1]);
      db.transaction(() => db.run('INSERT INTO t (a) VALUES (3)'));
      expect(db.all('SELECT a FROM t')).toHaveLength(2);
    });

    it('enforces foreign keys and syncs every commit', () => {
      expect(db.get('PRAGMA foreign_keys')?.['foreign_keys']).toBe(1);
      expect(db.get('PRAGMA synchronous')?.['synchronous']).toBe(2);
      expect(db.get('PRAGMA busy_timeout')?.['timeout']).toBe(20_000);
    });

    it('says what a broken constraint is', () => {
      db.run('DELETE FROM t');
      db.run("INSERT INTO t (s) VALUES ('x')");
      expect(() => db.run("INSERT INTO t (s) VALUES ('x')")).toThrow(
        expect.objectContaining({
          code: 'CONFLICT',
          message: expect.stringContaining('breaks a constraint'),
        }),
      );
    });

    it('gives up on a lock after the timeout', async () => {
      const first = await open(0);
      const second = await open(0, first.path);
      first.exec('CREATE TABLE x (a)');
      first.transaction(() => {
        expect(() => second.transaction(() => undefined)).toThrow(
          expect.objectContaining({
            code: 'UNAVAILABLE',
            message: expect.stringContaining('is locked by another process'),
          }),
        );
      });
      second.transaction(() => undefined);
      second.close();
      first.close();
    });

    it('sees one state for the whole of a snapshot', async () => {
      const writer = await open();
      writer.exec('PRAGMA journal_mode = WAL; CREATE TABLE x (a)');
      const reader = await open(undefined, writer.path);
      reader.snapshot(() => {
        expect(reader.all('SELECT a FROM x')).toEqual([]);
        writer.run('INSERT INTO x VALUES (1)');
        expect(reader.all('SELECT a FROM x')).toEqual([]);
      });
      expect(reader.all('SELECT a FROM x')).toHaveLength(1);
      reader.close();
      writer.close();
    });

    it('is closed when closed, twice too', async () => {
      const closed = await open();
      closed.close();
      closed.close();
      expect(() => closed.exec('SELECT 1')).toThrow(
        expect.objectContaining({ code: 'CONFLICT', message: `database ${closed.path} is closed` }),
      );
    });

    it('says that a folder is missing', async () => {
      await expect(open(0, join(folder, 'no', 'x.db'))).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('cannot be opened'),
      });
    });
  });
}
