import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasRelativeParts, isBelow, splitUri } from '#src/server/mlflow/model-versions-uri.js';

describe('splitUri', () => {
  it.each([
    ['s3://Bucket/a/b?x#y', { scheme: 's3', authority: 'bucket', host: 'bucket', path: '/a/b' }],
    ['models:/m-1', { scheme: 'models', authority: '', host: '', path: '/m-1' }],
    ['/etc/passwd', { scheme: '', authority: '', host: '', path: '/etc/passwd' }],
    ['relative/path', { scheme: '', authority: '', path: 'relative/path' }],
    ['ftp://user:secret@Host:21/path', { scheme: 'ftp', host: 'host', path: '/path' }],
    ['  File:///a%20b', { scheme: 'file', authority: '', path: '/a%20b', decodedPath: '/a b' }],
    ['C:\\windows', { scheme: 'c', path: '\\windows' }],
    ['fi\nle:/x', { scheme: 'file', path: '/x' }],
    ['', { scheme: '', authority: '', path: '' }],
  ])('takes %j apart', (uri, parts) => {
    expect(splitUri(uri)).toMatchObject(parts);
  });

  it('decodes a path until nothing is encoded', () => {
    expect(splitUri('x:/a%252e%252e/b').decodedPath).toBe('/a../b');
  });

  it('loses nothing of a path', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9._-]{1,8}$/), { minLength: 1 }), (parts) => {
        expect(splitUri(`s3://bucket/${parts.join('/')}`).path).toBe(`/${parts.join('/')}`);
      }),
    );
  });
});

describe('hasRelativeParts', () => {
  it.each([
    's3://bucket/a/../b',
    's3://bucket/a/%2e%2e/b',
    's3://bucket/a/%252e%252e/b',
    's3://bucket/a/./b',
    's3://bucket/',
    's3://bucket',
    's3://bucket/a%00b',
    's3://bucket/a?x=/../y',
    'C:\\windows',
    'runs:',
    'dbfs:x',
  ])('refuses %s', (uri) => {
    expect(hasRelativeParts(uri)).toBe(true);
  });

  it.each(['s3://bucket/a//b/', 's3://bucket/a?x=..', 's3://bucket/a#../x', 'dbfs:/x', 'gopher://x/y...z'])(
    'takes %s',
    (uri) => {
      expect(hasRelativeParts(uri)).toBe(false);
    },
  );

  it('sees through any number of encodings', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), (times) => {
        let hidden = '..';
        for (let i = 0; i < times; i++) hidden = encodeURIComponent(hidden).replaceAll('.', '%2E');
        expect(hasRelativeParts(`s3://bucket/a/${hidden}/b`)).toBe(true);
      }),
    );
  });
});

describe('isBelow', () => {
  it('compares whole parts', () => {
    expect(isBelow('/a/b', '/a/b')).toBe(true);
    expect(isBelow('/a/b/c', '/a/b')).toBe(true);
    expect(isBelow('/a/bc', '/a/b')).toBe(false);
    expect(isBelow('/x', '/')).toBe(true);
  });
});
