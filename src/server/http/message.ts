import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { PhantomNetError } from '../../core/index.js';

/** What a JSON message may be. */
export const MESSAGE_LIMITS = {
  sizeBytes: 16 * 1024 * 1024,
  /** Objects and lists within each other. */
  depth: 64,
  /** Objects, lists, fields and commas in all: MLflow's largest batch has under 20,000. */
  parts: 100_000,
  /** Of them objects: MLflow's largest batch has 1,000. */
  objects: 10_000,
  /** From its first byte to its last. */
  timeoutMs: 30_000,
} as const;

/** Returns the whole body. Throws INVALID_PARAMETER (413, 408) when it is too large or too slow, CANCELLED when it is cut off. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () =>
      reject(
        refusal(`the message is larger than ${MESSAGE_LIMITS.sizeBytes} bytes`, 'send less at a time', 413),
      );
    if (Number(request.headers['content-length']) > MESSAGE_LIMITS.sizeBytes) return tooLarge();
    const seconds = MESSAGE_LIMITS.timeoutMs / 1_000;
    const timer = setTimeout(
      () => reject(refusal(`the message was not here within ${seconds} s`, 'send it at once', 408)),
      MESSAGE_LIMITS.timeoutMs,
    );
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= MESSAGE_LIMITS.sizeBytes) return void chunks.push(chunk);
      chunks.length = 0;
      tooLarge();
    });
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.once('error', () => reject(new PhantomNetError('CANCELLED', 'the client cut its message off')));
    request.once('close', () => clearTimeout(timer));
  });
}

/**
 * Returns the object that a JSON body is. As to MLflow, an empty body is an empty one, and a text that is JSON itself
 * stands for what it says: some clients encode twice. Throws INVALID_PARAMETER.
 */
export function parseJson(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  const value = parseOnce(body);
  if (typeof value === 'string' && HALF_PAIR.test(value)) throw halfPair();
  const message = typeof value === 'string' ? parseOnce(Buffer.from(value)) : value;
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw refusal('the body is not a JSON object', 'send a JSON object');
  }
  return message as Record<string, unknown>;
}

function parseOnce(body: Buffer): unknown {
  // Bytes that are not UTF-8 are refused, not replaced.
  if (!isUtf8(body)) throw refusal('the body is not UTF-8', 'send JSON in UTF-8');
  checkNesting(body);
  const text = body.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refusal('the body is not JSON', 'send a JSON object', 400, cause);
  }
  const mayHoldHalves = text.includes('\\u') && /\\u[dD][89a-fA-F]/.test(text);
  if (typeof value === 'object' && value !== null && (mayHoldHalves || text.includes('null'))) tidy(value);
  return value;
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [MINUS, NINE] = [0x2d, 0x39];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Before it is parsed: parsing, and saying what is wrong with each part, would take memory many times the size of the body. */
function checkNesting(body: Buffer): void {
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
      if (++depth > MESSAGE_LIMITS.depth) {
        throw refusal(`the body is nested deeper than ${MESSAGE_LIMITS.depth}`, 'send flatter JSON');
      }
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth--;
    else if (byte === COLON || byte === COMMA) parts++;
  }
  for (const [count, what] of [
    [objects, 'objects'],
    [parts, 'parts'],
  ] as const) {
    if (count <= MESSAGE_LIMITS[what]) continue;
    throw refusal(`the body has more than ${MESSAGE_LIMITS[what]} ${what}`, 'send less at a time');
  }
}

/** Returns where the string ends whose first byte is at `from`. */
function endOfString(body: Buffer, from: number): number {
  let at = from;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}

const HALF_PAIR = /\p{Surrogate}/u;

/** To MLflow a field that is null is a field that is not there. Half of a surrogate pair no store gives back. */
function tidy(value: object): void {
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(value)) {
    const inner = fields[key];
    if (inner === null) {
      if (!Array.isArray(value)) delete fields[key];
    } else if (typeof inner === 'object') tidy(inner);
    else if (HALF_PAIR.test(key) || (typeof inner === 'string' && HALF_PAIR.test(inner))) {
      throw halfPair();
    }
  }
}

function halfPair(): PhantomNetError {
  return refusal('the body has a text that is not Unicode', 'send no half of a surrogate pair');
}

function refusal(message: string, hint: string, httpStatus = 400, cause?: unknown): PhantomNetError {
  return new PhantomNetError('INVALID_PARAMETER', message, { hint, details: { httpStatus }, cause });
}
