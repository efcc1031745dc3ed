import { lookup } from 'node:dns/promises';
import type { Server } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { invalidParameter, PhantomNetError, show } from '../../core/index.js';
import { TOKEN } from './gate.js';
import { isLoopback } from './hosts.js';

/** Where a server listens. */
interface ListeningAt {
  /** Such as `http://127.0.0.1:5000`. */
  readonly origin: string;
  /** Only this machine reaches it. */
  readonly isLoopback: boolean;
}

/**
 * Returns the address to listen on for a host, the name resolved once. Without a token it must be a loopback address:
 * who reaches the server may do all. Throws INVALID_PARAMETER for a host that is none, PERMISSION_DENIED for one that
 * others reach while there is no token.
 */
export async function listenAddress(host: string, hasToken: boolean): Promise<string> {
  if (host === '') invalidParameter('host', 'an address or a name of this machine', host);
  const addresses = isIP(host) === 0 ? await resolveHost(host) : [host];
  const open = addresses.find((address) => !isLoopback(address));
  if (hasToken || open === undefined) return addresses[0]!;
  const which = open === host ? open : `${host} (${open})`;
  throw new PhantomNetError(
    'PERMISSION_DENIED',
    `without a token the server listens on this machine only, not on ${which}`,
    {
      hint: `set ${TOKEN} to a secret of 16 characters or more, or leave --host out`,
      details: { parameter: 'host', given: host },
    },
  );
}

async function resolveHost(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (cause) {
    throw new PhantomNetError('INVALID_PARAMETER', `host ${show(host)} has no address`, {
      cause,
      hint: 'give a --host that is an address of this machine',
    });
  }
}

/** Resolves when the server listens. Throws UNAVAILABLE when the port is taken, PERMISSION_DENIED when it may not be used. */
export async function listen(server: Server, address: string, port: number): Promise<ListeningAt> {
  await new Promise<void>((listening, fail) => {
    server.once('error', (error) => fail(cannotListen(error, `${address}:${port}`)));
    server.listen(port, address, listening);
  });
  const at = server.address() as AddressInfo;
  const shown = at.family === 'IPv6' ? `[${at.address}]` : at.address;
  return { origin: `http://${shown}:${at.port}`, isLoopback: isLoopback(at.address) };
}

function cannotListen(error: NodeJS.ErrnoException, where: string): PhantomNetError {
  if (error.code === 'EADDRINUSE') {
    return new PhantomNetError('UNAVAILABLE', `${where} is in use by another program`, {
      hint: 'stop that program, or give another --port',
      cause: error,
    });
  }
  const denied = error.code === 'EACCES';
  return new PhantomNetError(
    denied ? 'PERMISSION_DENIED' : 'INVALID_PARAMETER',
    `cannot listen on ${where} (${error.code})`,
    {
      hint: denied ? 'use a port from 1024' : 'give a --host that is an address of this machine',
      cause: error,
    },
  );
}
