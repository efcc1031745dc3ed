import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistryStore } from '#src/register/index.js';
import { type RunningServer, startServer } from '#src/server/index.js';
import { type OpenedTrackingStore, openTrackingStore } from '#src/track/index.js';
import { scratch } from '../../support/cli.js';

// What MLflow 3.17.2 answers to the same calls was seen on its server: the words of its messages aside, these are its
// answers.
const { folder, remove } = scratch();
const uri = `sqlite:///${folder}/phantomnet.db`;
let server: RunningServer;
let tracking: OpenedTrackingStore;
let closeAll: () => Promise<void>;
let run = '';
let root = '';
let model = '';
let modelRoot = '';

beforeAll(async () => {
  tracking = await openTrackingStore({ uri, artifactRootUri: 'mlflow-artifacts:', env: {} });
  const registry = await openRegistryStore({ uri, env: {} });
  server = await startServer({ tracking, registry, port: 0, env: {} });
  closeAll = async () => {
    await server.stop();
    await registry.close();
    await tracking.close();
  };
  const { experimentId } = await tracking.createExperiment('registry routes');
  const made = await tracking.createRun({ experimentId });
  run = made.info.runId;
  root = made.info.artifactUri;
  const logged = await tracking.createLoggedModel({ experimentId, name: 'lm', sourceRunId: run });
  model = logged.modelId;
  modelRoot = logged.artifactUri;
  await post('registered-models/create', { name: 'mv' });
  await post('model-versions/create', { name: 'mv', source: 's3://bucket/m' });
});

afterAll(async () => {
  await closeAll();
  remove();
});

// biome-ignore lint/suspicious/noExplicitAny: tests assert the shape themselves
type Answer = { readonly status: number; readonly body: any };

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${server.uri}/api/2.0/mlflow/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: await response.json() };
}

const post = (path: string, body: unknown) => call('POST', path, body);
const create = (request: object) => post('model-versions/create', { name: 'mv', ...request });
const times = { creation_timestamp: expect.any(Number), last_updated_timestamp: expect.any(Number) };

