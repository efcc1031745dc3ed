import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unsupportedCalls } from '#src/mlflow/index.js';
import { openRegistryStore } from '#src/register/index.js';
import { createRouter } from '#src/server/http/router.js';
import { type RunningServer, startServer } from '#src/server/index.js';
import { mlflowRoutes } from '#src/server/mlflow/routes.js';
import { openTrackingStore } from '#src/track/index.js';
import { scratch } from '../../support/cli.js';

const { folder, remove } = scratch();
let server: RunningServer;
let closeAll: () => Promise<void>;

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
});

afterAll(async () => {
  await closeAll();
  remove();
});

/** A path with something in each of its fields. */
const filled = (path: string) => path.replace(/\{\w+\.\.\.\}/, 'a/b').replace(/\{\w+\}/g, 'some-id');
const below = (path: string, prefix: string) => filled(path.startsWith('/') ? path : `${prefix}${path}`);

describe('calls that are left out', () => {
  it('are listed once each, and none is answered after all', () => {
    const shown = unsupportedCalls.map(({ method, path }) => `${method} ${path}`);
    expect(shown.filter((call, i) => shown.indexOf(call) !== i)).toEqual([]);
    const find = createRouter(mlflowRoutes);
    const answered = unsupportedCalls.filter(({ method, path }) => {
      const found = find(method, below(path, '/api/'));
      return found !== undefined && 'route' in found;
    });
    expect(answered).toEqual([]);
  });

  it('answer 501 and say what is missing, whatever is sent', async () => {
    expect(unsupportedCalls.length).toBeGreaterThan(150);
    for (const { method, path, missing, reason } of unsupportedCalls) {
      for (const prefix of ['/api/', '/ajax-api/']) {
        const response = await fetch(server.uri + below(path, prefix), {
          method,
          ...(method === 'GET' ? {} : { body: 'anything' }),
        });
        const answer = (await response.json()) as { error_code: string; message: string };
        expect([response.status, answer.error_code], `${method} ${path}`).toEqual([501, 'NOT_IMPLEMENTED']);
        expect(answer.message).toContain(missing);
        expect(answer.message).toContain(reason);
      }
    }
  });

  it('are not to be had in another way', async () => {
    const status = async (method: string, path: string) =>
      (await fetch(`${server.uri}${path}`, { method })).status;
    expect(await status('PUT', '/api/2.0/mlflow/webhooks')).toBe(405);
    expect(await status('GET', '/api/2.0/mlflow/webhook')).toBe(404);
    expect(await status('GET', '/api/3.0/mlflow/nothing')).toBe(404);
  });
});
