import type { IncomingMessage, ServerResponse } from 'node:http';
import { PhantomNetError, show } from '../../core/index.js';
import type { ArtifactFile, ServedArtifacts } from '../../track/index.js';
import { contentTypeOf } from './artifacts-types.js';

/** One request and its answer. */
interface Pair {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Bytes from the first up to, not including, the second. */
interface ByteRange {
  readonly startByte: number;
  readonly endByte: number;
}

/**
 * Answers with a file, or the range of it that is asked for, always as an attachment: a page that someone logged must not
 * become a page of this server. Throws NOT_FOUND when there is none, INVALID_PARAMETER for a folder.
 */
export async function sendFile(pair: Pair, artifacts: ServedArtifacts, path: string): Promise<void> {
  const file = await artifacts.open(path);
  try {
    await sendOpened(pair, file, path.split('/').at(-1) ?? '');
  } finally {
    await file.close();
  }
}

async function sendOpened({ request, response }: Pair, file: ArtifactFile, name: string): Promise<void> {
  const { sizeBytes } = file;
  const etag = `"${file.modifiedMs.toString(36)}-${sizeBytes.toString(36)}"`;
  const range = rangeOf({ request, response }, sizeBytes, etag);
  const { startByte, endByte } = range ?? { startByte: 0, endByte: sizeBytes };
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': contentTypeOf(name),
    'content-length': endByte - startByte,
    'content-disposition': attachmentOf(name),
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
    etag,
    'last-modified': new Date(file.modifiedMs).toUTCString(),
    ...(range === undefined ? {} : { 'content-range': `bytes ${startByte}-${endByte - 1}/${sizeBytes}` }),
  });
  if (request.method !== 'HEAD') {
    let sentBytes = 0;
    for await (const chunk of file.chunks(startByte, endByte)) {
      await write(response, chunk);
      sentBytes += chunk.length;
    }
    if (sentBytes < endByte - startByte) throw new Error(`artifact file ${show(name)} became shorter`);
  }
  response.end();
}

/** Resolves when a chunk has left, so that its memory may be used again. */
function write(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((done, fail) => {
    const gone = () => fail(new PhantomNetError('CANCELLED', 'the download was cut off by the client'));
    response.once('close', gone);
    response.write(chunk, (error) => {
      response.off('close', gone);
      if (error) gone();
      else done();
    });
  });
}

/**
 * Returns the one range a request asks for; undefined when it wants the whole file, an older version of it, or several
 * ranges, which a server need not give. Throws INVALID_PARAMETER for what is no range, with status 416 for one beyond the end.
 */
function rangeOf({ request, response }: Pair, sizeBytes: number, etag: string): ByteRange | undefined {
  const { range } = request.headers;
  const ifRange = request.headers['if-range'];
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return undefined;
  const list = /^\s*bytes\s*=(.*)$/i.exec(range)?.[1];
  if (list?.includes(',')) return undefined;
  const [, first = '', last = ''] = /^\s*(\d{0,15})-(\d{0,15})\s*$/.exec(list ?? '') ?? [];
  if (first === '' && last === '') throw badRange(range, 'is not one of bytes');
  const startByte = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const endByte = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (startByte < endByte) return { startByte, endByte };
  response.setHeader('content-range', `bytes */${sizeBytes}`);
  throw badRange(range, `is beyond the ${sizeBytes} bytes of the file`, { httpStatus: 416 });
}

function badRange(range: string, why: string, details: Record<string, unknown> = {}): PhantomNetError {
  return new PhantomNetError('INVALID_PARAMETER', `range ${show(range)} ${why}`, {
    hint: 'ask for bytes=<first>-<last>',
    details,
  });
}

/** The name as a download has it; beyond ASCII also percent-encoded, with a plain spelling for old clients. */
function attachmentOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/[^\x20-\x7e]|[/\\]/g, '') || 'download';
  const isToken = /^[\w!#$&^`|~+.-]+$/.test(plain);
  const shown = isToken ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`;
  if (/^[\x20-\x7e]*$/.test(name)) return `attachment; filename=${shown}`;
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename=${shown}; filename*=UTF-8''${encoded}`;
}
