import type { IncomingMessage } from 'node:http';
import { PhantomNetError } from '../../core/index.js';
import type { Endpoint } from '../../mlflow/index.js';

/** How large and how deep a JSON message may be. */
export const MESSAGE_LIMITS = { sizeBytes: 16 * 1024 * 1024, depth: 64 } as const;

/** Returns the fields of a request, from its query or its JSON body, with those of its path over them. Throws INVALID_PARAMETER. */
export async function readFields(
  request: IncomingMessage,
  query: string,
  ofPath: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const isInQuery = request.method === 'GET';
  const fields = isInQuery ? queryFields(query) : parseJson(await readBody(request));
  return Object.assign(fields, ofPath);
}

/** Returns the request as the endpoint's handler takes it. Throws INVALID_PARAMETER that names the first bad field. */
export function parseRequest(endpoint: Endpoint, fields: Record<string, unknown>): unknown {
  const parsed = endpoint.request.safeParse(fields);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'the request' : issue.path.join('.');
  throw bad(`${where}: ${issue?.message ?? 'wrong shape'}`, 'see the OpenAPI page for what this call takes');
}

function queryFields(query: string): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [key, value] of new URLSearchParams(query)) {
    const known = fields[key];
    if (known === undefined) fields[key] = value;
    else if (Array.isArray(known)) known.push(value);
    else fields[key] = [known, value];
  }
  return fields;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MESSAGE_LIMITS.sizeBytes) {
      throw bad(`the message is larger than ${MESSAGE_LIMITS.sizeBytes} bytes`, 'send less at a time');
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function parseJson(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    // Bytes that are not UTF-8 are refused, not replaced.
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw bad('the body is not JSON in UTF-8', 'send a JSON object with content-type: application/json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad('the body is not a JSON object', 'send a JSON object');
  }
  dropNulls(value, 1);
  return value as Record<string, unknown>;
}

/** To MLflow a field that is null is a field that is not there. */
function dropNulls(value: object, depth: number): void {
  if (depth > MESSAGE_LIMITS.depth) {
    throw bad(`the body is nested deeper than ${MESSAGE_LIMITS.depth}`, 'send flatter JSON');
  }
  for (const [key, inner] of Object.entries(value)) {
    if (inner === null && !Array.isArray(value)) delete (value as Record<string, unknown>)[key];
    else if (typeof inner === 'object' && inner !== null) dropNulls(inner, depth + 1);
  }
}

function bad(message: string, hint: string): PhantomNetError {
  return new PhantomNetError('INVALID_PARAMETER', message, { hint });
}
