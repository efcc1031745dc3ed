import { type Difference, get, post, type Step, unreadable } from '../case.js';
import { FILTERS, ORDERS } from './run-filters.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const find = (body: object): Step =>
  post('runs/search', { experiment_ids: ['{{e}}'], order_by: ['start_time'], ...body });
const where = (filter: string): Step => find({ filter });
const caps: Difference = { id: 'caps', ours: { status: 400, errorCode: 'INVALID_PARAMETER_VALUE' } };
const by = (...orderBy: string[]): Step => find({ order_by: orderBy });
const metric = (key: string, value: unknown, step = 0) => ({ key, value, timestamp: 1, step });
const run = (name: string, startTime: number, keep: string) =>
  post(
    'runs/create',
    { experiment_id: '{{e}}', start_time: startTime, run_name: name, user_id: name },
    { keep: { [keep]: 'run.info.run_id' } },
  );
const batch = (
  name: string,
  metrics: [string, unknown][],
  params: [string, string][],
  tags: [string, string][],
) =>
  post('runs/log-batch', {
    run_id: `{{${name}}}`,
    metrics: metrics.map(([key, value]) => metric(key, value)),
    params: params.map(([key, value]) => ({ key, value })),
    tags: tags.map(([key, value]) => ({ key, value })),
  });

/** Search of runs: the filter language, orders, pages, view types. */
export const searchRuns = [
  post('experiments/create', { name: 'search runs' }, { keep: { e: 'experiment_id' } }),
  post('experiments/create', { name: 'search runs 2' }, { keep: { f: 'experiment_id' } }),
  run('one', 1000, 'one'),
  run('two', 2000, 'two'),
  run('Three', 3000, 'three'),
  run('four', 4000, 'four'),
  post('runs/create', { experiment_id: '{{f}}', start_time: 5000, run_name: 'elsewhere' }),
  batch(
    'one',
    [
      ['loss', 0.1],
      ['acc', 0.9],
      ['undefined', 'NaN'],
      ['huge', 'Infinity'],
      ['odd key/1', 1],
      ['dotted.key', 1],
      ['f1', 1],
      ['val_f1-score', 1],
      ['end', 1],
    ],
    [
      ['depth', '3'],
      ['kind', 'Forest'],
      ['uni', 'ü 日'],
      ['order', 'a'],
      ['select', 'a'],
    ],
    [
      ['team', 'blue'],
      ['empty', ''],
      ['note', 'x AND y'],
    ],
  ),
  batch(
    'two',
    [
      ['loss', 0.2],
      ['acc', 0.8],
      ['undefined', 1],
      ['huge', '-Infinity'],
    ],
    [
      ['depth', '10'],
      ['kind', 'forest'],
      ['kind of', 'Tree'],
    ],
    [
      ['team', 'red'],
      ['note', 'a = b'],
    ],
  ),
  batch(
    'three',
    [
      ['loss', 0.3],
      ['acc', 1],
      ['undefined', -1],
      ['huge', 1],
    ],
    [
      ['depth', '3'],
      ['kind', 'Tree 100%'],
    ],
    [
      ['team', 'Blue'],
      ['日本', 'a'],
    ],
  ),
  post('runs/log-inputs', {
    run_id: '{{one}}',
    datasets: [
      {
        dataset: { name: 'rows', digest: 'd1', source_type: 'local', source: 'x' },
        tags: [{ key: 'mlflow.data.context', value: 'training' }],
      },
    ],
  }),
  post('runs/log-inputs', {
    run_id: '{{two}}',
    datasets: [
      {
        dataset: { name: 'rows', digest: 'd2', source_type: 'local', source: 'x' },
        tags: [{ key: 'mlflow.data.context', value: 'eval' }],
      },
      {
        dataset: { name: 'other', digest: 'd1', source_type: 'local', source: 'x' },
        tags: [{ key: 'mlflow.data.context', value: 'training' }],
      },
    ],
  }),
  post('runs/update', { run_id: '{{two}}', status: 'FINISHED', end_time: 5000 }),
  post('runs/update', { run_id: '{{three}}', status: 'FAILED', end_time: 4000 }),
  post(
    'runs/create',
    { experiment_id: '{{e}}', start_time: 9000, run_name: 'deleted' },
    { keep: { deleted: 'run.info.run_id' } },
  ),
  post('runs/delete', { run_id: '{{deleted}}' }),

  find({}),
  post('runs/search', { experiment_ids: ['{{e}}'] }),
  post('runs/search', { experiment_ids: ['{{f}}', '{{e}}'] }),
  post('runs/search', { experiment_ids: [] }),
  post('runs/search', {}),
  post('runs/search'),
  post('runs/search', { experiment_ids: ['999999'] }),
  post('runs/search', { experiment_ids: ['abc'] }),
  post('runs/search', { experiment_ids: '{{e}}' }),
  unreadable(post('runs/search', { experiment_ids: [5] })),
  post('runs/search', { experiment_ids: ['{{e}}', '{{e}}'] }),
  find({ run_view_type: 'ALL' }),
  find({ run_view_type: 'DELETED_ONLY' }),
  find({ run_view_type: 'ACTIVE_ONLY' }),
  find({ run_view_type: 2 }),
  unreadable(find({ run_view_type: 'all' })),
  unreadable(find({ run_view_type: 9 })),
  find({ max_results: 2 }),
  find({ max_results: 1, filter: 'metrics.loss > 0' }),
  find({ max_results: '2' }),
  find({ max_results: 0 }),
  find({ max_results: -1 }),
  find({ max_results: 50000 }),
  find({ max_results: 50001 }),
  unreadable(find({ max_results: 1.5 })),
  find({ max_results: 'many' }),
  post(
    'runs/search',
    { experiment_ids: ['{{e}}'], order_by: ['start_time'], max_results: 2 },
    { keep: { token: 'next_page_token' } },
  ),
  find({ max_results: 2, page_token: '{{token}}' }),
  find({ max_results: 3, page_token: '{{token}}' }),
  find({ max_results: 2, page_token: 'rubbish' }),
  find({ max_results: 2, page_token: '' }),
  find({ max_results: 2, page_token: 'e30=' }),
  unreadable(find({ page_token: 5 })),
  find({ filter: 5 }),
  find({ filter: ['metrics.loss > 0'] }),
  find({ order_by: 'start_time' }),
  find({ order_by: [5] }),
  find({ order_by: [] }),
  unreadable(post('runs/search', undefined, { text: '{"experiment_ids": [', headers: JSON_TYPE })),
  post('runs/search', undefined, { text: 'x', headers: { 'content-type': 'text/plain' } }),
  get('runs/search', { experiment_ids: '{{e}}' }),
  ...FILTERS.map(where),
  find({ filter: 'run_name = "one"', order_by: ['run_id'] }),
  ...ORDERS.map((order) => by(...order)),
  where(Array(100).fill('attributes.start_time > 0').join(' AND ')),
  { ...where(Array(101).fill('attributes.start_time > 0').join(' AND ')), differs: caps },
  { ...where(`params.depth = "${'3'.repeat(10_000)}"`), differs: caps },
];
