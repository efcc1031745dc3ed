import { PhantomNetError, show, visible } from '../core/index.js';

/** Where a tracking store or registry is, as MLflow spells it. */
export type TrackingAddress =
  | { readonly kind: 'sqlite'; readonly uri: string }
  | { readonly kind: 'http'; readonly uri: string };

/** The store of a user who named none: a file in the working directory. */
export const DEFAULT_TRACKING_URI = 'sqlite:///phantomnet.db';

/** Names that are a scheme and no folder, even without a colon. */
const BARE_SCHEME =
  /^(?:sqlite|https?|databricks(?:-uc)?|uc|(?:postgres(?:ql)?|mysql|mariadb|mssql|oracle)(?:\+\w{1,32})?)$/i;

/**
 * Returns what a tracking or registry uri names: an SQLite file (`sqlite:///phantomnet.db`, `sqlite:////srv/p.db`) or an
 * MLflow server (`http://127.0.0.1:5000`). Throws UNSUPPORTED for MLflow's old `mlruns` folders, databases that need a
 * server of their own and hosted services, INVALID_PARAMETER for what is no uri, such as the path of a database file. Passwords are left out of messages.
 *
 * @example
 * ```ts
 * parseTrackingUri('http://127.0.0.1:5000').kind; // 'http'
 * ```
 */
export function parseTrackingUri(uri: string): TrackingAddress {
  const named = BARE_SCHEME.test(uri) ? uri : /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1];
  const scheme = named?.toLowerCase();
  if (scheme === 'sqlite') return sqliteAddress(uri);
  if (scheme === 'http' || scheme === 'https') return httpAddress(uri);
  // One letter before a colon is a drive of Windows.
  if (scheme === undefined || scheme === 'file' || scheme.length === 1) throw fileStoreError(uri);
  throw new PhantomNetError('UNSUPPORTED', `tracking uri ${showUri(uri)} has the scheme '${scheme}'`, {
    hint: `use sqlite:///<file>, or the http address of a server on that store (\`mlflow server --backend-store-uri …\`)`,
    details: { scheme },
  });
}

/** Returns the uri for a message: no user, password, query or fragment, control characters escaped. */
export function showUri(uri: string): string {
  return show(uri.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1***@').replace(/[?#].*$/s, ''));
}

function sqliteAddress(uri: string): TrackingAddress {
  if (/^sqlite:\/\/\/[^?#\0]+$/.test(uri)) return { kind: 'sqlite', uri };
  throw new PhantomNetError('INVALID_PARAMETER', `tracking uri ${showUri(uri)} does not name a file`, {
    hint: 'write sqlite:///phantomnet.db for a file in this folder, or sqlite:////srv/phantomnet.db for an absolute path',
    details: { parameter: 'uri' },
  });
}

function httpAddress(uri: string): TrackingAddress {
  const isHttp = URL.canParse(uri) && /^https?:\/\/[^/?#]/i.test(uri);
  const url = isHttp ? new URL(uri) : undefined;
  if (url !== undefined && url.search === '' && url.hash === '') return { kind: 'http', uri };
  throw new PhantomNetError(
    'INVALID_PARAMETER',
    `tracking uri ${showUri(uri)} is not the address of a server`,
    {
      hint: 'write it as http://127.0.0.1:5000, without query and fragment',
      details: { parameter: 'uri' },
    },
  );
}

function fileStoreError(uri: string): PhantomNetError {
  if (uri === '') {
    return new PhantomNetError('INVALID_PARAMETER', 'tracking uri must not be empty', {
      hint: `leave it out for ${DEFAULT_TRACKING_URI}`,
      details: { parameter: 'uri' },
    });
  }
  if (/\.(?:db|sqlite3?)$/i.test(uri) && !uri.startsWith('file:')) {
    return new PhantomNetError(
      'INVALID_PARAMETER',
      `tracking uri ${showUri(uri)} is the path of a file, not a uri`,
      {
        hint: `did you mean ${visible(`sqlite:///${uri}`)}?`,
        details: { parameter: 'uri' },
      },
    );
  }
  return new PhantomNetError(
    'UNSUPPORTED',
    `tracking uri ${showUri(uri)} is a folder, MLflow's old file store`,
    {
      hint: 'convert it once: mlflow migrate-filestore --source <folder> --target sqlite:///phantomnet.db',
      details: { parameter: 'uri' },
    },
  );
}
