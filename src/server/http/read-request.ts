import type { IncomingMessage } from 'node:http';
import { PhantomNetError, show } from '../../core/index.js';
import type { Endpoint } from '../../mlflow/index.js';
import { readQuery } from './fields.js';
import { parseJson, readBody } from './message.js';

/**
 * Returns the fields of a request, from its query or its JSON body, with those of its path over them. A body must be
 * declared as JSON, which a page of another site cannot do unasked. Throws INVALID_PARAMETER.
 */
export async function readFields(
  request: IncomingMessage,
  query: string,
  ofPath: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const isInQuery = request.method === 'GET' || request.method === 'HEAD';
  const fields = isInQuery ? readQuery(query) : await readMessage(request);
  return Object.assign(fields, ofPath);
}

async function readMessage(request: IncomingMessage): Promise<Record<string, unknown>> {
  const type = request.headers['content-type'];
  const isJson = type !== undefined && /^application\/json\s*(;|$)/i.test(type);
  if (!isJson && request.method === 'POST') throw notJson(type);
  const body = await readBody(request);
  if (!isJson && body.length > 0) throw notJson(type);
  const fields = parseJson(body);
  checkSpellings(fields);
  return fields;
}

/** A field has a second spelling in protocol buffers' JSON; MLflow refuses a message that has a field in both. */
function checkSpellings(fields: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(fields)) {
    const usual = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (usual === key || !Object.hasOwn(fields, usual)) continue;
    throw new PhantomNetError('INVALID_PARAMETER', `${usual} is given twice: as ${show(key)} too`, {
      hint: `give ${usual} alone`,
    });
  }
}

function notJson(type: string | undefined): PhantomNetError {
  const what = type === undefined ? 'no content-type' : `the content-type ${show(type)}`;
  return new PhantomNetError('INVALID_PARAMETER', `a message must be JSON, this one has ${what}`, {
    hint: 'send a JSON object with content-type: application/json',
  });
}

/** Returns the request as the endpoint's handler takes it. Throws INVALID_PARAMETER that names the first bad field. */
export function parseRequest(endpoint: Endpoint, fields: Record<string, unknown>): unknown {
  const parsed = endpoint.request.safeParse(fields);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'the request' : issue.path.join('.');
  throw new PhantomNetError('INVALID_PARAMETER', `${where}: ${issue?.message ?? 'wrong shape'}`, {
    hint: 'see the OpenAPI page for what this call takes',
  });
}
