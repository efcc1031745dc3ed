import { once } from 'node:events';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectSqlite } from '#src/storage/sqlite-database.js';
import { phantomnet, scratch } from '../support/cli.js';
import { openSocket, sendRaw, startServerProcess } from './server-process.js';

const { folder, remove } = scratch();
afterAll(remove);

const TOKEN = 'a-token-of-22-letters.';
const GET = '/api/2.0/mlflow/experiments/get?experiment_id=0';
const CREATE = '/api/2.0/mlflow/experiments/create';

function newFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

describe('where a server listens', () => {
  beforeAll(() => writeFileSync(join(folder, 'a-file'), 'no folder'));

  it.each([
    [['--host', '0.0.0.0'], {}, 'not on 0.0.0.0', 'set PHANTOMNET_TOKEN'],
    [['--host', '::'], {}, 'not on ::', 'set PHANTOMNET_TOKEN'],
    [['--host', '192.0.2.1'], {}, 'not on 192.0.2.1', 'set PHANTOMNET_TOKEN'],
    [
      ['--host', '192.0.2.1'],
      { PHANTOMNET_TOKEN: TOKEN },
      'cannot listen on 192.0.2.1',
      'an address of this machine',
    ],
    [['--host', 'no.such.host.invalid'], {}, 'has no address', 'an address of this machine'],
    [['--host', ''], {}, 'host must be', 'set host to'],
    [[], { PHANTOMNET_TOKEN: 'short' }, 'PHANTOMNET_TOKEN is shorter than 16', 'openssl rand'],
    [[], { PHANTOMNET_TOKEN: 'with a space in the middle' }, 'PHANTOMNET_TOKEN has a space', 'openssl rand'],
    [['--static-prefix', 'mlflow'], {}, 'static-prefix must be', 'a path such as /mlflow'],
    [['--static-prefix', '/a/../b'], {}, 'static-prefix must be', 'a path such as /mlflow'],
    [['--static-prefix', '/mlflow/'], {}, 'static-prefix must be', 'a path such as /mlflow'],
    [[], { MLFLOW_SERVER_X_FRAME_OPTIONS: 'ALLOWALL' }, 'MLFLOW_SERVER_X_FRAME_OPTIONS must be', 'DENY'],
    [['--store', 'http://me:secret@127.0.0.1:1'], {}, 'own, got "http://***@127.0.0.1:1"', 'sqlite:///'],
    [['--store', 'postgres://me:secret@h/x'], {}, "the scheme 'postgres'", 'sqlite:///'],
    [['--artifacts', 's3://bucket/x'], {}, '"s3://bucket/x" is no folder', 'give --artifacts its path'],
    [['--backend-store-uri', 'sqlite:///x.db'], {}, '--backend-store-uri', 'Here it is --store.'],
    [['--workers', '4'], {}, '--workers', 'leave it out'],
    [
      [],
      { MLFLOW_SERVER_ALLOWED_HOSTS: 'https://ml.example.org/' },
      'ALLOWED_HOSTS must be',
      'names of hosts',
    ],
    [
      [],
      { MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: 'ml.example.org' },
      'ORIGINS must be',
      'https://ml.example.org',
    ],
    [['--artifacts', 'a-file'], {}, 'the artifact root "a-file" is a file', 'give --artifacts a folder'],
    [['--artifacts', 'a-file/below'], {}, 'the artifact root "a-file/below" is', 'give --artifacts a folder'],
  ] as [string[], Record<string, string>, string, string][])(
    '%j with %j is refused',
    async (args, env, message, help) => {
      const refused = await phantomnet(['server', '--port', '0', ...args], { cwd: folder, env });
      expect(refused.code).toBeGreaterThan(0);
      expect(refused.stderr).toContain(message);
      expect(refused.stderr).toContain(help);
      expect(refused.stderr).not.toMatch(/ {4}at |stopped|secret@/);
      expect(refused.stdout).toBe('');
    },
  );

  it('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const refused = await phantomnet(['server', '--port', String(port)], { cwd: folder });
    other.close();
    expect(refused.code).toBe(6);
    expect(refused.stderr).toContain(`127.0.0.1:${port} is in use by another program`);
  });

  it('says where it is, what reaches it and how to use it', async () => {
    const server = await startServerProcess(newFolder('says'), { args: ['--log-format', 'text'] });
    expect(server.uri).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await server.logged(/^MLFLOW_TRACKING_URI=/);
    const said = server.stderr();
    expect(said).toContain(`serving sqlite:///phantomnet.db, made just now, at ${server.uri}\n`);
    expect(said).toContain('only this machine reaches it; set PHANTOMNET_TOKEN to serve others');
    expect(said).toContain(`MLFLOW_TRACKING_URI=${server.uri}`);
    expect(await server.stop()).toBe(0);
  });

  it('says no more that the store is new, and which variables of MLflow do nothing', async () => {
    const options = { args: ['--log-format', 'text'], env: { MLFLOW_BACKEND_STORE_URI: 'sqlite:///x.db' } };
    const server = await startServerProcess(join(folder, 'says'), options);
    await server.logged(/does nothing here/);
    expect(server.stderr()).toContain(`serving sqlite:///phantomnet.db at ${server.uri}\n`);
    expect(server.stderr()).toContain('MLFLOW_BACKEND_STORE_URI does nothing here: give --store');
    expect(await server.stop()).toBe(0);
  });

  it('takes the uri of a folder for its artifacts', async () => {
    const at = newFolder('uri');
    const server = await startServerProcess(at, { args: ['--artifacts', `file://${at}/files`] });
    const put = await fetch(`${server.uri}/api/2.0/mlflow-artifacts/artifacts/a.txt`, {
      method: 'PUT',
      body: 'x',
    });
    expect(put.status).toBe(200);
    expect(readdirSync(join(at, 'files'))).toEqual(['a.txt']);
    expect(await server.stop()).toBe(0);
  });

  it('removes the uploads that an earlier one, killed, left unfinished', async () => {
    const cwd = newFolder('tidy');
    mkdirSync(join(cwd, 'artifacts', '0'), { recursive: true });
    const left = join(cwd, 'artifacts', '0', '.artifact.uploading.0123456789abcdef');
    writeFileSync(left, 'half of it');
    utimesSync(left, 1, 1);
    const server = await startServerProcess(cwd);
    const line = await server.logged(/never finished/);
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      message: 'removed 1 upload that was never finished',
    });
    expect(readdirSync(join(cwd, 'artifacts'), { recursive: true })).toEqual(['0']);
    expect(await server.stop()).toBe(0);
  });

  it('all of it below a prefix', async () => {
    const server = await startServerProcess(newFolder('prefix'), { args: ['--static-prefix', '/ml/flow'] });
    expect(server.uri).toMatch(/\/ml\/flow$/);
    const origin = new URL(server.uri).origin;
    for (const path of [GET, GET.replace('/api', '/ajax-api'), '/health', '/version', '/metrics', '/', '']) {
      expect([path, (await fetch(`${server.uri}${path}`)).status]).toEqual([path, 200]);
    }
    for (const path of [GET, '/health', '/', '/ml/flowers/health', '/ml/flow//health']) {
      expect([path, (await fetch(`${origin}${path}`)).status]).toEqual([path, 404]);
    }
    expect(await (await fetch(`${server.uri}/`)).text()).toContain('href="/ml/flow/health"');
    expect(await server.stop()).toBe(0);
  });
});

