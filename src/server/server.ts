import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { invalidParameter, PhantomNetError } from '../core/index.js';
import type { Environment } from '../mlflow/index.js';
import type { RegistryStore } from '../register/index.js';
import type { TrackingStore } from '../track/index.js';
import { createGate, TOKEN } from './http/gate.js';
import { ALLOWED_HOSTS, createHostGuard } from './http/hosts.js';
import { createListener } from './http/listener.js';
import { ALLOWED_ORIGINS, createOriginGuard } from './http/origins.js';
import { createRouter } from './http/router.js';
import { mlflowRoutes } from './mlflow/routes.js';

/** What a server answers from, and where. */
export interface ServerOptions {
  readonly tracking: TrackingStore;
  readonly registry: RegistryStore;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 5000; 0 takes a free one. */
  readonly port?: number;
  /** Where the settings that MLflow's server has too are read; default `process.env`. */
  readonly env?: Environment;
}

/** A server that listens. */
export interface RunningServer {
  /** Its address, such as `http://127.0.0.1:5000`. */
  readonly uri: string;
  /** Takes no new requests, lets those under way end, and resolves when all connections are closed. */
  stop(): Promise<void>;
}

/**
 * Starts a server on the stores and resolves when it listens; the stores stay the caller's to close. Throws UNAVAILABLE
 * when the port is taken, PERMISSION_DENIED when it may not be used.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { tracking, registry, host = '127.0.0.1', port = 5_000, env = process.env } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) invalidParameter('port', '0 to 65535', port);
  const listener = createListener({
    find: createRouter(mlflowRoutes),
    stores: { tracking, registry },
    checkHost: createHostGuard(env[ALLOWED_HOSTS], host),
    origins: createOriginGuard(env[ALLOWED_ORIGINS]),
    gate: createGate(env[TOKEN] || undefined),
    headers: {
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    },
    requestId: (given) => given ?? randomBytes(8).toString('hex'),
    onBegin: () => undefined,
    onEnd: () => undefined,
  });
  const server = createServer(listener);
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    uri: `http://${shown}:${address.port}`,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeIdleConnections();
      }),
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((listening, fail) => {
    server.once('error', (error) => fail(cannotListen(error, `${host}:${port}`)));
    server.listen(port, host, listening);
  });
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
