import { lstat, readdir, rm } from 'node:fs/promises';
import { isMissing } from './artifact-errors.js';
import { openFolder } from './artifact-folder.js';
import { TEMPORARY_PREFIX } from './artifact-path.js';

/** An upload has an hour from its first byte to its last, so that one of this age has no process any more. */
const ABANDONED_AFTER_MS = 2 * 60 * 60 * 1_000;

/**
 * Removes below a folder what uploads and removals left that were killed before their end, and returns how many there
 * were. Nobody sees these files, but they take room. Follows no link; ends early, without an error, when `signal` is
 * aborted. Cost: one look at every folder.
 */
export async function removeAbandonedUploads(
  root: string,
  segments: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  const folder = await openFolder(root, segments).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (folder === undefined) return 0;
  const below: string[] = [];
  let removed = 0;
  try {
    for (const entry of await readdir(folder.at(''), { withFileTypes: true })) {
      const { name } = entry;
      if (!name.startsWith(TEMPORARY_PREFIX)) {
        if (entry.isDirectory()) below.push(name);
      } else if (await isOld(folder.at(name))) {
        await rm(folder.at(name), { recursive: true, force: true });
        removed += 1;
      }
    }
  } finally {
    await folder.close();
  }
  for (const name of below) {
    if (signal?.aborted) break;
    removed += await removeAbandonedUploads(root, [...segments, name], signal);
  }
  return removed;
}

async function isOld(path: string): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  return info !== undefined && Date.now() - info.mtimeMs > ABANDONED_AFTER_MS;
}
