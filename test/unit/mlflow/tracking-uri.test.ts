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
    ['databricks', 'databricks'],
    ['databricks-uc', 'databricks-uc'],
    ['uc', 'uc'],
    ['DataBricks', 'databricks'],
    ['postgresql', 'postgresql'],
    ['postgresql+psycopg2', 'postgresql+psycopg2'],
    ['mysql', 'mysql'],
    ['mssql', 'mssql'],
  ])('names the scheme of %s, which has no path', (uri, scheme) => {
    const error = expectThrown(() => parseTrackingUri(uri), 'UNSUPPORTED');
    expect(error.message).toBe(`tracking uri "${uri}" has the scheme '${scheme}'`);
    expect(error.details).toEqual({ scheme });
  });

  it.each([
    ['sqlite', /does not name a file/],
    ['http', /is not the address of a server/],
    ['https', /is not the address of a server/],
  ])('wants more than %s', (uri, message) => {
    expect(expectThrown(() => parseTrackingUri(uri), 'INVALID_PARAMETER').message).toMatch(message);
  });

  it.each([
    ['foo.db', 'did you mean sqlite:///foo.db?'],
    ['./runs/foo.sqlite', 'did you mean sqlite:///./runs/foo.sqlite?'],
    ['/srv/Foo.SQLite3', 'did you mean sqlite:////srv/Foo.SQLite3?'],
    ['C:\\data\\foo.db', 'did you mean sqlite:///C:\\data\\foo.db?'],
    ['a\u001b.db', 'did you mean sqlite:///a\\u001b.db?'],
  ])('takes %j for a file without its scheme', (uri, hint) => {
    const error = expectThrown(() => parseTrackingUri(uri), 'INVALID_PARAMETER');
    expect(error.message).toContain('is the path of a file, not a uri');
    expect(error.hint).toBe(hint);
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
