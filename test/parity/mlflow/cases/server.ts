import { get, post, type StepOptions, step } from '../case.js';

const INFO = '/api/3.0/mlflow/server-info';
const SEARCH = '/api/3.0/mlflow/traces/search';
const here = { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } };

const versionAsText: StepOptions = {
  differs: { id: 'version-as-text', ours: { status: 200, body: '3.17.2' } },
};
const notThere: StepOptions = {
  differs: { id: 'not-implemented', ours: { status: 501, errorCode: 'NOT_IMPLEMENTED' } },
};
const noTraces: StepOptions = { differs: { id: 'no-traces', ours: { status: 200, body: {} } } };
const info: StepOptions = {
  differs: {
    id: 'server-info',
    ours: {
      status: 200,
      body: {
        store_type: 'SqlStore',
        workspaces_enabled: false,
        trace_archival_enabled: false,
        multipart_uploads_enabled: false,
        multipart_downloads_enabled: false,
        presigned_upload_run_id_supported: false,
        presigned_upload_model_id_supported: false,
        features_enabled: { gateway: false },
      },
    },
  },
};

/** What a server says of itself, its second prefix, routes that are none, and Host and Origin. */
export const server = [
  get('/health'),
  get('/version', undefined, versionAsText),
  get(INFO, undefined, info),
  post(INFO, {}),
  step('PUT', INFO, {}),
  step('DELETE', INFO),
  post('/health', {}),
  step('PUT', '/health', {}),
  step('DELETE', '/health'),
  post('/version', {}),
  step('PUT', '/version', {}),
  step('DELETE', '/version'),
  get('/ajax-api/3.0/mlflow/server-info', undefined, info),
  post('/ajax-api/2.0/mlflow/experiments/create', { name: 'by ajax' }, { keep: { e: 'experiment_id' } }),
  post('/ajax-api/2.0/mlflow/experiments/create', { name: 'by ajax' }),
  get('/ajax-api/2.0/mlflow/experiments/get', { experiment_id: '{{e}}' }),
  get('/ajax-api/2.0/mlflow/experiments/get'),
  post('/ajax-api/2.0/mlflow/runs/search', { experiment_ids: ['{{e}}'] }),
  post('/ajax-api/2.0/mlflow/runs/search', { experiment_ids: 'x' }),
  post(
    '/ajax-api/2.0/mlflow/runs/create',
    { experiment_id: '{{e}}', start_time: 1, run_name: 'a' },
    { keep: { run: 'run.info.run_id' } },
  ),
  post(
    '/ajax-api/2.0/mlflow/logged-models',
    { experiment_id: '{{e}}', name: 'a' },
    { keep: { model: 'model.info.model_id' } },
  ),
  get('/ajax-api/2.0/mlflow/logged-models/{{model}}'),
  get('/ajax-api/2.0/mlflow-artifacts/artifacts', { path: '{{e}}' }),
  get('/ajax-api/2.0/mlflow/registered-models/search', { filter: "name = 'none'" }),

  get('/api/2.0/mlflow/nothing/of/this'),
  post('/api/2.0/mlflow/nothing', {}),
  get('/api/1.0/mlflow/experiments/get', { experiment_id: '0' }),
  get('/api/3.0/mlflow/experiments/get', { experiment_id: '0' }),
  get('/api/2.0/mlflow/experiments/get/', { experiment_id: '0' }),
  get(
    '/api/2.0/mlflow//experiments/get',
    { experiment_id: '0' },
    { differs: { id: 'no-redirects', ours: { status: 404, errorCode: 'ENDPOINT_NOT_FOUND' } } },
  ),
  get('/API/2.0/mlflow/experiments/get', { experiment_id: '0' }),
  get('/nothing'),

  get('experiments/get', { experiment_id: '0' }, { headers: { host: 'evil.example' } }),
  post('experiments/create', { name: 'evil' }, { headers: { host: 'evil.example' } }),
  get('/health', undefined, { headers: { host: 'evil.example' } }),
  get('/version', undefined, { ...versionAsText, headers: { host: 'evil.example' } }),
  get('experiments/get', { experiment_id: '0' }, { headers: { host: 'localhost:1234' } }),
  get('experiments/get', { experiment_id: '0' }, { headers: { host: '127.0.0.1' } }),
  get('experiments/get', { experiment_id: '0' }, { headers: { host: '192.168.1.5:80' } }),
  get('experiments/get', { experiment_id: '0' }, { headers: { host: '10.1.2.3' } }),
  get('experiments/get', { experiment_id: '0' }, { headers: { host: '[::1]:5000' } }),
  get('experiments/get', { experiment_id: '0' }, { headers: { host: '0.0.0.0:5000' } }),
  get('experiments/get', { experiment_id: '0' }, { headers: { host: '8.8.8.8' } }),
  get('experiments/get', { experiment_id: '0' }, { headers: { host: 'localhost.evil.example' } }),
  post('experiments/create', { name: 'cross 1' }, { headers: { origin: 'http://evil.example' } }),
  post('experiments/create', { name: 'cross 2' }, { headers: { origin: 'null' } }),
  post('experiments/create', { name: 'cross 3' }, { headers: { origin: 'http://localhost:3000' } }),
  post('experiments/create', { name: 'cross 4' }, { headers: { origin: 'http://127.0.0.1:3000' } }),
  post('experiments/create', { name: 'cross 5' }, { headers: { origin: 'http://localhost.evil.example' } }),
  post(
    'experiments/create',
    { name: 'cross 6' },
    {
      headers: { origin: '' },
      differs: { id: 'stricter-origin', ours: { status: 403, errorCode: 'PERMISSION_DENIED' } },
    },
  ),
  get('experiments/get', { experiment_id: '0' }, { headers: { origin: 'http://evil.example' } }),
  get('experiments/get', { experiment_id: '0' }, { headers: { origin: 'null' } }),
  step('OPTIONS', 'experiments/create', undefined, {
    headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
  }),
  step('OPTIONS', 'experiments/create', undefined, {
    headers: { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' },
  }),

  post('/graphql', { query: '{ __typename }' }, notThere),
  post('/graphql', {}, notThere),
];

/** The search for traces, which training code does and which finds none. */
export const traces = [
  post('experiments/create', { name: 'traces' }, { keep: { e: 'experiment_id' } }),
  post(SEARCH, { locations: [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '{{e}}' } }] }),
  post(SEARCH, {
    locations: [here],
    max_results: 5,
    order_by: ['timestamp_ms DESC'],
    filter: "status = 'OK'",
  }),
  post(SEARCH, { locations: [] }),
  post(SEARCH, {}),
  post(SEARCH, { locations: 'x' }),
  post(SEARCH, { locations: [here], max_results: 501 }),
  post(SEARCH, { locations: [here], max_results: 'x' }),
  post(SEARCH, { locations: [here], filter: 'rubbish' }, noTraces),
  post(SEARCH, { locations: [here], filter: 5 }),
  post(SEARCH, { locations: [here], order_by: ['nothing'] }, noTraces),
  post(SEARCH, { locations: [here], page_token: 'rubbish' }),
  get('traces', { experiment_ids: '{{e}}' }),
  get('traces', { experiment_ids: '{{e}}', max_results: 5 }),
  get('traces'),
];
