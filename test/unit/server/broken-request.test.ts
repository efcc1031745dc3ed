import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '#src/server/index.js';
import { type ArtifactServer, head, sendRaw, startArtifactServer } from './artifact-server.js';

const stream = new PassThrough();
const log = createLog('json', stream);
let server: ArtifactServer;
beforeAll(async () => {
  server = await startArtifactServer('artifacts', log);
});
afterAll(() => server.stop());

const JSON_TYPE = { 'content-type': 'application/json' };
const CREATE = '/api/2.0/mlflow/experiments/create';

/** The lines that were logged since it was asked last. */
function logged(): unknown[] {
  log.flush();
  const text = String(stream.read() ?? '').trim();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
}

async function counted(series: string): Promise<number> {
  const text = await (await fetch(`${server.uri}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length) ?? 0,
  );
}

it.each([
  ['bytes that are no request', 'nonsense\r\n\r\n', 400],
  ['two lengths', head('POST', CREATE, { 'content-length': '2', 'Content-Length': '3' }), 400],
  ['too long a head', head('GET', '/health', { 'x-a': 'a'.repeat(20_000) }), 431],
])('%s are logged and counted, and carry an id', async (_, bytes, status) => {
  const series = `http_requests_total{method="unknown",route="unknown",status="${status}"}`;
  const before = await counted(series);
  logged();
  const { text, status: answered } = await sendRaw(server.port, bytes);
  expect(answered).toBe(status);
  const [, requestId] = /\r\nx-request-id: (\S+)\r\n/.exec(text)!;
  expect(logged()).toEqual([
    expect.objectContaining({
      requestId,
      method: 'unknown',
      route: 'unknown ""',
      status,
      bytes: text.length,
      error: expect.stringMatching(/ \(HPE_\w+\)$/),
    }),
  ]);
  expect(await counted(series)).toBe(before + 1);
  expect(await counted('http_requests_in_flight')).toBe(1);
});

it('a request whose message breaks off into nonsense is one request, with its own id', async () => {
  logged();
  const headers = { ...JSON_TYPE, 'transfer-encoding': 'chunked', 'x-request-id': 'own' };
  const { text } = await sendRaw(server.port, `${head('POST', CREATE, headers)}zz\r\n`);
  expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*\r\nx-request-id: own\r\n/);
  expect(logged()).toEqual([
    expect.objectContaining({ requestId: 'own', method: 'POST', route: CREATE, status: 400 }),
  ]);
  expect(await counted('http_requests_in_flight')).toBe(1);
});

it('an expectation that nobody meets is refused like all else', async () => {
  logged();
  const { text, status } = await sendRaw(server.port, head('GET', '/health', { expect: 'x' }));
  expect(status).toBe(417);
  for (const header of [
    'x-content-type-options: nosniff',
    'content-security-policy: default',
    'x-request-id: ',
  ]) {
    expect(text).toContain(`\r\n${header}`);
  }
  expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject({
    error_code: 'BAD_REQUEST',
    message: 'the expectation "x" is not met here (send no Expect header, or Expect: 100-continue)',
  });
  expect(logged()).toEqual([expect.objectContaining({ route: '/health', status: 417 })]);
});

it('a client may wait to be told to go on', async () => {
  const body = '{"name":"told to"}';
  const headers = { ...JSON_TYPE, expect: '100-continue', 'content-length': String(body.length) };
  const { text } = await sendRaw(server.port, head('POST', CREATE, headers) + body);
  expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
});
