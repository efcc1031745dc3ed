import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PhantomNetError } from '#src/core/index.js';
import { endpoint } from '#src/mlflow/index.js';
import { createGate } from '#src/server/http/gate.js';
import { type AnyRoute, type RawRoute, route } from '#src/server/http/route.js';
import { startSite, type TestSite } from './site.js';

const echo = endpoint({
  method: 'POST',
  path: '2.0/things/{id}/notes/{key}',
  permission: 'write',
  isIdempotent: true,
  request: z.object({ id: z.string(), key: z.string(), note: z.string().optional() }),
  response: z.object({ id: z.string(), key: z.string(), note: z.string().optional() }),
});

function raw(path: string, handle: RawRoute['handle'], method: RawRoute['method'] = 'GET'): RawRoute {
  return { path, method, permission: 'read', handle };
}

const routes: readonly AnyRoute[] = [
  route(echo, async (asked) => asked),
  raw('2.0/files/{path...}', ({ response, fields, query }) => {
    response.end(JSON.stringify({ ...fields, query }));
  }),
  raw('/defect', () => {
    throw new TypeError('a secret of ours');
  }),
  raw('/internal', () => {
    throw new PhantomNetError('INTERNAL', 'a secret of ours');
  }),
  raw('/locked', () => {
    const path = '/srv/secret/a.db';
    throw new PhantomNetError('UNAVAILABLE', `database ${path} is locked`, {
      hint: 'wait',
      details: { path },
    });
  }),
  raw('/late', ({ response }) => {
    response.writeHead(200, { 'content-length': 10 });
    response.write('half');
    throw new Error('too late');
  }),
];

let site: TestSite;
beforeAll(async () => {
  site = await startSite(routes);
});
afterAll(() => site.close());

