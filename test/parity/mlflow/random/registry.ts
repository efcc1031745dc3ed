import fc from 'fast-check';
import { del, get, patch, post, type Step } from '../case.js';
import { registryFilter } from './filters.js';
import { key, pairs, slot, stage, text } from './values.js';

const name = slot.map((i) => `{{n}} ${i}`);
const version = fc.constantFrom('1', '1', '2', '2', '3', '0', 'x', '01');
const alias = fc.constantFrom('best', 'Best', 'b-1', 'latest', 'v1', '', 'a/b');
const of = fc.record({ name, version });

/** Calls on registered models and their versions. */
export const registryCall: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        name,
        description: fc.option(text, { nil: undefined }),
        tags: fc.option(pairs, { nil: undefined }),
      })
      .map((body) => post('registered-models/create', body)),
  },
  {
    weight: 5,
    arbitrary: fc
      .record({
        name,
        source: fc.constantFrom('s3://b/m', 'runs:/{{run0}}/m', 'models:/{{n}} 0/1', '/etc', 's3://b/../m'),
        run_id: fc.constantFrom(undefined, '{{run0}}'),
        tags: fc.option(pairs, { nil: undefined }),
      })
      .map((body) => post('model-versions/create', body)),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(of, stage, fc.boolean())
      .map(([body, to, archive]) =>
        post('model-versions/transition-stage', { ...body, stage: to, archive_existing_versions: archive }),
      ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(of, alias).map(([body, a]) => post('registered-models/alias', { ...body, alias: a })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(name, alias).map(([n, a]) => del('registered-models/alias', { name: n, alias: a })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(name, alias).map(([n, a]) => get('registered-models/alias', { name: n, alias: a })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(name, key, text)
      .map(([n, k, value]) => post('registered-models/set-tag', { name: n, key: k, value })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(of, key, text)
      .map(([body, k, value]) => post('model-versions/set-tag', { ...body, key: k, value })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(name, key).map(([n, k]) => del('registered-models/delete-tag', { name: n, key: k })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(of, key).map(([body, k]) => del('model-versions/delete-tag', { ...body, key: k })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(name, text)
      .map(([n, description]) => patch('registered-models/update', { name: n, description })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(of, text)
      .map(([body, description]) => patch('model-versions/update', { ...body, description })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(name, name)
      .map(([n, to]) => post('registered-models/rename', { name: n, new_name: to })),
  },
  { weight: 1, arbitrary: name.map((n) => del('registered-models/delete', { name: n })) },
  { weight: 1, arbitrary: of.map((body) => del('model-versions/delete', body)) },
  { weight: 2, arbitrary: of.map((query) => get('model-versions/get', query)) },
  { weight: 1, arbitrary: of.map((query) => get('model-versions/get-download-uri', query)) },
  { weight: 2, arbitrary: name.map((n) => get('registered-models/get', { name: n })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(name, fc.array(stage, { maxLength: 2 }))
      .map(([n, stages]) => post('registered-models/get-latest-versions', { name: n, stages })),
  },
  { weight: 2, arbitrary: registryFilter.map((filter) => get('registered-models/search', { filter })) },
  {
    weight: 2,
    arbitrary: registryFilter.map((filter) =>
      get('model-versions/search', { filter, order_by: ['name', 'version_number DESC'] }),
    ),
  },
);
