import { del, get, post, put, refused, type StepOptions, step } from '../case.js';

const nobody = '00000000000000000000000000000000';
const PROXY = '/api/2.0/mlflow-artifacts/artifacts';
const proxied = (method: string) => ({ endpoint: `${method} ${PROXY}/<path:artifact_path>` });
const upload = (path: string, text: string | Uint8Array, options = {}) =>
  put(`${PROXY}/${path}`, text, { ...proxied('PUT'), ...options });
const download = (path: string, options = {}) =>
  get(`${PROXY}/${path}`, undefined, { ...proxied('GET'), ...options });
const remove = (path: string, options = {}) =>
  del(`${PROXY}/${path}`, undefined, { ...proxied('DELETE'), ...options });
const list = (query?: Record<string, string>, options = {}) => get(PROXY, query, options);
/** Refused by the guard, where MLflow may take it. */
const guarded: StepOptions = {
  differs: {
    id: 'stricter-paths',
    ours: { status: 400, errorCode: 'INVALID_PARAMETER_VALUE' },
    orEqual: true,
  },
};
const bytes = new Uint8Array([0, 255, 1, 254]);

/** Paths that no route may take, as they stand in an address. */
const HOSTILE = [
  '..',
  '../x',
  'proxy/../../x',
  '%2e%2e/x',
  '%252e%252e/x',
  '%25252e%25252e%25252fx',
  '..%2fx',
  '..%5cx',
  'proxy%5c..%5cx',
  'a%00b',
  '/etc/passwd',
  '%2fetc%2fpasswd',
  'C:/windows/x',
  'C:%5cwindows',
  'file:///etc/passwd',
  'a%23b',
  'a%3Fb',
  './x',
  'proxy/./x',
  'proxy//x',
  'a;b',
  '~/x',
];

