import { type Expected, get, post } from '../case.js';

const long = (length: number) => 'x'.repeat(length);
const nobody = '00000000000000000000000000000000';
const dataset = (over: object = {}) => ({
  name: 'rows',
  digest: 'd1',
  source_type: 'local',
  source: '{"uri":"/x"}',
  ...over,
});
const context = (value: string) => [{ key: 'mlflow.data.context', value }];

const DATASETS = '/ajax-api/2.0/mlflow/experiments/search-datasets';
const misspelt = (api: string, json: object, ours: Expected) =>
  post(`${api}/2.0mlflow/experiments/search-datasets`, json, {
    differs: { id: 'search-datasets-path', ours },
  });

/** Datasets a run took in, models it took in or gave out, and the list of an experiment's datasets. */
export const inputsAndOutputs = [
  post('experiments/create', { name: 'inputs' }, { keep: { e: 'experiment_id' } }),
  post('experiments/create', { name: 'inputs none' }, { keep: { none: 'experiment_id' } }),
  post(
    'runs/create',
    { experiment_id: '{{e}}', start_time: 1, run_name: 'a' },
    { keep: { a: 'run.info.run_id' } },
  ),
  post(
    'runs/create',
    { experiment_id: '{{e}}', start_time: 2, run_name: 'b' },
    { keep: { b: 'run.info.run_id' } },
  ),
  post(
    'logged-models',
    { experiment_id: '{{e}}', name: 'lm', source_run_id: '{{a}}' },
    { keep: { model: 'model.info.model_id' } },
  ),
  post('logged-models', { experiment_id: '{{e}}', name: 'lm2' }, { keep: { model2: 'model.info.model_id' } }),

  post('runs/log-inputs', { run_id: '{{a}}', datasets: [{ dataset: dataset(), tags: context('training') }] }),
  post('runs/log-inputs', {
    run_id: '{{a}}',
    datasets: [{ dataset: dataset({ schema: '{"a":1}', profile: '{"rows":3}' }), tags: context('other') }],
  }),
  post('runs/log-inputs', {
    run_id: '{{a}}',
    datasets: [
      {
        dataset: dataset({ name: 'full', schema: '{"a":1}', profile: '{"rows":3}' }),
        tags: [...context('eval'), { key: 'k', value: 'v' }],
      },
    ],
  }),
  post('runs/log-inputs', { run_id: '{{a}}', datasets: [{ dataset: dataset({ name: 'untagged' }) }] }),
  post('runs/log-inputs', {
    run_id: '{{b}}',
    datasets: [{ dataset: dataset(), tags: context('testing') }, { dataset: dataset({ digest: 'd2' }) }],
  }),
  post('runs/log-inputs', { run_id: '{{b}}', models: [{ model_id: '{{model}}' }] }),
  post('runs/log-inputs', { run_id: '{{b}}', datasets: [], models: [] }),
  get('runs/get', { run_id: '{{a}}' }),
  get('runs/get', { run_id: '{{b}}' }),
  post('runs/log-inputs', { run_id: '{{b}}' }),
  post('runs/log-inputs', {}),
  post('runs/log-inputs', { datasets: [{ dataset: dataset() }] }),
  post('runs/log-inputs', { run_id: nobody, datasets: [{ dataset: dataset() }] }),
  post('runs/log-inputs', { run_id: '{{a}}', datasets: 'rows' }),
  post('runs/log-inputs', { run_id: '{{a}}', datasets: [{}] }),
  post('runs/log-inputs', { run_id: '{{a}}', datasets: [{ dataset: {} }] }),
  post('runs/log-inputs', { run_id: '{{a}}', datasets: [{ dataset: dataset({ name: undefined }) }] }),
  post('runs/log-inputs', { run_id: '{{a}}', datasets: [{ dataset: dataset({ name: '' }) }] }),
  post('runs/log-inputs', { run_id: '{{a}}', datasets: [{ dataset: dataset({ digest: undefined }) }] }),
  post('runs/log-inputs', { run_id: '{{a}}', datasets: [{ dataset: dataset({ source: undefined }) }] }),
  post('runs/log-inputs', { run_id: '{{a}}', datasets: [{ dataset: dataset({ source_type: undefined }) }] }),
  post('runs/log-inputs', { run_id: '{{a}}', datasets: [{ dataset: dataset({ name: long(501) }) }] }),
  post('runs/log-inputs', { run_id: '{{a}}', datasets: [{ dataset: dataset({ digest: long(37) }) }] }),
  post('runs/log-inputs', {
    run_id: '{{a}}',
    datasets: [{ dataset: dataset({ name: 'big schema', schema: long(1_048_576) }) }],
  }),
  post('runs/log-inputs', {
    run_id: '{{a}}',
    datasets: [{ dataset: dataset({ name: 'tagged badly' }), tags: [{ value: 'x' }] }],
  }),
  post('runs/log-inputs', {
    run_id: '{{a}}',
    datasets: [{ dataset: dataset({ name: 'tagged badly' }), tags: [{ key: 'x' }] }],
  }),
  post('runs/log-inputs', {
    run_id: '{{a}}',
    datasets: [{ dataset: dataset({ name: 'tagged long' }), tags: [{ key: long(256), value: 'x' }] }],
  }),
  post('runs/log-inputs', {
    run_id: '{{a}}',
    datasets: [{ dataset: dataset({ name: 'tagged long' }), tags: [{ key: 'x', value: long(501) }] }],
  }),
  post('runs/log-inputs', {
    run_id: '{{a}}',
    datasets: [
      { dataset: dataset({ name: 'twice' }), tags: context('a') },
      { dataset: dataset({ name: 'twice' }), tags: context('b') },
    ],
  }),
  post('runs/log-inputs', { run_id: '{{a}}', models: [{}] }),
  post('runs/log-inputs', { run_id: '{{a}}', models: [{ model_id: 'm-unknown' }] }),
  post('runs/log-inputs', { run_id: '{{a}}', models: 'm' }),
  get('runs/get', { run_id: '{{a}}' }),

  post('runs/outputs', { run_id: '{{a}}', models: [{ model_id: '{{model}}', step: 3 }] }),
  post('runs/outputs', { run_id: '{{a}}', models: [{ model_id: '{{model2}}' }] }),
  post('runs/outputs', { run_id: '{{a}}', models: [{ model_id: '{{model}}', step: 4 }] }),
  post('runs/outputs', { run_id: '{{a}}', models: [{ model_id: 'm-unknown', step: 0 }] }),
  post('runs/outputs', { run_id: '{{a}}', models: [{ step: 0 }] }),
  post('runs/outputs', { run_id: '{{a}}', models: [] }),
  post('runs/outputs', { run_id: '{{a}}', models: 'x' }),
  post('runs/outputs', { run_id: '{{a}}' }),
  post('runs/outputs', { models: [{ model_id: '{{model}}', step: 0 }] }),
  post('runs/outputs', { run_id: nobody, models: [{ model_id: '{{model}}', step: 0 }] }),
  get('runs/get', { run_id: '{{a}}' }),
  get('logged-models/{{model}}', {}, { endpoint: 'GET /api/2.0/mlflow/logged-models/<model_id>' }),

  post('runs/log-model', {
    run_id: '{{a}}',
    model_json: JSON.stringify({
      artifact_path: 'model',
      flavors: { python_function: {} },
      utc_time_created: '2026-01-01 00:00:00',
      run_id: 'x',
    }),
  }),
  post('runs/log-model', {
    run_id: '{{a}}',
    model_json: JSON.stringify({
      artifact_path: 'second',
      flavors: {},
      utc_time_created: '2026-01-01 00:00:01',
      run_id: 'x',
    }),
  }),
  post('runs/log-model', { run_id: '{{a}}', model_json: '{}' }),
  post('runs/log-model', { run_id: '{{a}}', model_json: 'not json' }),
  post('runs/log-model', { run_id: '{{a}}', model_json: '[]' }),
  post('runs/log-model', { run_id: '{{a}}' }),
  post('runs/log-model', { model_json: '{}' }),
  post('runs/log-model', {
    run_id: nobody,
    model_json: JSON.stringify({ artifact_path: 'model', flavors: {}, utc_time_created: 'x', run_id: 'x' }),
  }),
  get('runs/get', { run_id: '{{a}}' }),

  ...['/api', '/ajax-api'].flatMap((api) => [
    misspelt(api, { experiment_ids: ['{{e}}'] }, { status: 200 }),
    ...[{ experiment_ids: [] }, {}, { experiment_ids: ['abc'] }].map((body) =>
      misspelt(api, body, { status: 400, errorCode: 'INVALID_PARAMETER_VALUE' }),
    ),
  ]),
  post(DATASETS, { experiment_ids: ['{{e}}'] }),
  post(DATASETS, { experiment_ids: ['{{e}}', '{{none}}'] }),
  post(DATASETS, { experiment_ids: ['{{none}}'] }),
  post(DATASETS, { experiment_ids: ['999999'] }),
  post(DATASETS, { experiment_ids: [] }),
  post(DATASETS, {}),
  post(DATASETS, { experiment_ids: 'x' }),
  post(DATASETS, { experiment_ids: ['abc'] }),
  post(DATASETS, { experiment_ids: Array.from({ length: 21 }, (_, i) => String(i)) }),
  post(DATASETS, undefined, {
    text: '{"experiment_ids":["1"]}',
    headers: { 'content-type': 'text/plain' },
  }),
];
