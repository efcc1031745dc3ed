import { describe, expect, it } from 'vitest';
import type { RawRoute } from '#src/server/http/route.js';
import { createRouter } from '#src/server/http/router.js';

const raw = (method: RawRoute['method'], path: string): RawRoute => ({
  method,
  path,
  permission: 'read',
  handle: () => undefined,
});

const routes = [
  raw('POST', '2.0/models/search'),
  raw('GET', '2.0/models/{id}'),
  raw('PATCH', '2.0/models/{id}'),
  raw('DELETE', '2.0/models/{id}/tags/{key}'),
  raw('GET', '2.0/files/{path...}'),
  raw('GET', '2.0/files'),
  raw('POST', '2.0odd/search'),
  raw('GET', '/health'),
  raw('GET', '/'),
];
const find = createRouter(routes);

describe('the router', () => {
  it.each([
    ['POST', '/api/2.0/models/search', '/api/2.0/models/search', {}],
    ['POST', '/ajax-api/2.0/models/search', '/api/2.0/models/search', {}],
    ['POST', '/ajax-api/2.0odd/search', '/api/2.0odd/search', {}],
    ['GET', '/api/2.0/models/search', '/api/2.0/models/{id}', { id: 'search' }],
    ['HEAD', '/api/2.0/models/m-1', '/api/2.0/models/{id}', { id: 'm-1' }],
    ['GET', '/api/2.0/models/__proto__', '/api/2.0/models/{id}', { id: '__proto__' }],
    ['DELETE', '/api/2.0/models/m/tags/a%2Fb', '/api/2.0/models/{id}/tags/{key}', { id: 'm', key: 'a%2Fb' }],
    ['GET', '/api/2.0/files/a/b/', '/api/2.0/files/{path...}', { path: 'a/b/' }],
    ['GET', '/api/2.0/files/', '/api/2.0/files/{path...}', { path: '' }],
    ['GET', '/api/2.0/files', '/api/2.0/files', {}],
    ['GET', '/health', '/health', {}],
    ['GET', '/', '/', {}],
  ])('%s %s is %s', (method, path, template, fields) => {
    expect(find(method, path)).toMatchObject({ template, fields });
  });

  it.each([
    '',
    'health',
    '/health/',
    '/api/health',
    '/api/2.0/models',
    '/api/2.0/models/',
    '/API/2.0/files',
    '//health',
  ])('%s is nowhere', (path) => {
    expect(find('GET', path)).toBeUndefined();
  });

  it('a template is no path, and the methods of a path are told', () => {
    expect(find('GET', '/api/2.0/models/{id}')).toMatchObject({ fields: { id: '{id}' } });
    expect(find('PUT', '/api/2.0/models/x')).toEqual({
      allowed: ['GET', 'PATCH'],
      template: '/api/2.0/models/{id}',
    });
    expect(find('PUT', '/api/2.0/models/search')).toMatchObject({ allowed: ['POST'] });
  });

  it('below a prefix', () => {
    const below = createRouter(routes, '/ml');
    for (const path of ['/ml', '/ml/']) expect(below('GET', path)).toMatchObject({ template: '/' });
    expect(below('GET', '/ml/api/2.0/files')).toMatchObject({ template: '/api/2.0/files' });
    for (const path of ['/', '/health', '/mlhealth', '/api/2.0/files'])
      expect(below('GET', path)).toBeUndefined();
  });
});
