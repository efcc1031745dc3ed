import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { PhantomNetError, show } from '../core/index.js';

/** MLflow hides files that start so from its listings: they are uploads under way. */
export const TEMPORARY_PREFIX = '.artifact.uploading.';

/**
 * Returns the segments of a relative artifact path ('' is the root). Throws INVALID_PARAMETER for what could leave the
 * root or would mean another name to MLflow's client: absolute paths, `.` and `..`, empty segments, backslashes, drive
 * letters, `#`, `?`, `%`, control characters, and names reserved for uploads under way.
 */
export function artifactSegments(path: string): string[] {
  if (path === '') return [];
  const segments = path.split('/');
  const bad =
    segments.some((s) => s === '' || s === '.' || s === '..' || s.startsWith(TEMPORARY_PREFIX)) ||
    /^[a-z]:/i.test(path) ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    /[\\#?%\u0000-\u001f\u007f]/.test(path) ||
    segments.some((s) => Buffer.byteLength(s) > 255);
  if (bad) {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `artifact path must be relative, with '/' between plain names, got ${show(path)}`,
      {
        hint: "leave out '..', a leading '/', backslashes, '#', '?', '%' and control characters",
        details: { path },
      },
    );
  }
  return segments;
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
  while (path !== root && lstatSync(path, { throwIfNoEntry: false }) === undefined) path = dirname(path);
  return path;
}

function realOrSame(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const isLink = missing && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    // A dangling link points at nothing we can vouch for.
    if (isLink) return sep;
    return path;
  }
}
