import fc from 'fast-check';

const number = fc.oneof(
  fc.constantFrom('0', '1', '0.1', '-1', '1e3', '.5', '-0', '5e-324', '1e308', 'nan', 'x', "'1'"),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);
const comparator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');
const words = fc.constantFrom('=', '!=', 'LIKE', 'ILIKE', 'like');
const quoted = fc
  .constantFrom('1', '2', 'blue', 'Blue', '%', 'b%', '%L%', '_', '', 'ü', 'x AND y', 'nothing')
  .chain((value) => fc.constantFrom(`'${value}'`, `"${value}"`));
const name = fc.constantFrom('a', 'b', 'A', '`a`', '"b"', '`a.b`', 'a.b', '`ü 日`', 'none');

const metric = fc.tuple(fc.constantFrom('metrics', 'metric'), name, comparator, number);
const pair = fc.tuple(fc.constantFrom('params', 'tags', 'param', 'tag'), name, words, quoted);
const attribute = fc.tuple(
  fc.constantFrom('', 'attributes.', 'attribute.', 'run.'),
  fc.constantFrom('status', 'run_name', 'user_id', 'lifecycle_stage', 'nothing', 'artifact_uri'),
  words,
  fc.constantFrom("'RUNNING'", "'FINISHED'", "'run 1'", "'run%'", "'%UN%'", '"x"'),
);
const time = fc.tuple(
  fc.constantFrom('start_time', 'end_time', 'attributes.start_time'),
  comparator,
  fc.constantFrom('1000', '2000', '0', '2500.5', "'1000'"),
);
const dataset = fc.tuple(
  fc.constantFrom('dataset', 'datasets'),
  fc.constantFrom('name', 'digest', 'context', 'source'),
  words,
  fc.constantFrom("'rows'", "'d1'", "'training'", "'r%'"),
);
const presence = fc.tuple(
  fc.constantFrom('tags', 'params', 'metrics'),
  name,
  fc.constantFrom('IS NULL', 'IS NOT NULL', 'is null'),
);
const broken = fc.constantFrom(
  'metrics.a',
  '= 1',
  'metrics.a > ',
  "params.a = 'x",
  'AND',
  '()',
  ';',
  'metrics.a > 1 OR metrics.b > 1',
  'what.a = 1',
  'NOT metrics.a > 1',
  '日本',
);

const clause = fc.oneof(
  { weight: 5, arbitrary: metric.map(([kind, key, op, value]) => `${kind}.${key} ${op} ${value}`) },
  { weight: 5, arbitrary: pair.map(([kind, key, op, value]) => `${kind}.${key} ${op} ${value}`) },
  { weight: 3, arbitrary: attribute.map(([kind, key, op, value]) => `${kind}${key} ${op} ${value}`) },
  { weight: 2, arbitrary: time.map(([key, op, value]) => `${key} ${op} ${value}`) },
  { weight: 1, arbitrary: dataset.map(([kind, key, op, value]) => `${kind}.${key} ${op} ${value}`) },
  { weight: 1, arbitrary: presence.map(([kind, key, is]) => `${kind}.${key} ${is}`) },
  { weight: 1, arbitrary: broken },
);

/** Filters of runs: one to three clauses, mostly whole ones. */
export const runFilter = fc
  .tuple(
    clause,
    fc.array(fc.tuple(fc.constantFrom(' AND ', ' and ', '  AND\n', ' AND ', ' OR '), clause), {
      maxLength: 2,
    }),
  )
  .map(([first, rest]) => first + rest.map(([joint, next]) => joint + next).join(''));

const orderKey = fc.oneof(
  fc.tuple(fc.constantFrom('metrics', 'params', 'tags'), name).map(([kind, key]) => `${kind}.${key}`),
  fc.constantFrom(
    'start_time',
    'attributes.start_time',
    'end_time',
    'status',
    'run_name',
    '`Run name`',
    'Created',
    'user_id',
    'nothing',
    '',
  ),
);

/** Orders of runs. Ties are broken by the start time, which no two runs share. */
export const runOrder = fc.array(
  fc
    .tuple(orderKey, fc.constantFrom('', '', ' ASC', ' DESC', ' desc', ' SIDEWAYS'))
    .map(([by, way]) => by + way),
  { maxLength: 2 },
);

/** Filters of registered models and of their versions, within the names of one sequence. */
export const registryFilter = fc.oneof(
  fc.constantFrom(
    "name = '{{n}} 0'",
    "name LIKE '{{n}}%' AND tags.a = '1'",
    "name LIKE '{{n}}%' AND tag.`a` != '1'",
    "name ILIKE '{{n}} %'",
    "name LIKE '{{n}}%' AND tags.b LIKE 'b%'",
    "name LIKE '{{n}}%' OR name = 'x'",
    "name LIKE '{{n}}%' AND run_id = '{{run0}}'",
    "name LIKE '{{n}}%' AND what = 'x'",
    'name = {{n}}',
    "name LIKE '{{n}}%' AND version_number > 1",
  ),
);
