import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { PhantomNetError } from '../../core/index.js';
import { checkJsonParts, JSON_LIMITS } from '../../mlflow/index.js';

/** What a JSON message may be. */
export const MESSAGE_LIMITS = {
  sizeBytes: 16 * 1024 * 1024,
  ...JSON_LIMITS,
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
  checkJsonParts(body, { what: 'the body' });
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
