import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname, join, sep } from 'node:path';
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

/** Returns the local path of `segments` below `root`. Throws INVALID_PARAMETER when a symbolic link on the way leaves the root. */
export function insideRoot(root: string, segments: readonly string[]): string {
  const target = join(root, ...segments);
  const realRoot = realOrSame(root);
  const real = realOrSame(nearestExisting(target, root));
  if (real !== realRoot && !real.startsWith(realRoot === sep ? sep : realRoot + sep)) {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `artifact path ${show(segments.join('/'))} leaves its root through a symbolic link`,
      { hint: 'replace the link by the files it points to', details: { root } },
    );
  }
  return target;
}

/** The deepest of target and its parents, down from root, that is there; a dangling link counts as there. */
function nearestExisting(target: string, root: string): string {
  let path = target;
  while (path !== root && statusOf(path) === undefined) path = dirname(path);
  return path;
}

function realOrSame(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // A dangling link points at nothing we can vouch for.
    return statusOf(path)?.isSymbolicLink() === true ? sep : path;
  }
}

function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // A file stands where a folder would have to be, or the path is too long: reading or writing it will say so.
    return undefined;
  }
}