describe('a server with a token', () => {
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

  it('answers who shows it, on every route but health and version', async () => {
    const server = await startServerProcess(newFolder('token'), {
      args: ['--host', '0.0.0.0'],
      env: { PHANTOMNET_TOKEN: TOKEN },
    });
    const at = `http://127.0.0.1:${server.port}`;
    const ask = (path: string, authorization?: string) =>
      fetch(`${at}${path}`, authorization === undefined ? {} : { headers: { authorization } });

    for (const shown of [
      `Bearer ${TOKEN}`,
      `bearer  ${TOKEN}`,
      basic(`anyone:${TOKEN}`),
      basic(`:${TOKEN}`),
    ]) {
      expect([shown, (await ask(GET, shown)).status]).toEqual([shown, 200]);
    }
    for (const shown of [
      undefined,
      '',
      'Bearer',
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(0, -1)}`,
      `Bearer ${TOKEN}, Bearer ${TOKEN}`,
      TOKEN,
      `Digest ${TOKEN}`,
      basic(TOKEN),
      basic(`${TOKEN}:`),
      basic(`a:b:${TOKEN}`),
      'Basic ////',
    ]) {
      const refused = await ask(GET, shown);
      expect([shown, refused.status]).toEqual([shown, 401]);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer .*Basic /);
      expect(await refused.json()).toMatchObject({ error_code: 'UNAUTHENTICATED' });
    }
    for (const path of [
      '/',
      '/metrics',
      '/api/3.0/mlflow/server-info',
      '/no/such/call',
      '/api/2.0/mlflow/runs/x',
    ]) {
      expect([path, (await ask(path)).status]).toEqual([path, 401]);
    }
    for (const path of ['/health', '/version']) expect([path, (await ask(path)).status]).toEqual([path, 200]);
    const twice = await sendRaw(server.port, [
      `GET ${GET} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n`,
    ]);
    expect(twice).toMatch(/^HTTP\/1\.1 401 /);
    expect(await server.stop()).toBe(0);
    expect(server.stderr()).not.toContain(TOKEN);
  });
});

describe('the log and the metrics', () => {
  it('one line of JSON a request, without what the client wrote in its address', async () => {
    const server = await startServerProcess(newFolder('log'));
    await fetch(`${server.uri}${GET}&secret=hidden`, { headers: { 'x-request-id': 'from-client.1' } });
    const line = JSON.parse(await server.logged(/from-client/));
    expect(line).toMatchObject({
      level: 'info',
      requestId: 'from-client.1',
      method: 'GET',
      route: '/api/2.0/mlflow/experiments/get',
      status: 200,
    });
    expect(line.durationMs).toBeGreaterThan(0);
    expect(line.bytes).toBeGreaterThan(200);
    expect(Date.parse(line.time)).not.toBeNaN();
    for (const own of ['a b', 'x'.repeat(65), '{"a":1}', '-']) {
      const answer = await fetch(`${server.uri}/health`, { headers: { 'x-request-id': own } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{12}-\d+$/);
    }
    const forged = await fetch(`${server.uri}/nothing%0a%1b[2J"}{`, {
      headers: { 'x-request-id': 'forger' },
    });
    expect(forged.status).toBe(404);
    expect(JSON.parse(await server.logged(/forger/)).route).toMatch(/^unknown "\/nothing%0a/);
    const metrics = await (await fetch(`${server.uri}/metrics`)).text();
    expect(metrics).toContain(
      'http_requests_total{method="GET",route="/api/2.0/mlflow/experiments/get",status="200"} 1\n',
    );
    expect(metrics).toContain('http_requests_total{method="unknown",route="unknown",status="404"} 1\n');
    expect(metrics).toContain(
      'http_request_duration_seconds_bucket{method="GET",route="/health",le="+Inf"} 4\n',
    );
    expect(metrics).toContain('http_requests_in_flight 1\n');
    expect(await server.stop()).toBe(0);
    expect(server.stderr()).not.toContain('hidden');
    for (const each of server.stderr().split('\n')) expect(JSON.parse(each)).toHaveProperty('level');
  });

  it('none where none is wanted', async () => {
    const server = await startServerProcess(newFolder('none'), { args: ['--quiet'] });
    await fetch(`${server.uri}${GET}`);
    expect(await server.stop()).toBe(0);
    expect(server.stderr()).toBe('');
  });
});

describe('how a server ends', () => {
  const head = (length: number) =>
    `POST ${CREATE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s lets requests under way end, and closes idle connections',
    async (signal) => {
      const server = await startServerProcess(newFolder(`ends-${signal}`));
      const idle = await openSocket(server.port);
      idle.write(`GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      await once(idle, 'data');
      const closed = once(idle, 'close');
      const busy = await openSocket(server.port);
      const body = '{"name":"late"}';
      busy.write(head(body.length) + body.slice(0, 5));
      // The server has the head of the request once it has answered one that came later.
      await fetch(`${server.uri}/health`);
      const exited = server.stop(signal);
      await server.logged(/ending requests under way/);
      busy.write(body.slice(5));
      const [answer] = (await once(busy, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\{"experiment_id":"1"\}$/);
      await closed;
      expect(await exited).toBe(0);
      expect(server.stderr()).toContain('"message":"stopped"');
    },
  );

  it('no write waits for the lock of another process when all requests have ended', async () => {
    const cwd = newFolder('locked');
    const server = await startServerProcess(cwd);
    const other = await connectSqlite(join(cwd, 'phantomnet.db'));
    other.exec('BEGIN IMMEDIATE');
    const gone = await openSocket(server.port);
    const body = '{"name":"never"}';
    gone.write(head(body.length) + body);
    await fetch(`${server.uri}/health`);
    gone.destroy();
    await server.logged(/"aborted":true/);
    const started = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - started).toBeLessThan(8_000);
    other.exec('COMMIT');
    expect(other.get("SELECT 1 FROM experiments WHERE name = 'never'")).toBeUndefined();
    other.close();
  });

  it('a second signal ends it at once', async () => {
    const server = await startServerProcess(newFolder('twice'));
    const busy = await openSocket(server.port);
    busy.write(`${head(100)}{`);
    await fetch(`${server.uri}/health`);
    const exited = server.stop('SIGINT');
    await server.logged(/ending requests under way/);
    server.child.kill('SIGINT');
    expect(await exited).toBe(130);
  });
});

describe('two servers on one file', () => {
  it('both write, and each sees what the other wrote', async () => {
    const cwd = newFolder('two');
    const servers = [await startServerProcess(cwd), await startServerProcess(cwd)];
    const create = async (uri: string, name: string) => {
      const answer = await fetch(`${uri}${CREATE}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      });
      return { status: answer.status, ...((await answer.json()) as { experiment_id: string }) };
    };
    const made = await Promise.all(
      servers.flatMap(({ uri }, of) => Array.from({ length: 40 }, (_, i) => create(uri, `${of}-${i}`))),
    );
    expect(made.filter(({ status }) => status !== 200)).toEqual([]);
    expect(new Set(made.map(({ experiment_id }) => experiment_id)).size).toBe(80);
    for (const { uri } of servers) {
      for (const { experiment_id } of made) {
        const url = `${uri}/api/2.0/mlflow/experiments/get?experiment_id=${experiment_id}`;
        expect((await fetch(url)).status).toBe(200);
      }
    }
    expect(await Promise.all(servers.map((server) => server.stop()))).toEqual([0, 0]);
  });
});
