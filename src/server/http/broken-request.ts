import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** What parsers and timers say of a request, and the status that is answered; any other is 400. */
const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** The answer that a connection is busy with. */
export type BusyConnections = WeakMap<Duplex, ServerResponse>;

/** Returns what answers bytes that are no HTTP request, and ends their connection: what follows them means nothing. */
export function answerBrokenRequest(
  headers: readonly string[],
  busy: BusyConnections,
): (error: Error & { readonly code?: string }, socket: Duplex) => void {
  const shared = headers.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`));
  return (error, socket) => {
    // Into an answer that has begun nothing else may be written.
    if (!socket.writable || error.code === 'ECONNRESET' || busy.get(socket)?.headersSent) {
      socket.destroy();
      return;
    }
    const status = STATUS_OF[error.code ?? ''] ?? 400;
    const message =
      status === 400 ? 'the bytes are no HTTP request' : `${STATUS_CODES[status]}`.toLowerCase();
    const body = JSON.stringify({ error_code: 'BAD_REQUEST', message });
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${shared.join('')}content-type: application/json\r\n` +
        `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      () => socket.destroy(),
    );
  };
}
