import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PhantomNetError, show } from '../core/index.js';
import { artifactUriToPath, pathToArtifactUri } from './artifact-uri.js';
import type { SqlDatabase } from './sqlite.js';
import { isFull } from './sqlite-errors.js';

/** Every column that says where artifacts are. */
const PLACES: readonly (readonly [table: string, column: string])[] = [
  ['experiments', 'artifact_location'],
  ['runs', 'artifact_uri'],
  ['logged_models', 'artifact_location'],
  ['model_versions', 'source'],
  ['model_versions', 'storage_location'],
];

/**
 * Writes one state of a database to a new file, while others go on writing. Throws UNAVAILABLE when the disk is full.
 * Cost: one copy; the event loop waits for it.
 */
export function copyDatabase(sql: SqlDatabase, path: string): void {
  try {
    sql.run('VACUUM INTO ?', [path]);
  } catch (error) {
    if (!(error instanceof PhantomNetError) || !isFull(error)) throw error;
    throw new PhantomNetError('UNAVAILABLE', `no room for a copy of the database in ${show(dirname(path))}`, {
      cause: error,
      hint: 'free some space there, or name a file in another folder',
      details: { path },
    });
  }
}

/**
 * Rewrites every recorded place below the folder `from` to the same place below `to`, in one transaction; places
 * elsewhere and those of a server's own scheme stay. Returns how many rows were changed.
 */
export function moveArtifactRoot(sql: SqlDatabase, from: string, to: string): number {
  if (from === to) return 0;
  return sql.transaction(() => {
    let changed = 0;
    for (const [table, column] of PLACES) {
      for (const { uri, moved } of movedPlaces(sql, { table, column }, { from, to })) {
        changed += sql.run(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`, [moved, uri]);
      }
    }
    return changed;
  });
}

function movedPlaces(
  sql: SqlDatabase,
  { table, column }: { readonly table: string; readonly column: string },
  { from, to }: { readonly from: string; readonly to: string },
): { readonly uri: string; readonly moved: string }[] {
  return sql
    .all(
      `SELECT DISTINCT ${column} AS uri FROM ${table} WHERE ${column} LIKE '/%' OR ${column} LIKE 'file:%'`,
    )
    .flatMap(({ uri }) => {
      const path = localPath(String(uri));
      if (path === undefined || (path !== from && !path.startsWith(`${from}/`))) return [];
      const target = to + path.slice(from.length);
      const isFileUri = /^file:/i.test(String(uri));
      return [
        {
          uri: String(uri),
          moved: isFileUri ? pathToFileURL(target).href : pathToArtifactUri(target),
        },
      ];
    });
}

function localPath(uri: string): string | undefined {
  try {
    return artifactUriToPath(uri);
  } catch {
    // Not a place a store hands out: it is kept as the text it is.
    return undefined;
  }
}
