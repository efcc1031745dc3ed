import { del, get, patch, post, put, type Step, unreadable } from '../case.js';

const long = (length: number) => 'x'.repeat(length);
const nobody = 'm-00000000000000000000000000000000';
const ONE = '/api/2.0/mlflow/logged-models/<model_id>';
const at = (method: string, rest = '') => ({ endpoint: `${method} ${ONE}${rest}` });
const one = (id: string, query?: Record<string, string>) => get(`logged-models/${id}`, query, at('GET'));
const finalize = (id: string, json: unknown) => patch(`logged-models/${id}`, json, at('PATCH'));
const remove = (id: string) => del(`logged-models/${id}`, undefined, at('DELETE'));
const setTags = (id: string, json: unknown) => patch(`logged-models/${id}/tags`, json, at('PATCH', '/tags'));
const deleteTag = (id: string, key: string) =>
  del(`logged-models/${id}/tags/${key}`, undefined, at('DELETE', '/tags/<tag_key>'));
const logParams = (id: string, json: unknown) =>
  post(`logged-models/${id}/params`, json, at('POST', '/params'));
const list = (id: string, query?: Record<string, string>) =>
  get(`logged-models/${id}/artifacts/directories`, query, at('GET', '/artifacts/directories'));
const FILES = '/ajax-api/2.0/mlflow/logged-models/<model_id>/artifacts/files';
const file = (id: string, query?: Record<string, string>) =>
  get(`/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files`, query, { endpoint: `GET ${FILES}` });

/** Names another model in its body than in its path, or none. */
const ofPath = (step: Step): Step => ({ ...step, differs: { id: 'id-of-path', ours: { status: 200 } } });

