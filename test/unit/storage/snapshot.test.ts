import { describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import { copyDatabase, type SqlDatabase } from '#src/storage/index.js';
import { sqliteError } from '#src/storage/sqlite-errors.js';
import { expectThrown } from '../../support/expect-thrown.js';

const failing = (errcode: number) =>
  ({
    run: () => {
      throw sqliteError(Object.assign(new Error('no'), { errcode }), '/data/phantomnet.db');
    },
  }) as unknown as SqlDatabase;

describe('a copy of a database', () => {
  it('says of a full disk that it is the one of the copy', () => {
    const error = expectThrown(
      () => copyDatabase(failing(13), '/backups/nightly.tar.database'),
      'UNAVAILABLE',
    );
    expect(error.message).toBe('no room for a copy of the database in "/backups"');
    expect(error.hint).toBe('free some space there, or name a file in another folder');
    expect(error.cause).toBeInstanceOf(PhantomNetError);
    const damaged = expectThrown(
      () => copyDatabase(failing(11), '/backups/nightly.tar.database'),
      'INTEGRITY',
    );
    expect(damaged.message).toContain('database /data/phantomnet.db is damaged');
  });
});
