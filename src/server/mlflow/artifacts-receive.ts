import type { IncomingMessage } from 'node:http';
import { PhantomNetError } from '../../core/index.js';
import type { ServedArtifacts } from '../../track/index.js';

/**
 * Writes the body of a request to an artifact file while it arrives. Throws CANCELLED, and leaves nothing of it, when the
 * client goes away first, or sends less than it declared, or more: what follows the declared length is no request and
 * ends the connection.
 */
export async function receiveFile(
  request: IncomingMessage,
  artifacts: ServedArtifacts,
  path: string,
): Promise<void> {
  const gone = new AbortController();
  const abort = () => gone.abort(cutOff());
  const { socket } = request;
  socket.once('close', abort);
  // Node ends its side when what follows the body cannot be read.
  socket.once('finish', abort);
  try {
    if (socket.destroyed) abort();
    await artifacts.write(path, bodyOf(request), { signal: gone.signal });
  } finally {
    socket.off('close', abort).off('finish', abort);
  }
}

async function* bodyOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    // A body that is not wanted to its end leaves the connection open for the answer that says why.
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw cutOff(cause);
  } finally {
    // What is left of it is let through, so that the connection can be used again.
    if (!request.complete) request.resume();
  }
  if (!request.complete) throw cutOff();
}

function cutOff(cause?: unknown): PhantomNetError {
  return new PhantomNetError('CANCELLED', 'the upload was cut off before its end', {
    hint: 'send the file again',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Returns the body of a request that is to be small. Throws INVALID_PARAMETER when it is empty or larger than `maxSizeBytes`. */
export async function readSmallBody(request: IncomingMessage, maxSizeBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const tooLarge = () =>
    new PhantomNetError('INVALID_PARAMETER', `the file is larger than ${maxSizeBytes} bytes`, {
      hint: "put it to mlflow-artifacts, as MLflow's client does",
    });
  if (Number(request.headers['content-length'] ?? 0) > maxSizeBytes) throw tooLarge();
  for await (const chunk of bodyOf(request)) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxSizeBytes) throw tooLarge();
    chunks.push(chunk);
  }
  if (sizeBytes > 0) return Buffer.concat(chunks);
  throw new PhantomNetError('INVALID_PARAMETER', 'the file has no bytes', {
    hint: 'send its bytes as the body',
  });
}
