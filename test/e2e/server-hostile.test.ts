import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../support/cli.js';
import { openSocket, type ServerProcess, sendRaw, startServerProcess } from './server-process.js';

const { folder: cwd, remove } = scratch();
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(cwd);
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  remove();
});

const CREATE = '/api/2.0/mlflow/experiments/create';
const GET = '/api/2.0/mlflow/experiments/get?experiment_id=0';

/** Whatever was sent before, the server answers the next request. */
async function expectAlive(): Promise<void> {
  const answer = await fetch(`${server.uri}${GET}`);
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as { experiment: { name: string } }).experiment.name).toBe('Default');
}

function statuses(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
}

function request(head: string, headers: readonly string[] = [], body = ''): string {
  return [`${head} HTTP/1.1`, ...headers, 'Connection: close', '', body].join('\r\n');
}

const HOST = 'Host: localhost';
const JSON_TYPE = 'Content-Type: application/json';

describe('a page that reaches the server under a name of its own (DNS rebinding)', () => {
  it.each([
    ['a name', 'Host: evil.example'],
    ['a name with the right port', 'Host: evil.example:5000'],
    ['a name that begins like a private address', 'Host: 10.evil.example'],
    ['a name that ends like ours', 'Host: evil.example/localhost'],
    ['a name before ours', 'Host: evil@localhost'],
    ['no name', 'Host: '],
    ['two names', 'Host: localhost\r\nHost: evil.example'],
    ['a public address', 'Host: 203.0.113.7'],
  ])('%s is refused with 403', async (_, host) => {
    const received = await sendRaw(server.port, [request(`GET ${GET}`, [host])]);
    expect(statuses(received)).toEqual([403]);
    expect(received).toContain('"error_code":"PERMISSION_DENIED"');
    expect(received).toContain('MLFLOW_SERVER_ALLOWED_HOSTS');
    expect(received).not.toContain('Default');
  });

  it.each(['localhost', 'LOCALHOST:5000', '127.0.0.1:1', '[::1]:5000', '192.168.1.9', '172.31.0.1:80'])(
    'Host: %s is one of ours by default',
    async (host) => {
      expect(statuses(await sendRaw(server.port, [request(`GET ${GET}`, [`Host: ${host}`])]))).toEqual([200]);
    },
  );

  it('a probe of /health and /version may call it what it likes', async () => {
    for (const path of ['/health', '/version']) {
      expect(statuses(await sendRaw(server.port, [request(`GET ${path}`, ['Host: evil.example'])]))).toEqual([
        200,
      ]);
    }
  });

  it('no Host header, in HTTP/1.1 and before', async () => {
    expect(statuses(await sendRaw(server.port, [request(`GET ${GET}`)]))).toEqual([400]);
    expect(statuses(await sendRaw(server.port, [`GET ${GET} HTTP/1.0\r\n\r\n`]))).toEqual([403]);
  });

  it('an address in the request line', async () => {
    const received = await sendRaw(server.port, [request(`GET http://evil.example${GET}`, [HOST])]);
    expect(statuses(received)).toEqual([404]);
  });
});

