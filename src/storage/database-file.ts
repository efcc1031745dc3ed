import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PhantomNetError } from '../core/index.js';

/** Throws NOT_FOUND unless the folder of a database is there. */
export function checkFolder(path: string): void {
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (folder?.isDirectory()) return;
  throw new PhantomNetError('NOT_FOUND', `folder ${dirname(path)} of the tracking database does not exist`, {
    hint: 'create the folder first, or give another tracking uri',
  });
}

/**
 * Throws INTEGRITY for a file that is there and is not SQLite's; an empty one may become a database.
 * Must not be called for a file that this process has open with SQLite: closing any handle of it drops all its POSIX
 * locks, and the next process to close the database would then remove the log that this one still writes to.
 */
export function checkHeader(path: string): void {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined || file.size === 0) return;
  if (file.isFile() && hasSqliteHeader(path)) return;
  throw new PhantomNetError('INTEGRITY', `${path} is not an SQLite database`, {
    hint: 'give the path of another file, or of one that does not exist',
    details: { path },
  });
}

function hasSqliteHeader(path: string): boolean {
  const header = Buffer.alloc(16);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, 16, 0);
  } finally {
    closeSync(file);
  }
  return header.toString('latin1') === 'SQLite format 3\0';
}
