import fc from 'fast-check';
import { del, get, patch, post, type Step } from '../case.js';
import { key, pairs, slot, text } from './values.js';

const name = slot.map((i) => `{{n}} ${i}`);
const id = slot.map((i) => (i === 0 ? '{{experiment}}' : `{{other${i}}}`));
const BY_NAME = "name LIKE '{{n}} %'";

/** Calls on experiments. */
export const experimentCall: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({ name, tags: fc.option(pairs, { nil: undefined }) })
      .chain((body) =>
        slot.map((i) => post('experiments/create', body, { keep: { [`other${i}`]: 'experiment_id' } })),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(id, name)
      .map(([experiment_id, new_name]) => post('experiments/update', { experiment_id, new_name })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(id, fc.constantFrom('delete', 'restore'))
      .map(([experiment_id, verb]) => post(`experiments/${verb}`, { experiment_id })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(id, key, text)
      .map(([experiment_id, k, value]) =>
        post('experiments/set-experiment-tag', { experiment_id, key: k, value }),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(id, key)
      .map(([experiment_id, k]) => post('experiments/delete-experiment-tag', { experiment_id, key: k })),
  },
  { weight: 2, arbitrary: id.map((experiment_id) => get('experiments/get', { experiment_id })) },
  {
    weight: 1,
    arbitrary: name.map((experiment_name) => get('experiments/get-by-name', { experiment_name })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          BY_NAME,
          `${BY_NAME} AND tags.a = '1'`,
          `${BY_NAME} AND tags.a LIKE '%'`,
          `${BY_NAME} OR name = 'x'`,
          "name ILIKE '{{n}} %'",
        ),
        fc.constantFrom('ACTIVE_ONLY', 'ALL', 'DELETED_ONLY'),
        fc.constantFrom('name', 'name DESC', 'nothing'),
      )
      .map(([filter, view_type, order]) =>
        post('experiments/search', { filter, view_type, order_by: [order], max_results: 10 }),
      ),
  },
);

const model = slot.map((i) => `{{model${i}}}`);
const ONE = '/api/2.0/mlflow/logged-models/<model_id>';

/** Calls on logged models. */
export const loggedModelCall: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        slot,
        name: fc.constantFrom('m {{start}}', 'm {{start}}', 'M {{start}}', 'a/b'),
        params: fc.option(pairs, { nil: undefined }),
        tags: fc.option(pairs, { nil: undefined }),
        source_run_id: fc.constantFrom(undefined, '{{run0}}'),
      })
      .map(({ slot: i, ...body }) =>
        post(
          'logged-models',
          { experiment_id: '{{experiment}}', ...body },
          { keep: { [`model${i}`]: 'model.info.model_id' } },
        ),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(model, fc.constantFrom('LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED', 2))
      .map(([model_id, status]) =>
        patch(`logged-models/${model_id}`, { model_id, status }, { endpoint: `PATCH ${ONE}` }),
      ),
  },
  { weight: 2, arbitrary: model.map((id_) => get(`logged-models/${id_}`, {}, { endpoint: `GET ${ONE}` })) },
  {
    weight: 1,
    arbitrary: fc.tuple(model, pairs).map(([id_, tags]) => patch(`logged-models/${id_}/tags`, { tags })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(model, pairs)
      .map(([model_id, params]) => post(`logged-models/${model_id}/params`, { model_id, params })),
  },
  { weight: 1, arbitrary: model.map((id_) => del(`logged-models/${id_}`)) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        '',
        "name LIKE 'm %'",
        "params.a = '1'",
        "tags.a LIKE '%'",
        'metrics.a > 0',
        "status = 'READY'",
        "what.a = '1'",
        "name ILIKE 'm %' AND params.b != '2'",
      )
      .map((filter) =>
        post('logged-models/search', {
          experiment_ids: ['{{experiment}}'],
          filter,
          order_by: [{ field_name: 'name' }],
        }),
      ),
  },
);
