import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PhantomNetError, show } from '../core/index.js';
import { checkArtifactPath } from '../mlflow/index.js';

/** MLflow hides files that start so from its listings: they are uploads under way. */
export const TEMPORARY_PREFIX = '.artifact.uploading.';
const MAX_NAME_BYTES = 255;

/**
 * Returns the segments of a relative artifact path ('' is the root). Throws INVALID_PARAMETER for what leaves the root,
 * and for names that MLflow's client would read as others (percent escapes), that are reserved for uploads under way, or
 * that no file system takes.
 */
export function artifactSegments(path: string): string[] {
  const segments = checkArtifactPath(path).split('/');
  const bad = segments.some(
    (s) => s.startsWith(TEMPORARY_PREFIX) || /%[0-9a-f]{2}/i.test(s) || Buffer.byteLength(s) > MAX_NAME_BYTES,
  );
  if (bad) {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `artifact path ${show(path)} holds a name that cannot be kept`,
      {
        hint: `leave out percent escapes, names that start with ${TEMPORARY_PREFIX} and names over ${MAX_NAME_BYTES} bytes`,
        details: { path },
      },
    );
  }
  return path === '' ? [] : segments;
}

/** The files of a database as seen from an artifact root: none of them is ever taken for an artifact. */
export interface DatabaseFiles {
  /** True when `segments` below the root name the database, or what belongs to it: its journals and locks start with its name. */
  include(segments: readonly string[]): boolean;
  /** Throws INVALID_PARAMETER when `segments` name such a file, or are a folder that holds one. */
  refuse(segments: readonly string[]): void;
}

/** Returns where the files of a database lie as seen from an artifact root, both found through links. */
export async function databaseFiles(databasePath: string, root: string): Promise<DatabaseFiles> {
  // The path as given and the file it leads to, since SQLite keeps its journals beside the latter; in one case, since
  // some file systems do not tell `A.db` from `a.db`.
  const given = join(await realOr(dirname(databasePath)), basename(databasePath));
  const databases = [given, await realOr(databasePath)].map((path) => path.toLowerCase());
  const realRoot = await realOr(root);
  const targetOf = (segments: readonly string[]) => join(realRoot, ...segments).toLowerCase();
  const include = (segments: readonly string[]) =>
    databases.some((database) => targetOf(segments).startsWith(database));
  const isAbove = (target: string) =>
    databases.some((database) => target === '/' || database.startsWith(`${target}/`));
  const refuse = (segments: readonly string[]) => {
    const isOne = include(segments);
    if (!isOne && !isAbove(targetOf(segments))) return;
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `artifact path ${show(segments.join('/'))} ${isOne ? 'is a file of' : 'holds'} the tracking database`,
      { hint: 'choose another artifact path, or an artifact root that does not hold the database' },
    );
  };
  return { include, refuse };
}

async function realOr(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
