import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './tracking-server.js';

let server: TestServer;
let experimentId = '';
let runId = '';
let deletedId = '';
beforeAll(async () => {
  server = await startTestServer();
  experimentId = (await server.post('experiments/create', { name: 'errors' })).body.experiment_id;
  deletedId = (await server.post('experiments/create', { name: 'deleted' })).body.experiment_id;
  await server.post('experiments/delete', { experiment_id: deletedId });
  runId = (await server.post('runs/create', { experiment_id: experimentId })).body.run.info.run_id;
  await server.post('runs/log-parameter', { run_id: runId, key: 'p', value: '1' });
});
afterAll(() => server.stop());

const absent = '0'.repeat(32);
const pair = (key: string, value = '1') => ({ key, value });
const point = (change: object) => ({ key: 'm', value: 1, timestamp: 1, step: 0, ...change });
const batch = (change: object) => ({ run_id: runId, ...change });

describe('error codes are those of MLflow 3.17.2', () => {
  // Seen in the answers of a real server.
  it.each<[string, number, string, () => unknown]>([
    ['experiments/create', 400, 'INVALID_PARAMETER_VALUE', () => ({ name: '' })],
    ['experiments/create', 400, 'INVALID_PARAMETER_VALUE', () => ({ name: 5 })],
    ['experiments/create', 400, 'RESOURCE_ALREADY_EXISTS', () => ({ name: 'errors' })],
    [
      'experiments/create',
      400,
      'RESOURCE_ALREADY_EXISTS',
      () => ({ name: 'twice', tags: [pair('a'), pair('a', '2')] }),
    ],
    ['experiments/create', 400, 'INVALID_PARAMETER_VALUE', () => ({ name: 'x', tags: [pair('a/../b')] })],
    // What MLflow looks at first decides, where two things are wrong.
    [
      'experiments/create',
      400,
      'INVALID_PARAMETER_VALUE',
      () => ({ name: 'twice', tags: [pair('a'), pair('a'), pair('..')] }),
    ],
    [
      'runs/create',
      400,
      'INVALID_PARAMETER_VALUE',
      () => ({ experiment_id: deletedId, tags: [pair('a'), pair('a')] }),
    ],
    [
      'runs/create',
      404,
      'RESOURCE_DOES_NOT_EXIST',
      () => ({ experiment_id: '-1', tags: [pair('a'), pair('a')] }),
    ],
    [
      'logged-models',
      400,
      'INVALID_PARAMETER_VALUE',
      () => ({ experiment_id: experimentId, name: 'a/b', tags: [pair('a'), pair('a')] }),
    ],
    ['logged-models/m-1/params', 404, 'RESOURCE_DOES_NOT_EXIST', () => ({ params: [pair('a'), pair('a')] })],
    // A list is a list, and a field has one spelling.
    ['experiments/search', 400, 'INVALID_PARAMETER_VALUE', () => ({ max_results: 1, order_by: 'name' })],
    [
      'experiments/update',
      400,
      'INVALID_PARAMETER_VALUE',
      () => ({ experiment_id: experimentId, experimentId, new_name: 'other' }),
    ],
    ['experiments/update', 500, 'INVALID_STATE', () => ({ experiment_id: deletedId, new_name: 'x' })],
    ['experiments/update', 400, 'BAD_REQUEST', () => ({ experiment_id: experimentId, new_name: 'Default' })],
    [
      'experiments/set-experiment-tag',
      400,
      'INVALID_PARAMETER_VALUE',
      () => ({ experiment_id: deletedId, key: 'a' }),
    ],
    ['experiments/restore', 404, 'RESOURCE_DOES_NOT_EXIST', () => ({ experiment_id: experimentId })],
    ['experiments/search', 400, 'INVALID_PARAMETER_VALUE', () => ({})],
    ['runs/create', 400, 'BAD_REQUEST', () => ({})],
    [
      'runs/create',
      400,
      'BAD_REQUEST',
      () => ({ experiment_id: experimentId, tags: [pair('a'), pair('a')] }),
    ],
    ['runs/create', 400, 'INVALID_PARAMETER_VALUE', () => ({ experiment_id: deletedId })],
    ['runs/create', 404, 'RESOURCE_DOES_NOT_EXIST', () => ({ experiment_id: '-1' })],
    ['runs/update', 400, 'INVALID_PARAMETER_VALUE', () => batch({ status: 99 })],
    ['runs/log-parameter', 400, 'INVALID_PARAMETER_VALUE', () => batch({ key: 'p', value: '2' })],
    ['runs/delete-tag', 404, 'RESOURCE_DOES_NOT_EXIST', () => batch({ key: 'never set' })],
    ['runs/log-metric', 400, 'BAD_REQUEST', () => batch(point({ model_id: 'm-1' }))],
    ['runs/log-metric', 400, 'INVALID_PARAMETER_VALUE', () => batch(point({ timestamp: -1 }))],
    ['runs/log-metric', 404, 'RESOURCE_DOES_NOT_EXIST', () => ({ run_id: absent, ...point({}) })],
    ['runs/log-batch', 400, 'INVALID_PARAMETER_VALUE', () => ({ run_id: '../x' })],
    ['runs/log-batch', 400, 'INVALID_PARAMETER_VALUE', () => batch({ params: [pair('same'), pair('same')] })],
    [
      'runs/log-batch',
      400,
      'INVALID_PARAMETER_VALUE',
      () => batch({ metrics: Array.from({ length: 1_001 }, (_, step) => point({ step })) }),
    ],
    [
      'runs/log-batch',
      400,
      'INVALID_PARAMETER_VALUE',
      () => batch({ tags: Array.from({ length: 101 }, (_, i) => pair(`t${i}`)) }),
    ],
    ['runs/outputs', 400, 'INVALID_PARAMETER_VALUE', () => batch({})],
    ['runs/log-model', 400, 'INVALID_PARAMETER_VALUE', () => batch({ model_json: '{}' })],
    [
      'logged-models',
      400,
      'BAD_REQUEST',
      () => ({ experiment_id: experimentId, params: [pair('a'), pair('a')] }),
    ],
    ['logged-models', 400, 'INVALID_PARAMETER_VALUE', () => ({ experiment_id: experimentId, name: 'a.b' })],
  ])('%s: %i %s (case %#)', async (path, status, code, body) => {
    const answer = await server.post(path, body());
    expect([answer.status, answer.body.error_code]).toEqual([status, code]);
    expect(answer.body.message).not.toBe('');
  });

  it.each([
    'http://host/a?b=../c',
    'http://host/a#b',
    's3://bucket/a?b=%252e%252e/c',
    's3://bucket/a#b',
    'ftp://host/a',
    'mlflow-artifacts://host/a',
    'runs:/abc/model',
    '/a;b',
    `s3://b/${'x'.repeat(2_100)}`,
  ])('the artifact location %s is refused', async (location) => {
    const answer = await server.post('experiments/create', {
      name: `at ${location}`,
      artifact_location: location,
    });
    expect([answer.status, answer.body.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(answer.body.message.length).toBeLessThan(4_000);
  });

  it.each([
    's3://bucket/a',
    'mlflow-artifacts:/a/../../b',
    'gopher://a/b',
    '/etc',
    'dbfs:/a/%2e%2e/b',
    's3://b/a;c',
  ])('the artifact location %s is kept as it is', async (location) => {
    const { body } = await server.post('experiments/create', {
      name: `at ${location}`,
      artifact_location: location,
    });
    const read = await server.get(`experiments/get?experiment_id=${body.experiment_id}`);
    expect(read.body.experiment.artifact_location).toBe(location);
  });
});

describe('requests', () => {
  it('take numbers as text, older names, and fields that nobody knows', async () => {
    const point = { run_uuid: runId, key: 'as text', value: '1.5', timestamp: '7', step: '3', colour: 'red' };
    expect((await server.post('runs/log-metric', point)).body).toEqual({});
    const { run } = (await server.get(`runs/get?run_uuid=${runId}`)).body;
    expect(run.data.metrics).toContainEqual({ key: 'as text', value: 1.5, timestamp: 7, step: 3 });
    expect(run.info.run_uuid).toBe(runId);
  });

  it('undo all of a batch of which a point is refused', async () => {
    const metrics = [point({ key: 'whole' }), point({ key: 'stray', model_id: 'm-1' })];
    expect((await server.post('runs/log-batch', batch({ metrics }))).status).toBe(400);
    const { run } = (await server.get(`runs/get?run_id=${runId}`)).body;
    const keys = run.data.metrics.map((metric: { key: string }) => metric.key);
    expect(keys).not.toContain('whole');
    expect(keys).not.toContain('stray');
  });

  it('keep the name of a run that is given an empty one', async () => {
    const before = (await server.get(`runs/get?run_id=${runId}`)).body.run.info.run_name;
    await server.post('runs/update', batch({ run_name: '' }));
    await server.post('runs/set-tag', batch({ key: 'mlflow.runName', value: '' }));
    const { run } = (await server.get(`runs/get?run_id=${runId}`)).body;
    expect(run.info.run_name).toBe(before);
    expect(run.data.tags).toContainEqual({ key: 'mlflow.runName', value: before });
  });

  it('find a tag of a model by its key in the path, whatever is in it', async () => {
    const created = await server.post('logged-models', {
      experiment_id: experimentId,
      tags: [pair('a b.c:é')],
    });
    const path = `logged-models/${created.body.model.info.model_id}`;
    expect((await server.send('DELETE', `${path}/tags/${encodeURIComponent('a b.c:é')}`, '{}')).status).toBe(
      200,
    );
    expect((await server.get(path)).body.model.info.tags).toBeUndefined();
  });

  it('get whole histories of several runs, and no traces', async () => {
    const { body } = await server.get(`metrics/get-history-bulk?run_id=${runId}&metric_key=as+text`);
    expect(body.metrics).toEqual([{ key: 'as text', value: 1.5, timestamp: 7, step: 3, run_id: runId }]);
    expect((await server.get('traces?experiment_ids=0')).body).toEqual({});
  });
});

describe('the model that log-model adds to its tag', () => {
  const log = async (flavors: string, runOf = runId) => {
    const text = `{"artifact_path":"m","utc_time_created":"now","run_id":"r","flavors":${flavors}}`;
    return server.post('runs/log-model', { run_id: runOf, model_json: text });
  };
  const nested = (depth: number) => `{"f":{"a":${'['.repeat(depth - 3)}${']'.repeat(depth - 3)}}}`;

  it('may be as deep as a message, and more may follow it', async () => {
    expect((await log(nested(64))).status).toBe(200);
    expect((await log('{}')).status).toBe(200);
  });

  it.each([
    ['nested 65 deep', nested(65), 'model_json is nested deeper than 64'],
    ['nested 20,000 deep', nested(20_000), 'model_json is nested deeper than 64'],
    [
      'of many parts',
      `{"f":{"config":[${'[],'.repeat(100_000)}0]}}`,
      'model_json has more than 100000 parts',
    ],
    ['of 8,000 characters', JSON.stringify({ f: 'x'.repeat(8_000) }), 'at most 8000 characters'],
  ])('is refused with 400 when it is %s', async (_, flavors, message) => {
    const answer = await log(flavors);
    expect([answer.status, answer.body.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(answer.body.message).toContain(message);
  });

  it('may be longer by what the tag leaves out', async () => {
    expect((await log(JSON.stringify({ f: { config: 'x'.repeat(8_000) } }))).status).toBe(200);
  });

  it('is refused with 400 when the tag was set to lists 4,000 deep', async () => {
    const { run } = (await server.post('runs/create', { experiment_id: experimentId })).body;
    const value = '['.repeat(4_000) + ']'.repeat(4_000);
    const tag = { run_id: run.info.run_id, key: 'mlflow.log-model.history', value };
    expect((await server.post('runs/set-tag', tag)).status).toBe(200);
    const answer = await log('{}', run.info.run_id);
    expect([answer.status, answer.body.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(answer.body.message).toContain('tag mlflow.log-model.history is nested deeper than 65');
  });
});
