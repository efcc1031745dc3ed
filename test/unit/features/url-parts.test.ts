import { describe, expect, it } from 'vitest';
import { urlParts } from '#src/features/url-parts.js';

const PLAIN = {
  depth: 0,
  queryParameters: 0,
  percentEscapes: 0,
  traversals: 0,
  extension: 'none',
  hostIsAddress: 0,
};

describe('urlParts', () => {
  it.each([
    ['', {}],
    ['/', {}],
    ['/a/b/c.PHP?x=1&y=2&&#z?w=1', { depth: 3, queryParameters: 2, extension: 'page' }],
    ['http://198.51.100.7:8080/bins/x.sh', { depth: 2, extension: 'script', hostIsAddress: 1 }],
    ['http://u:p@198.51.100.7', { hostIsAddress: 1 }],
    ['https://example.com?a=b', { queryParameters: 1 }],
    ['https://example.com/arm7', { depth: 1 }],
    ['/x.arm7', { depth: 1, extension: 'binary' }],
    ['/x.tar.gz', { depth: 1, extension: 'archive' }],
    ['/.env', { depth: 1, extension: 'data' }],
    ['/logo.svg', { depth: 1, extension: 'asset' }],
    ['/x.unknown', { depth: 1, extension: 'other' }],
    ['/x.', { depth: 1 }],
    ['/a%20b%zz%4', { depth: 1, percentEscapes: 1 }],
    ['/redirect?to=http://1.2.3.4/x', { depth: 1, queryParameters: 1 }],
    ['/../../etc/passwd', { depth: 4, traversals: 2 }],
    ['/..%2f..%5cx/..', { depth: 2, percentEscapes: 2, traversals: 3 }],
    ['/%2e%2E/.%2e/%252e%252e%252fx', { depth: 3, percentEscapes: 6, traversals: 3 }],
    ['/%c0%ae%c0%ae/x', { depth: 2, percentEscapes: 4, traversals: 1 }],
    ['/a..b/...', { depth: 2 }],
    ['?q=\0', { queryParameters: 1 }],
  ])('%j', (url, expected) => {
    expect(urlParts(url)).toEqual({ ...PLAIN, ...expected });
  });

  it('takes time in line with the length of hostile text', () => {
    for (const part of ['..', '%2e', '/', '?', '&', '%', '://', '.'])
      expect(urlParts(part.repeat(200_000)).depth).toBeGreaterThanOrEqual(0);
  });
});