/** Logged models: their life, params, tags, files. (Their search is with the searches.) */
export const loggedModels = [
  post('experiments/create', { name: 'logged models' }, { keep: { e: 'experiment_id' } }),
  post('experiments/create', { name: 'logged models gone' }, { keep: { gone: 'experiment_id' } }),
  post('experiments/delete', { experiment_id: '{{gone}}' }),
  post(
    'runs/create',
    { experiment_id: '{{e}}', start_time: 1, run_name: 'a' },
    { keep: { run: 'run.info.run_id' } },
  ),
  post('logged-models', { experiment_id: '{{e}}', name: 'first' }, { keep: { a: 'model.info.model_id' } }),
  post(
    'logged-models',
    {
      experiment_id: '{{e}}',
      name: 'full',
      model_type: 'Agent',
      source_run_id: '{{run}}',
      params: [
        { key: 'p', value: '1' },
        { key: 'empty', value: '' },
      ],
      tags: [
        { key: 't', value: '1' },
        { key: 'empty', value: '' },
      ],
    },
    { keep: { b: 'model.info.model_id' } },
  ),
  post('logged-models', { experiment_id: '{{e}}' }, { keep: { nameless: 'model.info.model_id' } }),
  post('logged-models', { experiment_id: '{{e}}', name: 'odd' }, { keep: { odd: 'model.info.model_id' } }),
  post(
    'logged-models',
    { experiment_id: '{{e}}', name: 'odder' },
    { keep: { odder: 'model.info.model_id' } },
  ),
  post('logged-models', { experiment_id: '{{e}}', name: '' }),
  post('logged-models', { experiment_id: '{{e}}', name: 'first' }),
  post('logged-models', { experiment_id: '{{e}}', name: 'with/slash' }),
  post('logged-models', { experiment_id: '{{e}}', name: 'with:colon' }),
  post('logged-models', { experiment_id: '{{e}}', name: 'with.dot' }),
  post('logged-models', { experiment_id: '{{e}}', name: 'with%percent' }),
  post('logged-models', { experiment_id: '{{e}}', name: 'q"q' }),
  post('logged-models', { experiment_id: '{{e}}', name: "q'q" }),
  post('logged-models', { experiment_id: '{{e}}', name: ' ' }),
  post('logged-models', { experiment_id: '{{e}}', name: 'ü 日本' }),
  post('logged-models', { experiment_id: '{{e}}', name: long(501) }),
  post('logged-models', { experiment_id: '{{e}}', name: 5 }),
  post('logged-models', { experiment_id: '{{e}}', name: 'x', model_type: 5 }),
  post('logged-models', {
    experiment_id: '{{e}}',
    name: 'unknown run',
    source_run_id: '00000000000000000000000000000000',
  }),
  post('logged-models', { experiment_id: '{{e}}', name: 'bad run', source_run_id: '../x' }),
  post('logged-models', { experiment_id: '{{e}}', name: 'typed', model_type: long(501) }),
  post('logged-models', { experiment_id: '{{gone}}', name: 'x' }),
  post('logged-models', { experiment_id: '999999', name: 'x' }),
  post('logged-models', { experiment_id: 'abc', name: 'x' }),
  post('logged-models', { experiment_id: '', name: 'x' }),
  post('logged-models', { name: 'x' }),
  post('logged-models', {}),
  post('logged-models', { experiment_id: '{{e}}', name: 'x', params: 'p' }),
  post('logged-models', { experiment_id: '{{e}}', name: 'x', params: [{ value: '1' }] }),
  post('logged-models', { experiment_id: '{{e}}', name: 'x', params: [{ key: 'p' }] }),
  post('logged-models', { experiment_id: '{{e}}', name: 'x', params: [{ key: long(251), value: '1' }] }),
  post('logged-models', {
    experiment_id: '{{e}}',
    name: 'long param',
    params: [{ key: 'p', value: long(6001) }],
  }),
  post('logged-models', {
    experiment_id: '{{e}}',
    name: 'x',
    params: [
      { key: 'p', value: '1' },
      { key: 'p', value: '2' },
    ],
  }),
  post('logged-models', { experiment_id: '{{e}}', name: 'x', tags: [{ value: '1' }] }),
  post('logged-models', { experiment_id: '{{e}}', name: 'x', tags: [{ key: 't' }] }),
  post('logged-models', { experiment_id: '{{e}}', name: 'x', tags: [{ key: long(251), value: '1' }] }),
  post('logged-models', {
    experiment_id: '{{e}}',
    name: 'long tag',
    tags: [{ key: 't', value: long(8001) }],
  }),
  post('logged-models', {
    experiment_id: '{{e}}',
    name: 'x',
    tags: [
      { key: 't', value: '1' },
      { key: 't', value: '2' },
    ],
  }),
  post(
    'logged-models',
    {
      experiment_id: '{{e}}',
      name: 'many params',
      params: Array.from({ length: 120 }, (_, i) => ({ key: `p${i}`, value: '1' })),
    },
    { keep: { many: 'model.info.model_id' } },
  ),
  post('logged-models', undefined, {
    text: '{"experiment_id":"{{e}}"}',
    headers: { 'content-type': 'text/plain' },
  }),

  one('{{a}}'),
  one('{{b}}'),
  one('{{nameless}}'),
  one(nobody),
  one('x'),
  one('%2e%2e'),
  one(`${'m-'}${long(300)}`),

  finalize('{{a}}', { model_id: '{{a}}', status: 'LOGGED_MODEL_READY' }),
  finalize('{{a}}', { model_id: '{{a}}', status: 3 }),
  finalize('{{a}}', { model_id: '{{a}}', status: 'LOGGED_MODEL_PENDING' }),
  finalize('{{a}}', { model_id: '{{a}}', status: 'LOGGED_MODEL_STATUS_UNSPECIFIED' }),
  unreadable(finalize('{{odd}}', { model_id: '{{odd}}', status: 'READY' })),
  unreadable(finalize('{{odd}}', { model_id: '{{odd}}', status: 99 })),
  finalize('{{a}}', { model_id: '{{a}}' }),
  ofPath(finalize('{{odd}}', { status: 'LOGGED_MODEL_READY' })),
  ofPath(finalize('{{odd}}', { model_id: '{{odder}}', status: 'LOGGED_MODEL_READY' })),
  finalize(nobody, { model_id: nobody, status: 'LOGGED_MODEL_READY' }),
  finalize('{{a}}', {}),
  one('{{a}}'),
  one('{{b}}'),

  logParams('{{a}}', { model_id: '{{a}}', params: [{ key: 'new', value: '1' }] }),
  logParams('{{a}}', { model_id: '{{a}}', params: [{ key: 'new', value: '1' }] }),
  logParams('{{a}}', { model_id: '{{a}}', params: [{ key: 'new', value: '2' }] }),
  logParams('{{a}}', { model_id: '{{a}}', params: [] }),
  ofPath(logParams('{{odd}}', { params: [{ key: 'other', value: '1' }] })),
  logParams('{{a}}', { model_id: '{{a}}' }),
  logParams('{{a}}', { model_id: '{{a}}', params: 'x' }),
  logParams('{{a}}', { model_id: '{{a}}', params: [{ value: '1' }] }),
  logParams('{{a}}', { model_id: '{{a}}', params: [{ key: long(251), value: '1' }] }),
  logParams('{{a}}', { model_id: '{{a}}', params: [{ key: 'long', value: long(6001) }] }),
  logParams('{{a}}', { model_id: '{{b}}', params: [{ key: 'crossed', value: '1' }] }),
  logParams(nobody, { model_id: nobody, params: [{ key: 'p', value: '1' }] }),

  setTags('{{a}}', {
    tags: [
      { key: 't', value: '1' },
      { key: 'u', value: 'ü' },
    ],
  }),
  setTags('{{a}}', { tags: [{ key: 't', value: '2' }] }),
  setTags('{{a}}', {
    tags: [
      { key: 'twice', value: '1' },
      { key: 'twice', value: '2' },
    ],
  }),
  setTags('{{a}}', { tags: [] }),
  setTags('{{a}}', {}),
  setTags('{{a}}', { tags: 'x' }),
  setTags('{{a}}', { tags: [{ value: 'x' }] }),
  setTags('{{a}}', { tags: [{ key: 'valueless' }] }),
  setTags('{{a}}', { tags: [{ key: long(251), value: '1' }] }),
  setTags('{{a}}', { tags: [{ key: 'long', value: long(8001) }] }),
  setTags('{{a}}', { tags: [{ key: 'a b/c', value: '1' }] }),
  setTags('x', { tags: [{ key: 't', value: '1' }] }),
  setTags(nobody, { tags: [{ key: 't', value: '1' }] }),
  one('{{a}}'),
  deleteTag('{{a}}', 't'),
  deleteTag('{{a}}', 't'),
  deleteTag('{{a}}', 'never set'.replace(' ', '%20')),
  deleteTag(nobody, 't'),
  deleteTag('{{a}}', 'a%20b/c'),
  one('{{a}}'),

  post('runs/log-metric', {
    run_id: '{{run}}',
    key: 'acc',
    value: 0.5,
    timestamp: 5,
    step: 1,
    model_id: '{{b}}',
    dataset_name: 'd',
    dataset_digest: '1',
  }),
  post('runs/log-metric', {
    run_id: '{{run}}',
    key: 'acc',
    value: 0.75,
    timestamp: 6,
    step: 2,
    model_id: '{{b}}',
  }),
  post('runs/log-batch', {
    run_id: '{{run}}',
    metrics: [
      { key: 'loss', value: 1, timestamp: 1, step: 0, model_id: '{{b}}' },
      { key: 'plain', value: 1, timestamp: 1, step: 0 },
    ],
  }),
  post('runs/create', { experiment_id: '{{e}}', start_time: 2 }, { keep: { torn: 'run.info.run_id' } }),
  post('runs/log-batch', {
    run_id: '{{torn}}',
    metrics: [
      { key: 'plain', value: 1, timestamp: 1, step: 0 },
      { key: 'stray', value: 1, timestamp: 1, step: 0, model_id: nobody },
    ],
  }),
  get('runs/get', { run_id: '{{torn}}' }, { differs: { id: 'whole-batches', ours: { status: 200 } } }),
  post('runs/log-metric', {
    run_id: '{{run}}',
    key: 'stray2',
    value: 0.75,
    timestamp: 6,
    step: 2,
    model_id: nobody,
  }),
  one('{{b}}'),
  get('runs/get', { run_id: '{{run}}' }),
  get('metrics/get-history', { run_id: '{{run}}', metric_key: 'acc' }),

  put('/api/2.0/mlflow-artifacts/artifacts/{{e}}/models/{{a}}/artifacts/MLmodel', 'flavors: {}', {
    endpoint: 'PUT /api/2.0/mlflow-artifacts/artifacts/<path:artifact_path>',
  }),
  put('/api/2.0/mlflow-artifacts/artifacts/{{e}}/models/{{a}}/artifacts/data/deep/a.bin', 'abc', {
    endpoint: 'PUT /api/2.0/mlflow-artifacts/artifacts/<path:artifact_path>',
  }),
  list('{{a}}'),
  list('{{a}}', { artifact_directory_path: 'data' }),
  list('{{a}}', { artifact_directory_path: 'data/deep' }),
  list('{{a}}', { artifact_directory_path: 'MLmodel' }),
  list('{{a}}', { artifact_directory_path: 'nothing' }),
  list('{{a}}', { artifact_directory_path: '' }),
  list('{{a}}', { artifact_directory_path: '../..' }),
  list('{{a}}', { artifact_directory_path: '/etc' }),
  list('{{a}}', { artifact_directory_path: '%2e%2e' }),
  list('{{b}}'),
  list(nobody),
  file('{{a}}', { artifact_file_path: 'MLmodel' }),
  file('{{a}}', { artifact_file_path: 'data/deep/a.bin' }),
  file('{{a}}', { artifact_file_path: 'nothing' }),
  file('{{a}}', { artifact_file_path: 'data' }),
  file('{{a}}', { artifact_file_path: '../../x' }),
  file('{{a}}'),
  file(nobody, { artifact_file_path: 'MLmodel' }),

  remove('{{a}}'),
  one('{{a}}'),
  one('{{a}}', { allow_deleted: 'true' }),
  one('{{a}}', { allow_deleted: 'yes' }),
  remove('{{a}}'),
  remove(nobody),
  remove('x'),
  remove('%2e%2e'),
  finalize('{{a}}', { model_id: '{{a}}', status: 'LOGGED_MODEL_READY' }),
  setTags('{{a}}', { tags: [{ key: 't', value: '1' }] }),
  deleteTag('{{a}}', 'u'),
  logParams('{{a}}', { model_id: '{{a}}', params: [{ key: 'late', value: '1' }] }),
  list('{{a}}'),
];