describe('registered models on the wire', () => {
  it('leaves out what is empty', async () => {
    const created = await post('registered-models/create', { name: 'bare' });
    expect(created).toEqual({ status: 200, body: { registered_model: { name: 'bare', ...times } } });
    expect((await post('registered-models/get-latest-versions', { name: 'bare' })).body).toEqual({});
    const updated = await call('PATCH', 'registered-models/update', { name: 'bare' });
    expect(updated.body).toEqual({ registered_model: { name: 'bare', ...times } });
  });

  it('takes tags without values, the last of a key, and null for nothing', async () => {
    const tags = [{ key: 'a' }, { key: 'b', value: '1' }, { key: 'b', value: '2' }];
    const { body } = await post('registered-models/create', { name: 'tagged', description: null, tags });
    expect(body.registered_model.tags).toEqual([
      { key: 'a', value: '' },
      { key: 'b', value: '2' },
    ]);
  });

  it.each([
    [{}, 400, 'INVALID_PARAMETER_VALUE'],
    [{ name: '' }, 400, 'INVALID_PARAMETER_VALUE'],
    [{ name: '  ' }, 400, 'INVALID_PARAMETER_VALUE'],
    [{ name: 7 }, 400, 'INVALID_PARAMETER_VALUE'],
    [{ name: '..' }, 400, 'INVALID_PARAMETER_VALUE'],
    [{ name: 'a/b' }, 400, 'INVALID_PARAMETER_VALUE'],
    [{ name: 'x', tags: {} }, 400, 'INVALID_PARAMETER_VALUE'],
    [{ name: 'x', tags: [{ value: 'x' }] }, 400, 'INVALID_PARAMETER_VALUE'],
    [{ name: 'mv' }, 400, 'RESOURCE_ALREADY_EXISTS'],
  ])('answers a bad creation %j', async (request, status, code) => {
    const answer = await post('registered-models/create', request);
    expect([answer.status, answer.body.error_code]).toEqual([status, code]);
  });

  it('lists the newest version of each stage by its oldest, without aliases', async () => {
    await post('registered-models/create', { name: 'staged' });
    for (const stage of ['Staging', 'production', 'NONE', 'Staging']) {
      const { body } = await post('model-versions/create', { name: 'staged', source: 's3://bucket/m' });
      const { version } = body.model_version;
      await post('model-versions/transition-stage', { name: 'staged', version, stage });
    }
    await post('registered-models/alias', { name: 'staged', alias: 'champion', version: '4' });
    const { body } = await call('GET', 'registered-models/get?name=staged');
    const found = body.registered_model;
    expect(found.aliases).toEqual([{ alias: 'champion', version: '4' }]);
    const versions = found.latest_versions.map((v: Record<string, unknown>) => [
      v['version'],
      v['current_stage'],
      v['aliases'],
    ]);
    expect(versions).toEqual([
      ['4', 'Staging', undefined],
      ['2', 'Production', undefined],
      ['3', 'None', undefined],
    ]);
    const one = await call('GET', 'registered-models/get-latest-versions?name=staged&stages=staging');
    expect(one.body.model_versions).toHaveLength(1);
    expect(one.body.model_versions[0].aliases).toEqual(['champion']);
    const bad = await post('registered-models/get-latest-versions', { name: 'staged', stages: 'Staging' });
    expect(bad.body.error_code).toBe('INVALID_PARAMETER_VALUE');
  });

  it('calls an alias that is not there a bad parameter', async () => {
    const missing = await call('GET', 'registered-models/alias?name=mv&alias=nobody');
    expect([missing.status, missing.body.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    const latest = await call('GET', 'registered-models/alias?name=mv&alias=Latest');
    expect(latest.body.model_version.version).toBe('1');
    await post('registered-models/create', { name: 'empty' });
    const none = await call('GET', 'registered-models/alias?name=empty&alias=latest');
    expect([none.status, none.body.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });
});

describe('versions on the wire', () => {
  it('has every field of a version that was made with nothing', async () => {
    expect((await call('GET', 'model-versions/get?name=mv&version=01')).body.model_version).toEqual({
      name: 'mv',
      version: '1',
      ...times,
      current_stage: 'None',
      description: '',
      source: 's3://bucket/m',
      run_id: '',
      run_link: '',
      status: 'READY',
    });
  });

  it('leaves a description out once it was taken away', async () => {
    await create({ source: 's3://bucket/m', description: 'first' });
    const changed = await call('PATCH', 'model-versions/update', { name: 'mv', version: '2' });
    expect(changed.body.model_version).not.toHaveProperty('description');
  });

  it('notes on a logged model what it is registered as, as MLflow writes it', async () => {
    const { body } = await create({ source: `models:/${model}`, model_id: model });
    expect(body.model_version).toMatchObject({ run_id: run, source: `models:/${model}` });
    const { version } = body.model_version;
    const { tags } = await tracking.getLoggedModel(model);
    expect(tags['mlflow.modelVersions']).toBe(`[{"name": "mv", "version": ${version}}]`);
    const where = await call('GET', `model-versions/get-download-uri?name=mv&version=${version}`);
    expect(where.body).toEqual({ artifact_uri: modelRoot });
  });

  const absent = '0'.repeat(32);
  it.each([
    ['an object store', () => ({ source: 's3://bucket/a//b' })],
    ['any other scheme that names no host', () => ({ source: 'gopher://x/y' })],
    ['a folder of the run', () => ({ source: `${root}/model`, run_id: run })],
    ['the run by its id', () => ({ source: `runs:/${run}/model`, run_id: run })],
    ['a run that nobody looks up', () => ({ source: `runs:/${absent}/model`, run_id: absent })],
    ['a folder of the logged model', () => ({ source: modelRoot, model_id: model })],
    ['another version', () => ({ source: 'models:/mv/1' })],
    ['an empty model id', () => ({ source: 's3://bucket/m', model_id: '' })],
    [
      'a prompt',
      () => ({ source: 'dummy-source', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] }),
    ],
  ])('takes as source %s', async (_, request) => {
    expect((await create(request())).status).toBe(200);
  });

  it.each([
    ['a path', () => ({ source: '/etc/passwd' }), 400],
    ['a path with a run', () => ({ source: '/etc/passwd', run_id: run }), 400],
    ['a relative path', () => ({ source: './x', run_id: run }), 400],
    ['a file', () => ({ source: 'file:///etc', run_id: run }), 400],
    ['a file of another host', () => ({ source: 'file://elsewhere/etc', run_id: run }), 500],
    ['a drive', () => ({ source: 'C:\\windows' }), 400],
    ['a host', () => ({ source: 'http://host/path' }), 400],
    ['a host with a secret', () => ({ source: 'ftp://user:secret@host/path' }), 400],
    ['another artifact server', () => ({ source: `mlflow-artifacts://host/${run}`, run_id: run }), 400],
    ['.. in a path', () => ({ source: `${root}/../../x`, run_id: run }), 400],
    ['hidden ..', () => ({ source: 's3://bucket/a/%252e%252e/b' }), 400],
    ['a bucket alone', () => ({ source: 's3://bucket/' }), 400],
    ['a run that is not named', () => ({ source: `runs:/${run}/model` }), 400],
    ['another run', () => ({ source: `runs:/${run}/model`, run_id: absent }), 400],
    ['files of a run that is not named', () => ({ source: `${root}/model` }), 400],
    ['files of no run', () => ({ source: 'mlflow-artifacts:/1/other/m', run_id: run }), 400],
    ['a logged model that is not named', () => ({ source: `models:/${model}` }), 400],
    ['no model', () => ({ source: 'models:/' }), 400],
    [
      'a logged model that is not there',
      () => ({ source: `models:/m-${absent}`, model_id: `m-${absent}` }),
      500,
    ],
    [
      'a logged model beside it that is not there',
      () => ({ source: 's3://b/m', model_id: `m-${absent}` }),
      404,
    ],
    ['a version that is not there', () => ({ source: 'models:/mv/99' }), 404],
    ['a version of another run', () => ({ source: 'models:/mv/1', run_id: run }), 400],
    ['an empty stage', () => ({ source: 'models:/mv/Archived' }), 500],
    ['an alias that is not there', () => ({ source: 'models:/mv@nobody' }), 400],
    ['nothing', () => ({ source: '' }), 400],
    ['more than any address has', () => ({ source: `s3://bucket/${'%25'.repeat(100_000)}` }), 400],
    [
      'a file of a prompt',
      () => ({ source: 's3://b/m', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'True' }] }),
      400,
    ],
  ])('refuses as source %s', async (_, request, status) => {
    const answer = await create(request());
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  });

  it('makes an address by alias or stage exact', async () => {
    await post('registered-models/alias', { name: 'mv', alias: 'first', version: '1' });
    expect((await create({ source: 'models:/mv@first' })).body.model_version.source).toBe('models:/mv/1');
    await post('model-versions/transition-stage', { name: 'mv', version: '1', stage: 'Staging' });
    expect((await create({ source: 'models:/mv/staging' })).body.model_version.source).toBe('models:/mv/1');
  });

  it.each(['abc', '1.0', '1e1', '', '99999999999999999999'])(
    'calls version %j no version',
    async (version) => {
      const { status } = await call('GET', `model-versions/get?name=mv&version=${version}`);
      expect(status).toBe(400);
    },
  );

  it.each(['0', '-1', '999'])('finds no version %s', async (version) => {
    const { status, body } = await call('GET', `model-versions/get?name=mv&version=${version}`);
    expect([status, body.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });

  it('archives only on the way to Staging and Production', async () => {
    const change = { name: 'mv', version: '1', archive_existing_versions: true };
    const refused = await post('model-versions/transition-stage', { ...change, stage: 'Archived' });
    expect([refused.status, refused.body.error_code]).toEqual([500, 'INTERNAL_ERROR']);
    const word = { ...change, stage: 'Staging', archive_existing_versions: 'true' };
    expect((await post('model-versions/transition-stage', word)).status).toBe(400);
  });

  it('finds versions page by page, without aliases', async () => {
    const first = await call('GET', "model-versions/search?filter=name='staged'&max_results=3");
    expect(first.body.model_versions).toHaveLength(3);
    expect(first.body.model_versions[0]).not.toHaveProperty('aliases');
    const token = encodeURIComponent(first.body.next_page_token);
    const last = await call(
      'GET',
      `model-versions/search?filter=name='staged'&max_results=3&page_token=${token}`,
    );
    expect(last.body.model_versions).toHaveLength(1);
    expect(last.body).not.toHaveProperty('next_page_token');
    const models = await call('GET', "registered-models/search?filter=name='staged'&order_by=name DESC");
    expect(models.body.registered_models[0].latest_versions).toHaveLength(3);
    expect((await call('GET', 'model-versions/search?max_results=0')).status).toBe(400);
  });
});
