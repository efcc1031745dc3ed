import { fileURLToPath, pathToFileURL } from 'node:url';
import { PhantomNetError, show } from '../core/index.js';

/**
 * Returns an absolute path as MLflow's database has it: the plain path, or a `file://` uri where the path holds a
 * character that MLflow's client would decode or cut off (`%`, `?`, `#`).
 */
export function pathToArtifactUri(path: string): string {
  return /[%?#]/.test(path) ? pathToFileURL(path).href : path;
}

/** Returns `uri` with path segments appended to its path, before a query; none of ours needs escaping. */
export function appendToArtifactUri(uri: string, ...segments: readonly string[]): string {
  // A plain path has no query: `?` is part of a name there.
  const cut = /^[a-z][a-z0-9+.-]*:/i.test(uri) ? uri.indexOf('?') : -1;
  const [path, query] = cut === -1 ? [uri, ''] : [uri.slice(0, cut), uri.slice(cut)];
  return [path.replace(/\/+$/, ''), ...segments].join('/') + query;
}

/**
 * Returns the absolute local path of an artifact uri, read as MLflow's client reads it: a plain absolute path
 * (percent escapes decoded) or a `file:` uri of this host. Throws UNSUPPORTED for a remote one, INVALID_PARAMETER for
 * one that is not absolute or holds `..`.
 */
export function artifactUriToPath(uri: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'file') {
    throw new PhantomNetError('UNSUPPORTED', `artifact uri ${show(uri)} is not on this machine's disk`, {
      hint: 'the embedded store reads local folders only: set the tracking uri to the MLflow server that serves these artifacts',
      details: { uri },
    });
  }
  const path = scheme === 'file' ? filePath(uri) : unquoted(uri);
  const segments = path?.split('/') ?? [];
  if (
    path === undefined ||
    path === '' ||
    segments[0] !== '' ||
    segments.includes('..') ||
    /[\0\\]/.test(path)
  ) {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `artifact uri must be an absolute path or file:// uri without '..', got ${show(uri)}`,
      { hint: 'pass the artifactUri of a run or model as the store returned it', details: { uri } },
    );
  }
  return `/${segments.filter((s) => s !== '' && s !== '.').join('/')}`;
}

function filePath(uri: string): string | undefined {
  try {
    const url = new URL(uri);
    // A query or fragment, or `..` that URL has already resolved away, is not something a store hands out.
    if (url.search !== '' || url.hash !== '' || /(^|[/\\])(\.|%2e){2}([/\\]|$)/i.test(uri)) return undefined;
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

function unquoted(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
