import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { checkHeader } from './database-file.js';
import { GroupWriter } from './group-writer.js';
import type { SqlDatabase, SqliteDriver } from './sqlite.js';
import { connectSqlite } from './sqlite-database.js';

/** A process has one connection a file, so that all who write to it share their commits. */
interface Shared {
  readonly opened: Promise<{ readonly sql: SqlDatabase; readonly writer: GroupWriter }>;
  users: number;
}
const connections = new Map<string, Shared>();

/** A connection that is closed when the last of its users in this process has let it go. */
export interface SharedConnection {
  readonly sql: SqlDatabase;
  readonly writer: GroupWriter;
  /** Waits for the writes under way, but not for another's lock, then lets go. Calling it again does nothing. */
  release(): Promise<void>;
}

/**
 * Returns this process's connection to a file, opening it where there is none. Throws INTEGRITY for a file that is not
 * SQLite's, and what `connectSqlite` throws.
 */
export async function shareConnection(path: string, driver?: SqliteDriver): Promise<SharedConnection> {
  const key = `${driver ?? ''}:${join(realpathSync(dirname(path)), basename(path))}`;
  const shared = connections.get(key) ?? { opened: open(path, driver), users: 0 };
  connections.set(key, shared);
  shared.users += 1;
  let isHeld = true;
  const letGo = () => {
    shared.users -= 1;
    if (shared.users === 0) connections.delete(key);
    return shared.users === 0;
  };
  try {
    const { sql, writer } = await shared.opened;
    const release = async () => {
      if (!isHeld) return;
      isHeld = false;
      // Others in this process may never stop writing; they close it when they are done.
      if (shared.users === 1) await writer.finish();
      // Whoever has opened it meanwhile keeps it open.
      if (!letGo()) return;
      writer.end();
      sql.close();
    };
    return { sql, writer, release };
  } catch (error) {
    letGo();
    throw error;
  }
}

async function open(path: string, driver?: SqliteDriver): Shared['opened'] {
  checkHeader(path);
  const sql = await connectSqlite(path, driver === undefined ? {} : { driver });
  return { sql, writer: new GroupWriter(sql) };
}
