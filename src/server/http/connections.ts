import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { BusyConnections } from './record.js';

/** How long and how many connections may be. */
export const CONNECTION_LIMITS = {
  count: 1_000,
  /** Requests of one connection that wait for the answer to one before them. */
  waiting: 100,
  /** Request line and headers, all together. */
  headerBytes: 16 * 1024,
  /** From a request's first byte to the end of its headers. */
  headersMs: 15_000,
  /** From a request's first byte to its last; messages have a shorter time of their own. */
  requestMs: 60 * 60 * 1_000,
  /** Without a byte in either direction while a request is under way. */
  silenceMs: 120_000,
  /** Between requests: longer than proxies and clients keep theirs, so that they close first. */
  idleMs: 75_000,
  /** How often the times are looked at. */
  checkMs: 2_000,
  /** For requests under way when the server stops: what stops it may kill it after 10 s, and the store is to be closed by then. */
  drainMs: 9_000,
} as const;

/** Sets the limits that a server keeps after it was made. */
export function limitConnections(server: Server): void {
  server.maxConnections = CONNECTION_LIMITS.count;
  server.timeout = CONNECTION_LIMITS.silenceMs;
  // All headers that fit are seen: a limit by number would drop the last ones, and guards would not see them.
  server.maxHeadersCount = 0;
}

/** The connections of a server that are open, and those of them on which a request is under way. */
export interface Connections {
  readonly open: ReadonlySet<Socket>;
  readonly busy: BusyConnections;
}

/** Returns the connections that are open, now and later: a server knows those only that have begun a request. */
export function openConnections(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}

/**
 * Takes no new connections, lets requests under way end for at most `patienceMs`, then cuts; resolves when all are
 * closed. A request is under way when its whole head is here; connections without one are cut.
 */
export async function drain(
  server: Server,
  { open, busy }: Connections,
  patienceMs: number = CONNECTION_LIMITS.drainMs,
): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  // Not at once: what was sent before and is not read yet may be a request. Later, so that none is kept for another.
  const sweep = setInterval(() => {
    for (const socket of open) if (!busy.has(socket)) socket.destroy();
  }, 20);
  const cut = setTimeout(() => server.closeAllConnections(), patienceMs);
  server.closeIdleConnections();
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