describe('a page of another site (CSRF)', () => {
  const post = (headers: Record<string, string>, body = '{"name":"forged"}') =>
    fetch(`${server.uri}${CREATE}`, { method: 'POST', headers, body });

  it.each([
    'http://evil.example',
    'null',
    'http://localhost.evil.example',
    'https://evil.example#localhost',
    'x',
  ])('Origin: %s may not write', async (origin) => {
    const answer = await post({ origin, 'content-type': 'application/json' });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error_code: 'PERMISSION_DENIED' });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/plain; application/json',
  ])('a form (%s) is no message', async (type) => {
    const answer = await post({ 'content-type': type });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE' });
  });

  it('gets no leave when it asks first, nor may it read', async () => {
    const asked = await fetch(`${server.uri}${CREATE}`, {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(asked.status).toBe(400);
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    const read = await fetch(`${server.uri}${GET}`, { headers: { origin: 'http://evil.example' } });
    expect(read.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('a page of this machine may', async () => {
    const origin = 'http://localhost:3000';
    const asked = await fetch(`${server.uri}${CREATE}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(asked.status).toBe(200);
    expect(asked.headers.get('access-control-allow-origin')).toBe(origin);
    expect(asked.headers.get('access-control-allow-headers')).toBe('content-type');
    const written = await post({ origin, 'content-type': 'application/json' }, '{"name":"from a page"}');
    expect([written.status, written.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
  });

  it('wrote nothing', async () => {
    const found = await fetch(`${server.uri}${CREATE}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"forged"}',
    });
    expect(found.status).toBe(200);
  });
});

describe('two requests that look like one (smuggling)', () => {
  const hidden = `GET ${GET} HTTP/1.1\r\n${HOST}\r\n\r\n`;
  it.each([
    ['two lengths', [`Content-Length: 2`, `Content-Length: ${hidden.length + 2}`], `{}${hidden}`],
    ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked'], `0\r\n\r\n${hidden}`],
    ['chunks last', ['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${hidden}`],
    ['chunks misspelt', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${hidden}`],
    ['a space before the colon', ['Transfer-Encoding : chunked'], `0\r\n\r\n${hidden}`],
    ['a length with a sign', ['Content-Length: +2'], `{}${hidden}`],
    ['a length in hex', ['Content-Length: 0x2'], `{}${hidden}`],
    ['a bad chunk size', ['Transfer-Encoding: chunked'], `zz\r\n{}\r\n0\r\n\r\n${hidden}`],
    ['a folded header', ['Content-Length: 2', 'X-A: b', ' Transfer-Encoding: chunked'], `{}${hidden}`],
    ['a bare line feed', ['X-A: b\nTransfer-Encoding: chunked'], `0\r\n\r\n${hidden}`],
  ])('%s', async (_, headers, body) => {
    const message = [`POST ${CREATE} HTTP/1.1`, HOST, JSON_TYPE, ...headers, '', body].join('\r\n');
    const received = await sendRaw(server.port, [message]);
    expect(statuses(received)).toEqual([400]);
    await expectAlive();
  });
});

describe('bytes that are no request', () => {
  it.each([
    ['noise', '\x16\x03\x01\x00\xa5\x01\x00\x00'],
    ['a method nobody knows', `STEAL ${GET} HTTP/1.1\r\n${HOST}\r\n\r\n`],
    ['another version', `GET ${GET} HTTP/9.9\r\n${HOST}\r\n\r\n`],
    ['a NUL in a header', `GET ${GET} HTTP/1.1\r\n${HOST}\r\nX-A: a\0b\r\n\r\n`],
  ])('%s', async (_, bytes) => {
    const received = await sendRaw(server.port, [Buffer.from(bytes, 'latin1')]);
    expect(statuses(received)).toEqual([400]);
    expect(received).toContain('x-content-type-options: nosniff');
    await expectAlive();
  });

  it('headers without end', async () => {
    const received = await sendRaw(server.port, [
      request(`GET ${GET}`, [HOST, `X-A: ${'a'.repeat(20_000)}`]),
    ]);
    expect(statuses(received)).toEqual([431]);
    const many = Array.from({ length: 3_000 }, (_, i) => `a${i}: b`);
    expect(statuses(await sendRaw(server.port, [request(`GET ${GET}`, [HOST, ...many])]))).toEqual([431]);
    await expectAlive();
  });

  it('an origin hidden behind many headers is still seen', async () => {
    const many = Array.from({ length: 2_200 }, () => 'a:');
    const received = await sendRaw(server.port, [
      request(`POST ${CREATE}`, [
        HOST,
        JSON_TYPE,
        ...many,
        'Origin: http://evil.example',
        'Content-Length: 0',
      ]),
    ]);
    expect(statuses(received)).toEqual([403]);
  });
});

describe('messages', () => {
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${server.uri}${CREATE}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  it.each([
    ['no JSON', 'nope'],
    ['a list', '[]'],
    ['a text', '"a"'],
    ['a number', '5'],
    ['null', 'null'],
    ['half a pair', '{"name":"\\ud800"}'],
    ['lists 65 deep', `{"name":${'['.repeat(64)}${']'.repeat(64)}}`],
    ['brackets', '['.repeat(1_000_000)],
    ['braces', '{"a":'.repeat(100_000)],
    ['brackets side by side', `{"a":[${'[],'.repeat(300_000)}[]]}`],
    ['fields side by side', `{${'"a":1,'.repeat(300_000)}"b":1}`],
    ['a text that does not end', `{"name":"${'a'.repeat(1_000)}`],
    ['a text that ends in a backslash', '{"name":"\\'],
  ])('%s is 400', async (_, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE' });
    await expectAlive();
  });

  it('bytes that are not UTF-8 are 400, in a body, a query and a path', async () => {
    const body = Buffer.from('{"name":"\xff"}', 'latin1');
    expect((await post(body)).status).toBe(400);
    for (const path of [
      '/api/2.0/mlflow/experiments/get?experiment_id=%ff',
      '/api/2.0/mlflow/experiments/get?%c0%ae=0',
      '/api/2.0/mlflow/experiments/get?experiment_id=\xff',
      '/nothing\xff',
    ]) {
      const received = await sendRaw(server.port, [Buffer.from(request(`GET ${path}`, [HOST]), 'latin1')]);
      expect(statuses(received)).toEqual([400]);
    }
  });

  it('the names of Object.prototype are names like others', async () => {
    const answer = await post('{"name":"proto","__proto__":{"tags":1},"constructor":{"prototype":{"x":1}}}');
    expect(answer.status).toBe(200);
    expect(Object.prototype).not.toHaveProperty('x');
    const query = await fetch(`${server.uri}${GET}&__proto__=1&__proto__=2`);
    expect(query.status).toBe(200);
  });

  it('17 MB, declared and not', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    const declared = await sendRaw(
      server.port,
      [
        request(`POST ${CREATE}`, [HOST, JSON_TYPE, `Content-Length: ${17 * chunk.length}`], '{"name":"'),
        ...Array.from({ length: 17 }, () => chunk),
      ],
      /\}$/,
    );
    expect(statuses(declared)).toEqual([413]);
    const size = `${chunk.length.toString(16)}\r\n`;
    const chunked = await sendRaw(
      server.port,
      [
        request(`POST ${CREATE}`, [HOST, JSON_TYPE, 'Transfer-Encoding: chunked']),
        ...Array.from({ length: 17 }, () => [size, chunk, '\r\n']).flat(),
      ],
      /\}$/,
    );
    expect(statuses(chunked)).toEqual([413]);
    await expectAlive();
  });

  it('one that is cut off leaves nothing', async () => {
    const socket = await openSocket(server.port);
    socket.write(
      request(
        `POST ${CREATE}`,
        [HOST, JSON_TYPE, 'Content-Length: 30', 'X-Request-Id: cut-off'],
        '{"name":"torn"',
      ),
    );
    socket.end();
    const line = await server.logged(/cut-off/);
    expect(JSON.parse(line)).toMatchObject({ aborted: true });
    expect((await post('{"name":"torn"}')).status).toBe(200);
  });
});
