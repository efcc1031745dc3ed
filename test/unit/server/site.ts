import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGate } from '#src/server/http/gate.js';
import { answerHeaders } from '#src/server/http/headers.js';
import { createHostGuard } from '#src/server/http/hosts.js';
import { createListener, type Site } from '#src/server/http/listener.js';
import { createOriginGuard } from '#src/server/http/origins.js';
import type { RequestRecord } from '#src/server/http/record.js';
import { createRequestIds } from '#src/server/http/request-id.js';
import type { AnyRoute, Stores } from '#src/server/http/route.js';
import { createRouter } from '#src/server/http/router.js';

/** A server of some routes and no store. */
export interface TestSite {
  readonly uri: string;
  readonly records: RequestRecord[];
  close(): Promise<void>;
}

/** Starts a real HTTP server on these routes, with every guard as the program has it. */
export async function startSite(routes: readonly AnyRoute[], options: Partial<Site> = {}): Promise<TestSite> {
  const records: RequestRecord[] = [];
  const listener = createListener({
    find: createRouter(routes),
    stores: {} as Stores,
    checkHost: createHostGuard(undefined, '127.0.0.1'),
    origins: createOriginGuard(undefined),
    gate: createGate(undefined),
    headers: answerHeaders(undefined),
    requestId: createRequestIds(),
    busy: new WeakMap(),
    onBegin: () => undefined,
    onEnd: (record) => records.push(record),
    ...options,
  });
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    records,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
