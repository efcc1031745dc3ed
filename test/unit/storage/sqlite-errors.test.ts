import { describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import { sqliteError } from '#src/storage/sqlite-errors.js';

describe('sqliteError', () => {
  it.each([
    [5, 'UNAVAILABLE', 'is locked by another process'],
    [6, 'UNAVAILABLE', 'is locked by another process'],
    [8, 'PERMISSION_DENIED', 'cannot be written'],
    [10, 'UNAVAILABLE', 'could not be read or written'],
    [11, 'INTEGRITY', 'is damaged'],
    [13, 'UNAVAILABLE', 'could not grow: the disk is full'],
    [14, 'UNAVAILABLE', 'cannot be opened'],
    [19, 'CONFLICT', 'refuses a row that breaks a constraint'],
    [26, 'INTEGRITY', 'is not an SQLite database'],
    [1, 'INTERNAL', 'failed'],
  ])('says what result code %i of either library means', (resultCode, code, meaning) => {
    // The upper bits of an extended code say more of the same.
    for (const fields of [{ errcode: resultCode | 0x300 }, { rawCode: resultCode }]) {
      const cause = Object.assign(new Error('why'), fields);
      const error = sqliteError(cause, '/srv/a.db');
      expect(error).toMatchObject({ code, message: `database /srv/a.db ${meaning} (why)`, cause });
      expect(error.hint).toEqual(expect.any(String));
    }
  });

  it("reads the code from libsql's text when it is nowhere else", () => {
    const cause = new Error('ConnectionFailed("Unable to open connection to local database /x: 14")');
    expect(sqliteError(cause, '/x').code).toBe('UNAVAILABLE');
  });

  it('leaves our own errors as they are', () => {
    const own = new PhantomNetError('NOT_FOUND', 'x');
    expect(sqliteError(own, '/x')).toBe(own);
  });
});