/** The artifact proxy, lists of a run's artifacts, and the pages' download routes. */
export const artifacts = [
  post('experiments/create', { name: 'artifacts' }, { keep: { e: 'experiment_id' } }),
  post(
    'experiments/create',
    { name: 'artifacts elsewhere', artifact_location: '/etc' },
    { keep: { etc: 'experiment_id' } },
  ),
  post(
    'runs/create',
    { experiment_id: '{{e}}', start_time: 1, run_name: 'a' },
    { keep: { run: 'run.info.run_id' } },
  ),
  post(
    'runs/create',
    { experiment_id: '{{e}}', start_time: 1, run_name: 'empty' },
    { keep: { empty: 'run.info.run_id' } },
  ),
  upload('{{e}}/{{run}}/artifacts/report.txt', 'hello'),
  upload('{{e}}/{{run}}/artifacts/report.txt', 'hello again'),
  upload('{{e}}/{{run}}/artifacts/deep/er/data.bin', bytes),
  upload('{{e}}/{{run}}/artifacts/deep/page.html', '<script>alert(1)</script>'),
  upload('{{e}}/{{run}}/artifacts/deep/z.json', '{}'),
  upload('{{e}}/{{run}}/artifacts/deep/%C3%BC%20%E6%97%A5.txt', 'ü'),
  upload('{{e}}/{{run}}/artifacts/empty', ''),
  upload('{{e}}/{{run}}/artifacts/deep', 'a file where a folder is'),
  upload('{{e}}/{{run}}/artifacts/report.txt/below', 'a folder where a file is'),
  upload('proxy/outside/of/runs.txt', 'kept'),
  step('PUT', PROXY, undefined, { text: 'x' }),
  step('POST', `${PROXY}/proxy/posted`, undefined, {
    text: 'x',
    endpoint: `POST ${PROXY}/<path:artifact_path>`,
  }),

  download('{{e}}/{{run}}/artifacts/report.txt'),
  download('{{e}}/{{run}}/artifacts/deep/er/data.bin'),
  download('{{e}}/{{run}}/artifacts/deep/page.html'),
  download('{{e}}/{{run}}/artifacts/deep/z.json'),
  download('{{e}}/{{run}}/artifacts/deep/%C3%BC%20%E6%97%A5.txt'),
  download('{{e}}/{{run}}/artifacts/empty'),
  download('{{e}}/{{run}}/artifacts/nothing'),
  download('{{e}}/{{run}}/artifacts/deep'),
  download('proxy/outside/of/runs.txt'),
  download('proxy/nothing/at/all'),

  list({ path: '{{e}}/{{run}}/artifacts' }),
  list({ path: '{{e}}/{{run}}/artifacts/deep' }),
  list({ path: '{{e}}/{{run}}/artifacts/deep/' }),
  list({ path: '{{e}}/{{run}}/artifacts/report.txt' }),
  list({ path: '{{e}}/{{run}}/artifacts/nothing' }),
  list({ path: '{{e}}/{{empty}}/artifacts' }),
  list({ path: 'proxy' }),
  list({ path: '..' }),
  list({ path: '../..' }),
  list({ path: '/etc' }),
  list({ path: 'a/../../b' }),
  list({ path: '%2e%2e' }),
  list({ path: 'a\\..\\b' }, guarded),
  list({ path: 'a#b' }),
  list({ path: 'a?b' }, guarded),
  list({ path: 'a\u0000b' }, guarded),
  list({ path: '.' }, guarded),
  list({ path: './proxy' }, guarded),
  list({ path: 'proxy//outside' }, guarded),
  ...HOSTILE.flatMap((path) => [upload(path, 'x', guarded), download(path, guarded), remove(path, guarded)]),

  get('artifacts/list', { run_id: '{{run}}' }),
  get('artifacts/list', { run_uuid: '{{run}}' }),
  get('artifacts/list', { run_id: '{{run}}', path: 'deep' }),
  get('artifacts/list', { run_id: '{{run}}', path: 'deep/er' }),
  get('artifacts/list', { run_id: '{{run}}', path: 'report.txt' }),
  get('artifacts/list', { run_id: '{{run}}', path: 'nothing' }),
  get('artifacts/list', { run_id: '{{run}}', path: '' }),
  get('artifacts/list', { run_id: '{{run}}', path: '.' }, guarded),
  get('artifacts/list', { run_id: '{{run}}', path: 'deep/' }),
  get('artifacts/list', { run_id: '{{run}}', page_token: 'x' }),
  get('artifacts/list', { run_id: '{{empty}}' }),
  get('artifacts/list', { run_id: '{{run}}', path: '../..' }),
  get('artifacts/list', { run_id: '{{run}}', path: '/etc' }),
  get('artifacts/list', { run_id: '{{run}}', path: '%2e%2e' }),
  get('artifacts/list', { run_id: '{{run}}', path: '%252e%252e' }),
  get('artifacts/list', { run_id: '{{run}}', path: 'a\\b' }, guarded),
  get('artifacts/list', { run_id: nobody }),
  get('artifacts/list'),
  get('artifacts/list', { run_id: '' }),

  get('/get-artifact', { run_id: '{{run}}', path: 'report.txt' }),
  get('/get-artifact', { run_uuid: '{{run}}', path: 'deep/page.html' }),
  get('/get-artifact', { run_id: '{{run}}', path: 'deep/z.json' }),
  get('/get-artifact', { run_id: '{{run}}', path: 'nothing' }),
  get('/get-artifact', { run_id: '{{run}}', path: 'deep' }),
  get('/get-artifact', { run_id: '{{run}}', path: '../../x' }),
  get('/get-artifact', { run_id: '{{run}}', path: '/etc/passwd' }),
  get('/get-artifact', { run_id: '{{run}}' }),
  get('/get-artifact', { run_id: nobody, path: 'x' }),
  get('/get-artifact', { path: 'x' }),
  get('/get-artifact'),

  post('registered-models/create', { name: 'with files' }),
  post('model-versions/create', { name: 'with files', source: 'runs:/{{run}}/deep', run_id: '{{run}}' }),
  get('/model-versions/get-artifact', { name: 'with files', version: '1', path: 'z.json' }),
  get('runs/get', { run_id: '{{run}}' }, { keep: { root: 'run.info.artifact_uri' } }),
  post('model-versions/create', { name: 'with files', source: '{{root}}/deep', run_id: '{{run}}' }),
  get('/model-versions/get-artifact', { name: 'with files', version: '2', path: 'z.json' }),
  get('/model-versions/get-artifact', { name: 'with files', version: '2', path: 'nothing' }),
  get('/model-versions/get-artifact', { name: 'with files', version: '2', path: '../empty' }),
  get('/model-versions/get-artifact', { name: 'with files', version: '1', path: 'nothing' }),
  get('/model-versions/get-artifact', { name: 'with files', version: '1', path: '../report.txt' }),
  get('/model-versions/get-artifact', { name: 'with files', version: '9', path: 'z.json' }),
  get('/model-versions/get-artifact', { name: 'never made', version: '1', path: 'z.json' }),
  get('/model-versions/get-artifact', { name: 'with files', version: '1' }),
  get('/model-versions/get-artifact', { version: '1', path: 'z.json' }),

  post('/ajax-api/2.0/mlflow/upload-artifact', undefined, {
    text: 'by page',
    query: { run_uuid: '{{run}}', path: 'page/up.txt' },
  }),
  post('/ajax-api/2.0/mlflow/upload-artifact', undefined, {
    text: '',
    query: { run_uuid: '{{run}}', path: 'page/up.txt' },
  }),
  post('/ajax-api/2.0/mlflow/upload-artifact', undefined, { text: 'x', query: { run_uuid: '{{run}}' } }),
  post('/ajax-api/2.0/mlflow/upload-artifact', undefined, { text: 'x', query: { path: 'x' } }),
  post('/ajax-api/2.0/mlflow/upload-artifact', undefined, {
    text: 'x',
    query: { run_uuid: nobody, path: 'x' },
  }),
  post('/ajax-api/2.0/mlflow/upload-artifact', undefined, {
    text: 'x',
    query: { run_uuid: '{{run}}', path: '../x' },
  }),
  get('artifacts/list', { run_id: '{{run}}', path: 'page' }),

  remove('{{e}}/{{run}}/artifacts/report.txt'),
  remove('{{e}}/{{run}}/artifacts/report.txt'),
  remove('{{e}}/{{run}}/artifacts/deep'),
  remove('{{e}}/{{run}}/artifacts/nothing'),
  remove('proxy'),
  step('DELETE', PROXY),
  get('artifacts/list', { run_id: '{{run}}' }),
  list({ path: 'proxy' }),

  post(
    'runs/create',
    { experiment_id: '{{etc}}', start_time: 1, run_name: 'elsewhere' },
    { keep: { stray: 'run.info.run_id' } },
  ),
  refused('locations-outside', get('artifacts/list', { run_id: '{{stray}}' })),
];

