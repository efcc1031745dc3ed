import { isIP, isIPv6 } from 'node:net';
import { invalidParameter, PhantomNetError, show } from '../../core/index.js';
import { createMatcher, readPatterns } from './patterns.js';

/** The variable that names the hosts a request may be meant for, as MLflow's. */
export const ALLOWED_HOSTS = 'MLFLOW_SERVER_ALLOWED_HOSTS';

/** How many Host headers are remembered with their verdict. */
const MAX_REMEMBERED = 1_000;

/**
 * Returns a function that throws PERMISSION_DENIED unless a Host header names this server: a page that rebinds its own
 * name to our address still sends its own name. `setting` holds patterns, separated by commas; without one, loopback
 * and private addresses pass, `localhost`, and the address the server listens on. Unlike MLflow's default of `10.*`,
 * only addresses count as private, not names like 10.example.org.
 */
export function createHostGuard(
  setting: string | undefined,
  listenHost: string,
): (host: string | undefined) => void {
  const patterns = readPatterns(setting);
  const address = patterns?.find((pattern) => pattern.includes('/'));
  if (address !== undefined)
    invalidParameter(ALLOWED_HOSTS, 'names of hosts, without scheme and path', address);
  const isAllowed =
    patterns === undefined ? (host: string) => isLocal(host, listenHost) : createMatcher(patterns);
  const remembered = new Map<string, boolean>();
  return (host = '') => {
    let verdict = remembered.get(host);
    if (verdict === undefined) {
      verdict = host !== '' && isAllowed(host);
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(host, verdict);
    }
    if (verdict) return;
    throw new PhantomNetError('PERMISSION_DENIED', `the host ${show(host)} is not one of this server's`, {
      hint: `name the hosts it is reached by in ${ALLOWED_HOSTS}`,
    });
  };
}

function isLocal(host: string, listenHost: string): boolean {
  const name = withoutPort(host.toLowerCase());
  if (name === undefined) return false;
  return name === 'localhost' || name === listenHost.toLowerCase() || isPrivateAddress(name);
}

/** Returns the name or address of `name`, `name:port`, `[address]` or `[address]:port`; undefined for anything else. */
function withoutPort(host: string): string | undefined {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/.exec(host);
  return parts?.[1] ?? parts?.[2];
}

/** Returns whether an address leads to this machine alone. */
export function isLoopback(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

function isPrivateAddress(address: string): boolean {
  if (isLoopback(address) || address === '0.0.0.0') return true;
  if (isIPv6(address)) return /^f[cd]/.test(address);
  return isIP(address) === 4 && /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(address);
}
