import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createRestClient, type RestClientOptions, trackingEndpoints } from '#src/mlflow/index.js';
import { expectCode } from '../../contract/expect-code.js';

const experiment = { experiment: { experiment_id: '1', name: 'e', unknown_field: {}, creation_time: '12' } };
const quick = { maxRetries: 3, firstPauseMs: 1, maxPauseMs: 5 };

let server: Server | undefined;
let seen: IncomingMessage[] = [];

/** Starts a server of our own that answers as told, and gives its address. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
  seen = [];
  server = createServer((request, response) => {
    seen.push(request);
    request.resume();
    answer(request, response, seen.length);
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (response: ServerResponse, body: object | string, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};
const get = (uri: string, options: RestClientOptions = {}) =>
  createRestClient(uri, { env: {}, retry: quick, ...options }).call(trackingEndpoints.getExperiment, {
    experiment_id: '1',
  });
const create = (uri: string) =>
  createRestClient(uri, { env: {}, retry: quick }).call(trackingEndpoints.createExperiment, {
    name: 'e',
    tags: [],
  });

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<void>((done) => (server === undefined ? done() : server.close(() => done())));
  server = undefined;
});

describe('the REST client', () => {
  it('takes numbers as text, fills in what is left out, ignores what it does not know', async () => {
    const uri = await serve((_, response) => json(response, experiment));
    expect(await get(`${uri}/`)).toEqual({
      experiment: {
        experiment_id: '1',
        name: 'e',
        artifact_location: '',
        lifecycle_stage: 'active',
        last_update_time: 0,
        creation_time: 12,
        tags: [],
      },
    });
    expect(seen[0]?.url).toBe('/api/2.0/mlflow/experiments/get?experiment_id=1');
  });

  it('sends Basic and Bearer as MLflow does, Basic first, and nothing without credentials', async () => {
    const uri = await serve((_, response) => json(response, experiment));
    const basic = `Basic ${Buffer.from('ann:pässword').toString('base64')}`;
    const user = { MLFLOW_TRACKING_USERNAME: 'ann', MLFLOW_TRACKING_PASSWORD: 'pässword' };
    await get(uri, { env: user });
    await get(uri, { env: { MLFLOW_TRACKING_TOKEN: 'token-1' } });
    await get(uri, { env: { ...user, MLFLOW_TRACKING_TOKEN: 'token-1' } });
    await get(uri.replace('http://', `http://ann:${encodeURIComponent('pässword')}@`));
    await get(uri);
    const sent = seen.map((request) => request.headers.authorization);
    expect(sent).toEqual([basic, 'Bearer token-1', basic, basic, undefined]);
  });

  it('names no credentials in errors, even those that the server sends back', async () => {
    const uri = await serve((request, response) => {
      json(response, { error_code: 'UNAUTHENTICATED', message: `bad ${request.headers.authorization}` }, 401);
    });
    const withUser = uri.replace('http://', 'http://ann:hunter2@');
    expect(createRestClient(withUser, { env: {} }).uri).toBe(uri);
    const refused = await expectCode(get(withUser), 'PERMISSION_DENIED');
    const token = await expectCode(
      get(uri, { env: { MLFLOW_TRACKING_TOKEN: 'token-1' } }),
      'PERMISSION_DENIED',
    );
    const nobody = await expectCode(get('http://ann:hunter2@127.0.0.1:1'), 'UNAVAILABLE');
    for (const error of [refused, token, nobody]) {
      const text = `${error.message}${error.hint}${JSON.stringify(error.details)}${String(error.cause)}`;
      expect(text).not.toMatch(/hunter2|token-1|YW5uOmh1bnRlcjI/);
    }
  });

  it.each([429, 503])('tries a call again after %i when it may be repeated', async (status) => {
    const uri = await serve((_, response, count) => {
      if (count < 3) json(response, { error_code: 'TEMPORARILY_UNAVAILABLE', message: 'busy' }, status);
      else json(response, experiment);
    });
    expect((await get(uri)).experiment.name).toBe('e');
    expect(seen).toHaveLength(3);
  });

  it('tries again after a broken connection, and gives up after the last try', async () => {
    const uri = await serve((request, response, count) => {
      if (count < 3) request.socket.destroy();
      else json(response, experiment);
    });
    expect((await get(uri)).experiment.name).toBe('e');
    const dead = uri;
    server?.removeAllListeners('request');
    server?.on('request', (request) => {
      seen.push(request);
      request.socket.destroy();
    });
    seen = [];
    const error = await expectCode(get(dead), 'UNAVAILABLE');
    expect(error.message).toContain(`cannot reach the MLflow server at ${uri}`);
    expect(error.hint).toContain('MLFLOW_TRACKING_URI');
    expect(seen).toHaveLength(4);
  });

  it('never repeats a call that makes something', async () => {
    const uri = await serve((_, response) =>
      json(response, { error_code: 'RESOURCE_EXHAUSTED', message: 'busy' }, 429),
    );
    const error = await expectCode(create(uri), 'UNAVAILABLE');
    expect(error.message).toBe('busy');
    expect(seen).toHaveLength(1);
  });

  it('does not repeat what is refused for good', async () => {
    const uri = await serve((_, response) =>
      json(response, { error_code: 'INTERNAL_ERROR', message: 'bad' }, 500),
    );
    await expectCode(get(uri), 'UNAVAILABLE');
    expect(seen).toHaveLength(1);
  });

  it('gives up on a server that does not answer', async () => {
    const uri = await serve(() => {});
    const error = await expectCode(get(uri, { env: { MLFLOW_HTTP_REQUEST_TIMEOUT: '1' } }), 'UNAVAILABLE');
    expect(error.message).toContain('no answer within 1 s');
  });

  it.each<[string, string]>([
    ['<html>hello</html>', 'it is not JSON'],
    ['{"experiment": {"name": "e"}}', 'experiment.experiment_id: '],
    ['[]', 'the whole: '],
    [
      '{"experiment": {"experiment_id": "1", "name": "e", "creation_time": "1e400"}}',
      'experiment.creation_time: ',
    ],
    ['{"experiment": {"experiment_id": "1", "name": "e", "tags": {"a": "b"}}}', 'experiment.tags: '],
  ])('refuses the answer %s', async (body, reason) => {
    const uri = await serve((_, response) => json(response, body));
    const error = await expectCode(get(uri), 'UNAVAILABLE');
    expect(error.message).toContain(`is not MLflow's: ${reason}`);
    expect(error.hint).toContain('MLflow server');
  });

  it('stops reading an answer that is too large', async () => {
    const uri = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(1024 * 1024, 32);
      const more = () => {
        while (response.write(chunk));
        response.once('drain', more);
      };
      more();
    });
    const error = await expectCode(get(uri), 'UNAVAILABLE');
    expect(error.message).toContain('is larger than 67108864 bytes');
  });

  it('follows no redirect', async () => {
    const uri = await serve((_, response) => {
      response.writeHead(307, { location: 'http://other.example:8080/login?secret=1' });
      response.end();
    });
    const error = await expectCode(get(uri, { env: { MLFLOW_TRACKING_TOKEN: 'token-1' } }), 'UNAVAILABLE');
    expect(error.message).toContain(
      'redirects GET 2.0/mlflow/experiments/get to "http://other.example:8080"',
    );
    expect(error.message).not.toContain('secret');
    expect(seen).toHaveLength(1);
  });

  it('refuses a timeout that is no number', async () => {
    const call = async () => get('http://127.0.0.1:1', { env: { MLFLOW_HTTP_REQUEST_TIMEOUT: 'soon' } });
    const error = await expectCode(call(), 'INVALID_PARAMETER');
    expect(error.message).toContain('MLFLOW_HTTP_REQUEST_TIMEOUT must be a whole number');
  });

  it('puts no id into a path that could climb', async () => {
    const client = createRestClient('http://127.0.0.1:1', { env: {} });
    const { loggedModelEndpoints } = await import('#src/mlflow/index.js');
    const call = client.call(loggedModelEndpoints.getLoggedModel, { model_id: '../runs' });
    const error = await expectCode(call, 'INVALID_PARAMETER');
    expect(error.message).toContain('model_id must be letters, digits, _ and -');
  });
});
