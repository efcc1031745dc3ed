import fc from 'fast-check';
import { get, post, type Step } from '../case.js';
import { runFilter, runOrder } from './filters.js';
import { double, key, pairs, slot, text, whole } from './values.js';

const run = slot.map((i) => `{{run${i}}}`);
const metric = fc.record({ key, value: double, timestamp: whole, step: whole });
const model = slot.map((i) => `{{model${i}}}`);
const E = '{{experiment}}';

/**
 * A new run; which of the sequence's start times it has is set where the sequence is put together. It has a name: one that
 * a server makes up is found and sorted as chance has it.
 */
export const createRun = fc
  .record({
    slot,
    name: fc.constantFrom('run 1', 'run 2', 'ü'),
    tags: fc.option(pairs, { nil: undefined }),
    user: fc.constantFrom(undefined, 'ann'),
  })
  .map(({ slot: i, name, tags, user }) =>
    post(
      'runs/create',
      { experiment_id: E, start_time: '{{start}}', run_name: name, tags, user_id: user },
      { keep: { [`run${i}`]: 'run.info.run_id' } },
    ),
  );

/** Calls that write to runs. */
export const writeRun: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(run, metric).map(([run_id, one]) => post('runs/log-metric', { run_id, ...one })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(run, key, text)
      .map(([run_id, k, value]) => post('runs/log-parameter', { run_id, key: k, value })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(run, fc.constantFrom('a', 'b', '', 'mlflow.runName', 'mlflow.user'), text)
      .map(([run_id, k, value]) => post('runs/set-tag', { run_id, key: k, value })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(run, key).map(([run_id, k]) => post('runs/delete-tag', { run_id, key: k })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ run_id: run, metrics: fc.array(metric, { maxLength: 4 }), params: pairs, tags: pairs })
      .map((body) => post('runs/log-batch', body)),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        run_id: run,
        status: fc.constantFrom(undefined, 'FINISHED', 'RUNNING', 'KILLED', 'FAILED'),
        end_time: fc.constantFrom(undefined, 5000, 0, -1),
        run_name: fc.constantFrom(undefined, 'run 1', ''),
      })
      .map((body) => post('runs/update', body)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(run, fc.constantFrom('delete', 'restore'))
      .map(([run_id, verb]) => post(`runs/${verb}`, { run_id })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(run, fc.constantFrom('d1', 'd2'), fc.constantFrom('training', 'eval'))
      .map(([run_id, digest, value]) =>
        post('runs/log-inputs', {
          run_id,
          datasets: [
            {
              dataset: { name: 'rows', digest, source_type: 'local', source: 's' },
              tags: [{ key: 'mlflow.data.context', value }],
            },
          ],
        }),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(run, model, whole)
      .map(([run_id, model_id, step]) => post('runs/outputs', { run_id, models: [{ model_id, step }] })),
  },
);

/** Calls that read runs. */
export const readRun: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: run.map((run_id) => get('runs/get', { run_id })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(run, fc.constantFrom('a', 'b', 'none'))
      .map(([run_id, k]) => get('metrics/get-history', { run_id, metric_key: k })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(run, fc.nat({ max: 3 }))
      .map(([run_id, max]) => get('metrics/get-history', { run_id, metric_key: 'a', max_results: max })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(run, whole, whole).map(([run_ids, from, to]) =>
      get('metrics/get-history-bulk-interval', {
        run_ids,
        metric_key: 'a',
        start_step: from,
        end_step: to,
        max_results: 2,
      }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({
        filter: runFilter,
        order_by: runOrder,
        run_view_type: fc.constantFrom(undefined, 'ALL', 'DELETED_ONLY'),
      })
      .map((body) => post('runs/search', { experiment_ids: [E], ...body })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(undefined, '{{page}}')
      .map((page_token) =>
        post(
          'runs/search',
          { experiment_ids: [E], max_results: 1, order_by: ['start_time'], page_token },
          { keep: { page: 'next_page_token' } },
        ),
      ),
  },
);
