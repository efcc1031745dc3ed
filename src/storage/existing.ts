import { statSync } from 'node:fs';
import { PhantomNetError } from '../core/index.js';
import { type SharedConnection, shareConnection } from './connections.js';
import { checkFolder } from './database-file.js';
import { databasePath } from './database-uri.js';
import type { SqliteDriver } from './sqlite.js';

/**
 * Opens a database that is there already and changes nothing in it, whatever its revision. Throws NOT_FOUND where there
 * is none, INVALID_PARAMETER for a wrong uri, INTEGRITY for a file that is not SQLite's.
 */
export async function openExisting(uri: string, driver?: SqliteDriver): Promise<SharedConnection> {
  const path = databasePath(uri);
  checkFolder(path);
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) {
    throw new PhantomNetError('NOT_FOUND', `there is no database at ${path}`, {
      hint: 'check the --store uri',
      details: { path },
    });
  }
  return shareConnection(path, driver);
}
