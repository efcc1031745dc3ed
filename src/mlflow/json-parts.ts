import { PhantomNetError } from '../core/index.js';

/** What JSON that is sent may consist of. */
export const JSON_LIMITS = {
  /** Objects and lists within each other. */
  depth: 64,
  /** Objects, lists, fields and commas in all: MLflow's largest batch has under 20,000. */
  parts: 100_000,
  /** Of them objects: MLflow's largest batch has 1,000. */
  objects: 10_000,
} as const;

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [MINUS, NINE] = [0x2d, 0x39];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Throws INVALID_PARAMETER for JSON that is nested too deep or has too many parts; `what` is what the error calls it.
 * Before it is parsed: parsing, and saying what is wrong with each part, would take memory many times the size of it.
 */
export function checkJsonParts(
  body: Uint8Array,
  { what, depth: maxDepth = JSON_LIMITS.depth }: { readonly what: string; readonly depth?: number },
): void {
  let depth = 0;
  let parts = 0;
  let objects = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]!;
    // Most bytes outside of strings are those of numbers.
    if (byte >= MINUS && byte <= NINE) continue;
    if (byte === QUOTE) at = endOfString(body, at + 1);
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      parts++;
      if (byte === OPEN_OBJECT) objects++;
      if (++depth > maxDepth) throw refusal(`${what} is nested deeper than ${maxDepth}`, 'send flatter JSON');
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth--;
    else if (byte === COLON || byte === COMMA) parts++;
  }
  for (const [count, kind] of [
    [objects, 'objects'],
    [parts, 'parts'],
  ] as const) {
    if (count <= JSON_LIMITS[kind]) continue;
    throw refusal(`${what} has more than ${JSON_LIMITS[kind]} ${kind}`, 'send less at a time');
  }
}

/** Returns where the string ends whose first byte is at `from`. */
function endOfString(body: Uint8Array, from: number): number {
  let at = from;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}

function refusal(message: string, hint: string): PhantomNetError {
  return new PhantomNetError('INVALID_PARAMETER', message, { hint });
}
