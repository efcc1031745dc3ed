import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PhantomNetError } from '../../core/index.js';
import { type Books, newRecord, type RequestRecord } from './record.js';

/** What parsers and timers say of a request, and the status that is answered; any other is 400. */
const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Returns what answers bytes that are no HTTP request, with `headers`, and ends their connection: what follows them means
 * nothing.
 */
export function answerBrokenRequest(
  headers: readonly string[],
  books: Books,
): (error: Error & { readonly code?: string }, socket: Duplex) => void {
  const shared = headers.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
  return (error, socket) => {
    const busy = books.busy.get(socket);
    // Into an answer that has begun nothing else may be written.
    if (!socket.writable || error.code === 'ECONNRESET' || busy?.response.headersSent) {
      socket.destroy();
      return;
    }
    const status = STATUS_OF[error.code ?? ''] ?? 400;
    const message =
      status === 400 ? 'the bytes are no HTTP request' : `${STATUS_CODES[status]}`.toLowerCase();
    const record = busy?.record ?? beginBroken(books, socket);
    record.error = new PhantomNetError('INVALID_PARAMETER', `${message} (${error.code})`);
    record.status = status;
    const body = JSON.stringify({ error_code: 'BAD_REQUEST', message });
    const answer =
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${shared}x-request-id: ${record.requestId}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
    record.sentBytes = answer.length;
    socket.end(answer, () => socket.destroy());
  };
}

/** Begins the record of a request that no listener has seen: it has an id, but no method and no path. */
function beginBroken({ requestId, onBegin, onEnd }: Books, socket: Duplex): RequestRecord {
  const record = newRecord({ requestId: requestId(undefined), method: 'unknown', path: '' });
  onBegin();
  socket.once('close', () => {
    record.durationMs = performance.now() - record.startedMs;
    record.isComplete = socket.writableFinished;
    onEnd(record);
  });
  return record;
}
