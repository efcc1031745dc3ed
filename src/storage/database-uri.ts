import { resolve } from 'node:path';
import { PhantomNetError, show } from '../core/index.js';

/**
 * Returns the absolute path of the file a database uri names: `sqlite:///relative.db` (from the working directory) or
 * `sqlite:////absolute/path.db`, as SQLAlchemy reads them. Throws INVALID_PARAMETER for anything else.
 */
export function databasePath(uri: string): string {
  const path = /^sqlite:\/\/\/(.+)$/s.exec(uri)?.[1];
  if (path === undefined || path.startsWith(':memory:') || /[?\0]/.test(path) || path.endsWith('/')) {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `tracking uri must be sqlite:///<path of a file>, got ${show(uri)}`,
      {
        details: { parameter: 'uri', given: uri },
        hint: 'write sqlite:///phantomnet.db for a file in this folder, or sqlite:////srv/phantomnet.db for an absolute path',
      },
    );
  }
  return resolve(path);
}
