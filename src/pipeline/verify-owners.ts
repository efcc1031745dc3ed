import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecorded, type SqlDatabase } from '../storage/index.js';

/**
 * Yields the folders below an artifact root that have the shape of a run's or logged model's and belong to none of the
 * database: `<experiment>/<run id>` and `<experiment>/models/<model id>`. Links are not followed.
 */
export async function* foldersWithoutOwner(
  sql: Pick<SqlDatabase, 'get'>,
  artifactRoot: string,
): AsyncGenerator<string> {
  for await (const experiment of foldersIn(artifactRoot)) {
    for await (const name of foldersIn(join(artifactRoot, experiment))) {
      const path = join(artifactRoot, experiment, name);
      if (/^[0-9a-f]{32}$/.test(name) && !isRecorded(sql, name)) yield path;
      if (name !== 'models') continue;
      for await (const model of foldersIn(path)) {
        if (/^m-[0-9a-f]{32}$/.test(model) && !isRecorded(sql, model)) yield join(path, model);
      }
    }
  }
}

async function* foldersIn(folder: string): AsyncGenerator<string> {
  const entries = await opendir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (entries === undefined) return;
  for await (const entry of entries) if (entry.isDirectory()) yield entry.name;
}
