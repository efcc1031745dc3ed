import { invalidParameter, PhantomNetError, show } from '../../core/index.js';
import { createMatcher, readPatterns } from './patterns.js';

/** The variable that names the sites whose pages may call this server, as MLflow's. */
export const ALLOWED_ORIGINS = 'MLFLOW_SERVER_CORS_ALLOWED_ORIGINS';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** What browsers are told and held to when a page of another site calls. */
export interface OriginGuard {
  /** Throws PERMISSION_DENIED for a write that a page of another site asks for. */
  check(origin: string | undefined, method: string): void;
  /** Returns the headers that let the page of an allowed origin read the answer; none for others. */
  headers(origin: string | undefined): Readonly<Record<string, string>>;
  /** Returns the answer's headers to a browser that asks before it calls; undefined when it must not. */
  preflight(origin: string, askedHeaders: string | undefined): Readonly<Record<string, string>> | undefined;
}

/**
 * Returns the guard of a setting: patterns of origins, separated by commas. Pages served from this machine may always
 * call, as with MLflow. `*` lets all pages call, but without credentials. `Origin: null` (a file, a sandboxed frame)
 * never writes.
 */
export function createOriginGuard(setting: string | undefined): OriginGuard {
  const patterns = readPatterns(setting) ?? [];
  const name = patterns.find((pattern) => !/^(\*|null$|[a-z][a-z0-9+.-]*:\/\/)/i.test(pattern));
  if (name !== undefined) invalidParameter(ALLOWED_ORIGINS, 'origins such as https://ml.example.org', name);
  const isAnyAllowed = patterns.includes('*');
  const matchesPattern = createMatcher(patterns);
  const isAllowed = (origin: string) =>
    origin !== 'null' && (matchesPattern(origin) || isLocalOrigin(origin));
  const headers = (origin: string | undefined): Record<string, string> => {
    if (origin === undefined || !isAllowed(origin)) return {};
    if (isAnyAllowed) return { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' };
    return {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-request-id',
    };
  };
  return {
    headers,
    check(origin, method) {
      if (origin === undefined || READS.has(method) || isAllowed(origin)) return;
      throw new PhantomNetError('PERMISSION_DENIED', `pages of ${show(origin)} may not write here`, {
        hint: `name the sites that may in ${ALLOWED_ORIGINS}`,
      });
    },
    preflight(origin, askedHeaders) {
      if (!isAllowed(origin)) return undefined;
      return {
        ...headers(origin),
        'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS, PATCH',
        'access-control-max-age': '600',
        ...(askedHeaders === undefined ? {} : { 'access-control-allow-headers': askedHeaders }),
      };
    },
  };
}

function isLocalOrigin(origin: string): boolean {
  // Nothing but scheme, name and port, as browsers send it.
  if (!/^https?:\/\/[^/?#@]+$/i.test(origin) || !URL.canParse(origin)) return false;
  return LOCAL_HOSTS.has(new URL(origin).hostname);
}
