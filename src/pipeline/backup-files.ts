import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** MLflow and we write uploads under such a name before they get their own. */
const UPLOADING = '.artifact.uploading.';

/**
 * Yields what is not a folder below `folders`, with its name relative to `root`. Links are yielded, not followed;
 * uploads under way are left out. Memory grows with the depth alone.
 */
export async function* recordedFiles(
  root: string,
  folders: readonly string[],
): AsyncGenerator<{ readonly path: string; readonly name: string }> {
  for (const folder of folders) {
    for await (const path of filesBelow(folder)) yield { path, name: path.slice(root.length + 1) };
  }
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (!entry.name.startsWith(UPLOADING)) yield path;
  }
}

async function* entriesOf(folder: string): AsyncGenerator<Dirent> {
  const entries = await opendir(folder).catch((error: NodeJS.ErrnoException) => {
    // A run that has logged no file has no folder.
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (entries !== undefined) yield* entries;
}