/** As it stands: fetch would tidy the path first. */
function get(path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(site.uri);
  return new Promise((done, fail) => {
    const request = httpRequest({ hostname, port, path }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('error', fail);
      response.on('end', () => done({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', fail).end();
  });
}

describe('the path of a file', () => {
  it.each([
    ['a/b.txt', 'a/b.txt'],
    ['a%2Fb.txt', 'a/b.txt'],
    ['100%25', '100%'],
    ['100%', '100%'],
    ['%C3%BC%20%2B+', 'ü ++'],
    ['a..b/..c', 'a..b/..c'],
    ['folder/', 'folder/'],
    ['', ''],
  ])('%s is %s', async (path, decoded) => {
    const { status, body } = await get(`/api/2.0/files/${path}`);
    expect([status, JSON.parse(body).path]).toEqual([200, decoded]);
  });

  it.each([
    '..',
    '../etc/passwd',
    'a/../../b',
    '%2e%2e/b',
    '%252e%252e%252fb',
    '%25252e%25252e/b',
    'a%2f..%2fb',
    '..%5cb',
    'a%5c..%5cb',
    'a%00.txt',
    'a%23b',
    'a%3fb',
    'a%253fb',
    'C:/windows',
    'c%3a%5cwindows',
    '/etc/passwd',
    '%2fetc/passwd',
    'a//b',
    './b',
    'a%0ab',
    'a;/../b',
  ])('%s is refused', async (path) => {
    for (const prefix of ['/api', '/ajax-api']) {
      const { status, body } = await get(`${prefix}/2.0/files/${path}`);
      expect([status, JSON.parse(body).error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    }
  });

  it('one of 6,000 characters is refused', async () => {
    expect((await get(`/api/2.0/files/${'a/'.repeat(3_000)}b`)).status).toBe(400);
  });

  it('bytes that are not UTF-8 are refused', async () => {
    for (const path of ['%ff', '%c0%ae%c0%ae/b', '%ed%a0%80']) {
      expect((await get(`/api/2.0/files/${path}`)).status).toBe(400);
    }
  });
});

describe('the fields of a path and a query', () => {
  const post = (path: string, body: unknown) =>
    fetch(`${site.uri}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('those of the path win over those of the body', async () => {
    const answer = await post('/api/2.0/things/a%20b/notes/k', { id: 'other', note: 'n', extra: 1 });
    expect(await answer.json()).toEqual({ id: 'a b', key: 'k', note: 'n' });
  });

  it('one that hides a slash, or is empty, names nothing', async () => {
    for (const path of [
      '/api/2.0/things/a%2Fb/notes/k',
      '/api/2.0/things//notes/k',
      '/api/2.0/things/{id}/notes',
    ]) {
      expect([path, (await post(path, {})).status]).toEqual([path, 404]);
    }
  });

  it('a query is decoded as a browser encodes it', async () => {
    const { body } = await get('/api/2.0/files/x?a=1&a=2&b=c+d%26&e&%66=%3D&g=100%&toString=t');
    expect(JSON.parse(body).query).toEqual({
      a: ['1', '2'],
      b: 'c d&',
      e: '',
      f: '=',
      g: '100%',
      toString: 't',
    });
  });
});

describe('what goes wrong', () => {
  it('a defect is answered without a word of it, and logged with its stack', async () => {
    for (const path of ['/defect', '/internal']) {
      const { status, body } = await get(path);
      expect(status).toBe(500);
      expect(JSON.parse(body).error_code).toBe('INTERNAL_ERROR');
      expect(body).not.toMatch(/secret| at |TypeError/);
      const record = site.records.at(-1)!;
      expect(JSON.parse(body).message).toContain(record.requestId);
      expect((record.error as Error).stack).toContain('a secret of ours');
    }
  });

  it('the client is not told where a file of ours is, the log is', async () => {
    const { status, body } = await get('/locked');
    expect(status).toBe(503);
    expect(JSON.parse(body).message).toBe('database a.db is locked (wait)');
    expect((site.records.at(-1)!.error as Error).message).toContain('/srv/secret/a.db');
  });

  it('half an answer does not pass for a whole one', async () => {
    await expect(get('/late').then(({ status }) => status)).rejects.toThrow();
    expect(site.records.at(-1)).toMatchObject({ status: 200, isComplete: false });
  });

  it('another method is 405 and says which would do', async () => {
    const answer = await fetch(`${site.uri}/api/2.0/things/a/notes/k`, { method: 'PATCH' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'OPTIONS, POST']);
    expect(await answer.json()).toMatchObject({ error_code: 'ENDPOINT_NOT_FOUND' });
    const asked = await fetch(`${site.uri}/defect`, { method: 'OPTIONS' });
    expect([asked.status, asked.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });

  it('HEAD is GET without its body', async () => {
    const answer = await fetch(`${site.uri}/api/2.0/files/x`, { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

describe('the headers of every answer', () => {
  it.each(['/api/2.0/files/x', '/defect', '/nothing', '/api/2.0/files/..%2f', '/api/2.0/things/a/notes/k'])(
    '%s',
    async (path) => {
      const { headers } = await fetch(`${site.uri}${path}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{12}-/);
      expect(headers.get('set-cookie')).toBeNull();
    },
  );
});

describe('the gate', () => {
  it('asks at every route for what the route says it needs, found or not, but at open ones', async () => {
    const asked: unknown[] = [];
    const open: RawRoute = { ...raw('/open', ({ response }) => void response.end()), permission: 'open' };
    const gate = createGate('0123456789abcdef');
    const guarded = await startSite([...routes, open], {
      gate: (permission, authorization) => {
        asked.push(permission);
        gate(permission, authorization);
      },
    });
    const ask = async (path: string, method = 'GET') => (await fetch(guarded.uri + path, { method })).status;
    expect(await ask('/api/2.0/things/a/notes/k', 'POST')).toBe(401);
    expect(await ask('/api/2.0/files/..%2f..')).toBe(401);
    expect(await ask('/defect', 'OPTIONS')).toBe(401);
    expect(await ask('/nothing')).toBe(401);
    expect(await ask('/open')).toBe(200);
    expect(asked).toEqual(['write', 'read', 'read', 'read', 'open']);
    await guarded.close();
  });
});
