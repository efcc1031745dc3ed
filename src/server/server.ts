import { createServer, type Server } from 'node:http';
import { invalidParameter } from '../core/index.js';
import type { Environment } from '../mlflow/index.js';
import type { RegistryStore } from '../register/index.js';
import type { TrackingStore } from '../track/index.js';
import { answerBrokenRequest } from './http/broken-request.js';
import {
  CONNECTION_LIMITS,
  type Connections,
  drain,
  limitConnections,
  openConnections,
} from './http/connections.js';
import { createGate, TOKEN } from './http/gate.js';
import { answerHeaders, X_FRAME_OPTIONS } from './http/headers.js';
import { ALLOWED_HOSTS, createHostGuard } from './http/hosts.js';
import { listen, listenAddress } from './http/listen.js';
import { createListener, type Site } from './http/listener.js';
import { createLog, type ServerLog } from './http/log.js';
import { createMeter } from './http/meter.js';
import { ALLOWED_ORIGINS, createOriginGuard } from './http/origins.js';
import type { BusyConnections } from './http/record.js';
import { createRequestIds } from './http/request-id.js';
import type { AnyRoute } from './http/route.js';
import { createRouter } from './http/router.js';
import { oneAtATime } from './http/turns.js';
import { openApiRoute } from './mlflow/openapi.js';
import { mlflowRoutes } from './mlflow/routes.js';
import { unsupportedRoutes } from './mlflow/unsupported.js';
import { siteRoutes } from './pages/site-routes.js';

/** What a server answers from, and where. */
export interface ServerOptions {
  readonly tracking: TrackingStore;
  readonly registry: RegistryStore;
  /** An address or name of this machine; one that others reach only with a token. Default 127.0.0.1. */
  readonly host?: string;
  /** Default 5000; 0 takes a free one. */
  readonly port?: number;
  /** Path below which everything is, such as `/mlflow`; default none. */
  readonly staticPrefix?: string;
  /** Where requests are logged; default nowhere. */
  readonly log?: ServerLog;
  /** Holds PHANTOMNET_TOKEN and the settings that MLflow's server has too; default `process.env`. */
  readonly env?: Environment;
}

/** A server that listens. */
export interface RunningServer {
  /** What clients take for their tracking uri, such as `http://127.0.0.1:5000`. */
  readonly uri: string;
  /** Only this machine reaches it. */
  readonly isLoopback: boolean;
  /** Callers must show PHANTOMNET_TOKEN. */
  readonly needsToken: boolean;
  /**
   * Takes no new connections and lets requests under way end, for 10 s at most; resolves when all connections are
   * closed. The stores stay open.
   */
  stop(): Promise<void>;
}

/**
 * Starts a server on the stores and resolves when it listens; the stores stay the caller's to close. Throws UNAVAILABLE
 * when the port is taken, PERMISSION_DENIED when it may not be used or when others could reach a server without a
 * token, INVALID_PARAMETER for a setting that cannot be.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = '127.0.0.1', port = 5_000, staticPrefix = '', env = process.env } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) invalidParameter('port', '0 to 65535', port);
  checkStaticPrefix(staticPrefix);
  const needsToken = (env[TOKEN] ?? '') !== '';
  const address = await listenAddress(host, needsToken);
  const { server, connections } = createHttpServer({ ...options, host, staticPrefix, env });
  const at = await listen(server, address, port);
  let stopping: Promise<void> | undefined;
  return {
    uri: at.origin + staticPrefix,
    isLoopback: at.isLoopback,
    needsToken,
    stop: () => {
      stopping ??= drain(server, connections);
      return stopping;
    },
  };
}

/** The whole table: each route says in it what permission it needs. */
export function allRoutes(about: Parameters<typeof siteRoutes>[0]): readonly AnyRoute[] {
  const answered = [...siteRoutes(about), ...mlflowRoutes];
  return [...unsupportedRoutes, ...answered, openApiRoute(answered, about.staticPrefix)];
}

function createHttpServer(
  options: ServerOptions & {
    readonly host: string;
    readonly staticPrefix: string;
    readonly env: Environment;
  },
): { readonly server: Server; readonly connections: Connections } {
  const { tracking, registry, host, staticPrefix, env, log = createLog('none', process.stderr) } = options;
  const meter = createMeter();
  const busy: BusyConnections = new WeakMap();
  const site: Site = {
    find: createRouter(allRoutes({ staticPrefix, meter }), staticPrefix),
    stores: { tracking, registry },
    checkHost: createHostGuard(env[ALLOWED_HOSTS], host),
    origins: createOriginGuard(env[ALLOWED_ORIGINS]),
    gate: createGate(env[TOKEN] || undefined),
    headers: answerHeaders(env[X_FRAME_OPTIONS]),
    busy,
    requestId: createRequestIds(),
    onBegin: meter.begin,
    onEnd: (record) => {
      meter.end(record);
      log.request(record);
    },
  };
  const listener = oneAtATime(createListener(site));
  const { headerBytes, headersMs, requestMs, idleMs, checkMs } = CONNECTION_LIMITS;
  const server = createServer(
    {
      maxHeaderSize: headerBytes,
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: checkMs,
      // Two hosts or two tokens are one that nothing matches, not the first of them.
      joinDuplicateHeaders: true,
    },
    listener,
  );
  // Without it Node would answer by itself, without our headers.
  server.on('checkExpectation', listener);
  server.on('clientError', answerBrokenRequest(site.headers, site));
  limitConnections(server);
  return { server, connections: { open: openConnections(server), busy } };
}

/** As MLflow's --static-prefix. */
function checkStaticPrefix(prefix: string): void {
  const isPath =
    /^(\/[A-Za-z0-9._~-]+)+$/.test(prefix) && !prefix.split('/').some((part) => /^\.\.?$/.test(part));
  if (prefix === '' || isPath) return;
  invalidParameter('static-prefix', "a path such as /mlflow, without a '/' at its end", prefix);
}
