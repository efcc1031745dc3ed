import { PhantomNetError, sha256Hex } from '../../core/index.js';

/** Returns the token of the page that starts at `offset`: base64 of JSON, as MLflow's. With `query` it belongs to that search only. */
export function encodePageToken(offset: number, query?: unknown): string {
  const token = query === undefined ? { offset } : { offset, query: fingerprint(query) };
  return Buffer.from(JSON.stringify(token)).toString('base64');
}

/**
 * Returns where the page of a token starts, 0 without one. Throws INVALID_PARAMETER for a token that no search gave, and
 * where `query` is given for one of another search.
 */
export function decodePageToken(token: string | undefined, query?: unknown): number {
  if (token === undefined || token === '') return 0;
  const { offset, query: found } = readToken(token);
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 1) refuse('is not one of ours');
  if (query !== undefined && found !== fingerprint(query)) refuse('belongs to another search');
  return offset;
}

function readToken(token: string): { readonly offset?: unknown; readonly query?: unknown } {
  const bytes = Buffer.from(token, 'base64');
  if (bytes.toString('base64') !== token) return refuse('is not base64');
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Refused below: not JSON is as wrong as JSON of something else.
  }
  return refuse('is not one of ours');
}

function fingerprint(query: unknown): string {
  return sha256Hex(JSON.stringify(query)).slice(0, 32);
}

function refuse(why: string): never {
  throw new PhantomNetError('INVALID_PARAMETER', `the page token ${why}`, {
    hint: 'send the next_page_token of the page before with the same search, or none for the first page',
    details: { parameter: 'page_token' },
  });
}
