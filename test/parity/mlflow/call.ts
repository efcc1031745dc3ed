import { Agent, request } from 'node:http';

/** One HTTP call as data. `{{name}}` in any of its strings stands for a value kept from an earlier answer. */
export interface Call {
  readonly method: string;
  /** Sent as it is: nothing is decoded or normalised on the way. */
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON, unless `text` is given. */
  readonly json?: unknown;
  /** The body as it is. */
  readonly text?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Values of a query; a list is sent as the same name several times. */
export type Query = Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** Without parameters; empty when there is none. */
  readonly contentType: string;
  readonly disposition?: string;
  /** Parsed JSON, where the answer is JSON, else its text. */
  readonly body: unknown;
}

/** Whole numbers that a double may not hold: compared as text. */
const BIG = /("(?:step|timestamp)":\s*)(-?\d{16,})/g;

const agents = new Map<string, Agent>();

/** Sends one call over a kept connection and returns the answer, whatever its status; gives up after 60 s. */
export async function send(uri: string, call: Call): Promise<Answer> {
  const { hostname, port, origin } = new URL(uri);
  let agent = agents.get(origin);
  if (agent === undefined) {
    agent = new Agent({ keepAlive: true, maxSockets: 4 });
    agents.set(origin, agent);
  }
  const body = call.text ?? (call.json === undefined ? undefined : toJson(call.json));
  const headers: Record<string, string | number> = {};
  if (call.text === undefined && body !== undefined) headers['content-type'] = 'application/json';
  if (body !== undefined) headers['content-length'] = Buffer.byteLength(body);
  else if (call.method !== 'GET') headers['content-length'] = 0;
  Object.assign(headers, call.headers);
  return new Promise<Answer>((resolve, fail) => {
    // A kept connection that the server closed meanwhile says nothing about this call.
    const reject = (error: Error) =>
      sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET'
        ? resolve(send(uri, call))
        : fail(error);
    const sent = request(
      { hostname, port, agent, method: call.method, path: call.path + queryText(call.query), headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(toAnswer(response, Buffer.concat(chunks).toString('utf8'))));
      },
    );
    sent.setTimeout(60_000, () => sent.destroy(new Error(`no answer in 60 s: ${call.method} ${call.path}`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

function toAnswer(
  response: { statusCode?: number | undefined; headers: Record<string, string | string[] | undefined> },
  text: string,
): Answer {
  const contentType = String(response.headers['content-type'] ?? '').split(';')[0]!;
  const disposition = response.headers['content-disposition'];
  let body: unknown = text;
  if (contentType === 'application/json')
    try {
      body = JSON.parse(text.replace(BIG, '$1"$2"'));
    } catch {
      // Compared as text.
    }
  return {
    status: response.statusCode ?? 0,
    contentType,
    ...(typeof disposition === 'string' ? { disposition } : {}),
    body,
  };
}

/** JSON in which -0 is not 0. */
export function toJson(value: unknown): string {
  const minusZero = '\u0001-0';
  return JSON.stringify(value, (_, part: unknown) => (Object.is(part, -0) ? minusZero : part)).replaceAll(
    JSON.stringify(minusZero),
    '-0.0',
  );
}

function queryText(query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    (Array.isArray(value) ? (value as readonly (string | number)[]) : [value as string | number]).map(
      (one) => `${encodeURIComponent(key)}=${encodeURIComponent(String(one))}`,
    ),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
