import { describe, expect, it } from 'vitest';
import { parseTrackingUri, showUri } from '#src/mlflow/index.js';
import { expectThrown } from '../../support/expect-thrown.js';

describe('tracking uris', () => {
  it.each([
    ['sqlite:///phantomnet.db', 'sqlite'],
    ['sqlite:////srv/phantomnet.db', 'sqlite'],
    ['http://127.0.0.1:5000', 'http'],
    ['https://mlflow.example/prefix/', 'http'],
    ['http://user:secret@mlflow.example', 'http'],
  ] as const)('reads %s', (uri, kind) => {
    expect(parseTrackingUri(uri)).toEqual({ kind, uri });
  });

  it.each([
    ['file:///srv/mlruns', /is a folder, MLflow's old file store/],
    ['./mlruns', /is a folder/],
    ['C:\\mlruns', /is a folder/],
    ['postgresql://user:secret@db/mlflow', /has the scheme 'postgresql'/],
    ['databricks://profile', /has the scheme 'databricks'/],
  ])('has no store for %s', (uri, message) => {
    const error = expectThrown(() => parseTrackingUri(uri), 'UNSUPPORTED');
    expect(error.message).toMatch(message);
    expect(error.message + JSON.stringify(error.details) + error.hint).not.toContain('secret');
    expect(error.hint).toMatch(/mlflow (migrate-filestore|server)/);
  });

  it.each([
    ['', /must not be empty/],
    ['sqlite://phantomnet.db', /does not name a file/],
    ['sqlite:///', /does not name a file/],
    ['sqlite:///a.db?mode=ro', /does not name a file/],
    ['http:/half', /is not the address of a server/],
    ['http://', /is not the address of a server/],
    ['http://host/?token=secret', /is not the address of a server/],
    ['http://host/#x', /is not the address of a server/],
  ])('refuses %j', (uri, message) => {
    const error = expectThrown(() => parseTrackingUri(uri), 'INVALID_PARAMETER');
    expect(error.message).toMatch(message);
    expect(error.message + JSON.stringify(error.details)).not.toContain('secret');
  });

  it('shows a uri without credentials', () => {
    expect(showUri('https://user:secret@host/path?token=secret#secret')).toBe('"https://***@host/path"');
    expect(showUri('https://a@b:secret@host')).toBe('"https://***@host"');
  });
});