const mpu = (verb: string) => ({
  endpoint: `POST /api/2.0/mlflow-artifacts/mpu/${verb}/<path:artifact_path>`,
});
const part = (verb: string, path: string, json?: unknown) =>
  post(`/api/2.0/mlflow-artifacts/mpu/${verb}/${path}`, json, mpu(verb));
const presigned = (path: string) =>
  get(`/api/2.0/mlflow-artifacts/presigned/${path}`, undefined, {
    endpoint: 'GET /api/2.0/mlflow-artifacts/presigned/<path:artifact_path>',
  });

/** What the proxy has for large files and signed addresses, on a local artifact root. */
export const largeFiles = [
  post('experiments/create', { name: 'large files' }, { keep: { e: 'experiment_id' } }),
  post(
    'runs/create',
    { experiment_id: '{{e}}', start_time: 1, run_name: 'a' },
    { keep: { run: 'run.info.run_id' } },
  ),
  part('create', 'a/b', { path: 'a/b', num_parts: 2 }),
  part('create', 'a/b', { path: 'a/b' }),
  part('create', 'a/b', {}),
  part('create', 'a/b', { path: '../b', num_parts: 2 }),
  part('create', '%2e%2e/b', { path: 'b', num_parts: 2 }),
  part('create', 'a/b', { path: 'a/b', num_parts: 'two' }),
  part('complete', 'a/b', { path: 'a/b', upload_id: 'u', parts: [{ part_number: 1, etag: 'e' }] }),
  part('complete', 'a/b', { path: 'a/b', upload_id: 'u' }),
  part('complete', 'a/b', {}),
  part('complete', '%2e%2e/b', { path: 'b', upload_id: 'u', parts: [] }),
  part('abort', 'a/b', { path: 'a/b', upload_id: 'u' }),
  part('abort', 'a/b', { path: 'a/b' }),
  part('abort', 'a/b', {}),
  part('abort', '%252e%252e/b', { path: 'b', upload_id: 'u' }),
  part('abort', '%2e%2e/b', { path: 'b', upload_id: 'u' }),
  presigned('a/b'),
  presigned('nothing'),
  presigned('%2e%2e/b'),
  presigned('%252e%252e/b'),
  presigned('a/..%2f../b'),
  presigned('{{e}}/{{run}}/artifacts/x'),
  post('artifacts/presigned-upload-url', { run_id: '{{run}}', path: 'a' }),
  post('artifacts/presigned-upload-url', { run_id: '{{run}}' }),
  post('artifacts/presigned-upload-url', { path: 'a' }),
  post('artifacts/presigned-upload-url', { run_id: nobody, path: 'a' }),
  post('artifacts/presigned-upload-url', { run_id: '{{run}}', path: '../a' }),
  post('artifacts/presigned-download-url', { run_id: '{{run}}', path: 'a' }),
  post('artifacts/presigned-download-url', { run_id: '{{run}}' }),
  post('artifacts/presigned-download-url', { path: 'a' }),
  post('artifacts/presigned-download-url', { run_id: nobody, path: 'a' }),
  post('artifacts/presigned-download-url', { run_id: '{{run}}', path: '../a' }),
];
