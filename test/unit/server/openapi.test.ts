import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistryStore } from '#src/register/index.js';
import { type RunningServer, startServer } from '#src/server/index.js';
import { mlflowRoutes } from '#src/server/mlflow/routes.js';
import { openTrackingStore } from '#src/track/index.js';
import { scratch } from '../../support/cli.js';

// biome-ignore lint/suspicious/noExplicitAny: tests assert the shape themselves
type Json = Record<string, any>;

const { folder, remove } = scratch();
let server: RunningServer;
let closeAll: () => Promise<void>;
let document: Json;
let operations: { readonly path: string; readonly method: string; readonly operation: Json }[];

beforeAll(async () => {
  const uri = `sqlite:///${folder}/phantomnet.db`;
  const tracking = await openTrackingStore({ uri, env: {} });
  const registry = await openRegistryStore({ uri, env: {} });
  server = await startServer({ tracking, registry, port: 0, env: {} });
  closeAll = async () => {
    await server.stop();
    await registry.close();
    await tracking.close();
  };
  const response = await fetch(`${server.uri}/openapi.json`);
  expect(response.headers.get('content-type')).toBe('application/json');
  document = (await response.json()) as Json;
  operations = Object.entries(document['paths']!).flatMap(([path, item]) =>
    Object.entries(item as Json).map(([method, operation]) => ({
      path,
      method,
      operation: operation as Json,
    })),
  );
});

afterAll(async () => {
  await closeAll();
  remove();
});

/** Everything in a document that is an object, with where it is. */
function* objects(value: unknown, at = ''): Generator<readonly [string, Json]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Json];
  for (const [key, inner] of Object.entries(value)) yield* objects(inner, `${at}/${key}`);
}

describe('openapi.json', () => {
  it('is an OpenAPI 3.1 document', () => {
    expect(document['openapi']).toBe('3.1.0');
    expect(document['info']).toMatchObject({ title: 'PhantomNet', version: expect.any(String) });
    expect(document['servers']).toEqual([{ url: '/' }]);
    for (const path of Object.keys(document['paths']!)) expect(path).toMatch(/^\/[^?#]*$/);
    const methods = new Set(operations.map(({ method }) => method));
    expect([...methods].filter((m) => !['get', 'post', 'put', 'patch', 'delete'].includes(m))).toEqual([]);
  });

  it('has every JSON call with its permission, under one name each', () => {
    for (const route of mlflowRoutes) {
      if (!('endpoint' in route)) continue;
      const { path, method, permission } = route.endpoint;
      const at = `/api/${path}`.replace('...}', '}');
      const found = operations.find((each) => each.path === at && each.method === method.toLowerCase());
      expect(found?.operation['x-permission'], `${method} ${path}`).toBe(permission);
    }
    const ids = operations.map(({ operation }) => operation['operationId']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(undefined);
  });

  it('declares each field of a path, and no body where there is none', () => {
    for (const { path, method, operation } of operations) {
      const ofPath = ((operation['parameters'] ?? []) as Json[]).filter(
        (parameter) => parameter['in'] === 'path',
      );
      expect(ofPath.map((parameter) => `{${parameter['name']}}`).sort(), path).toEqual(
        (path.match(/\{\w+\}/g) ?? []).sort(),
      );
      for (const parameter of ofPath) expect(parameter['required']).toBe(true);
      for (const parameter of operation['parameters'] ?? []) expect(parameter['schema']).toBeTypeOf('object');
      if (method === 'get') expect(operation).not.toHaveProperty('requestBody');
      expect(Object.keys(operation['responses']!)).toEqual(['200', 'default']);
    }
  });

  it('points only at what is there, with schemas that say one dialect', () => {
    let references = 0;
    for (const [at, object] of objects(document)) {
      expect(object, at).not.toHaveProperty('$schema');
      const target = object['$ref'];
      if (typeof target !== 'string') continue;
      references++;
      const found = target
        .slice('#/'.length)
        .split('/')
        .reduce<Json | undefined>((value, key) => value?.[key], document);
      expect(found, `${at}: ${target}`).toBeTypeOf('object');
    }
    expect(references).toBeGreaterThan(20);
  });

  it('says what a call takes and gives', () => {
    const body = (path: string, method: string) =>
      operations.find((each) => each.path === `/api/2.0/mlflow/${path}` && each.method === method)!.operation;
    const create = body('model-versions/create', 'post');
    const schema = create['requestBody']!['content']!['application/json']!['schema']!;
    expect(schema).toMatchObject({ type: 'object', required: ['name', 'source'] });
    expect(Object.keys(schema['properties']!)).toContain('run_link');
    const get = body('model-versions/get', 'get');
    expect(get['parameters']).toEqual([
      { name: 'name', in: 'query', required: true, schema: { type: 'string', minLength: 1 } },
      { name: 'version', in: 'query', required: true, schema: { type: 'string', minLength: 1 } },
    ]);
  });
});
