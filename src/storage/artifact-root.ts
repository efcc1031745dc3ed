import { dirname, join, resolve } from 'node:path';
import { PhantomNetError, show } from '../core/index.js';
import { artifactUriToPath } from './artifact-uri.js';

/**
 * Returns the absolute folder of a store's artifacts: the one that is given, as a path or a `file:` uri, or `artifacts`
 * beside the database. Throws UNSUPPORTED for an address of anything else: a folder of that name would be made for it.
 */
export function artifactRootPath(databasePath: string, given: string | undefined): string {
  if (given === undefined) return join(dirname(databasePath), 'artifacts');
  const scheme = /^([a-z][a-z0-9+.-]*):\//i.exec(given)?.[1]?.toLowerCase();
  if (scheme === 'file') return artifactUriToPath(given);
  if (scheme === undefined) return resolve(given);
  throw new PhantomNetError('UNSUPPORTED', `the artifact root ${show(given)} is no folder of this machine`, {
    hint: 'artifacts are kept in a folder: give --artifacts its path',
    details: { scheme },
  });
}
