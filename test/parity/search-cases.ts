/** One search: what MLflow's store is asked, and ours. */
export interface SearchCase {
  readonly kind: 'runs' | 'experiments' | 'models' | 'registered' | 'versions';
  readonly filter?: string;
  readonly order?: readonly (string | Readonly<Record<string, unknown>>)[];
  readonly experiments?: readonly string[];
  readonly view?: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';
  readonly max?: number;
  readonly datasets?: readonly Readonly<Record<string, string | null>>[];
}

const TEXT_OPERATORS = ['=', '!=', 'LIKE', 'ILIKE', 'like', 'iLike', '>', 'IN', 'NOT LIKE'];
const NUMBER_OPERATORS = ['=', '!=', '<', '<=', '>', '>=', '==', '<>', 'LIKE'];
const TEXTS = [
  "'Alpha'",
  '"Alpha"',
  "'%a%'",
  "'a_b%'",
  "'alpha'",
  "'%'",
  "''",
  "'ünï'",
  "'[a]*?'",
  "'blue'",
  "'it''s'",
  '"it\'s"',
  "'ÜNÏ'",
  '5',
  '`x`',
  'bare',
];
const NUMBERS = [
  '0',
  '1',
  '-1',
  '.5',
  '1e5',
  '-1e-3',
  '1.',
  '0.30000000000000004',
  '1e400',
  '-1e400',
  "'1'",
  'nan',
  '1e+5',
  '0x1',
  '99999999999',
];

const product = (
  names: readonly string[],
  operators: readonly string[],
  values: readonly string[],
): string[] =>
  names.flatMap((name, n) =>
    operators.flatMap((operator, o) => {
      const value = values[(n * 5 + o * 3) % values.length]!;
      const other = values[(n * 7 + o + 1) % values.length]!;
      return [
        `${name} ${operator} ${value}`,
        `${name}${/\w/.test(operator) ? ` ${operator} ` : operator}${other}`,
      ];
    }),
  );

const SYNTAX = [
  '',
  '   ',
  'AND',
  'OR',
  ';',
  'metrics.loss > 0;',
  'metrics.loss > 0 metrics.acc > 0',
  'AND metrics.loss > 0 AND AND',
  '(metrics.loss > 0)',
  'metrics.loss > 0 OR metrics.acc > 0',
  '1 = metrics.loss',
  "'x' = tags.team",
  'metrics.loss >',
  'metrics.loss',
  '> 0',
  'metrics.`loss > 0',
  "tags.team = 'blue",
  "tags.team = 'blue\\'",
  "tags.team = 'a' 'b'",
  "tags.team = 'blue' -- x",
  'tags.team = NULL',
  "tags.team=('blue')",
  "tags.team BETWEEN 'a' AND 'z'",
  "tags.team\n=\t'blue'",
  "tags . team = 'blue'",
  "tags. team = 'blue'",
  'tags.team = "blue" tags.team = "blue"',
  'tags."a b" = \'Alpha\'',
  "tags.'a b' != 'x'",
  "tags.`a b` LIKE '%'",
  "tags.a.b = 'dotted'",
  "tags.`a.b` = 'dotted'",
  "`tags`.team = 'blue'",
  "`tags.team` = 'blue'",
  "Tags.team = 'blue'",
  "tags.`` = 'x'",
  "tags.in = 'x'",
  "tags.from = 'x'",
  'metrics.in > 0',
  'metrics.`in` > 0',
  'metrics.1 > 0',
  'metrics.1abc > 0',
  'metrics.12abc > 0',
  'metrics._a > 0',
  'metrics.a-b > 0',
  'metrics.a/b > 0',
  'metrics.loss[0] > 1',
  'metrics.loss > 5 3',
  'metrics.loss > 5-3',
  'a = b = c',
  'tags.team IS NULL',
  'tags.team is not null',
  'tags.team IS',
  'tags.team IS NOT',
  'params.lr IS NULL AND tags.team IS NOT NULL',
  'metrics.loss IS NULL',
  'name IS NULL',
  'status IS NULL',
  "tags.\u0000 = 'x'",
  "tags.team = 'blue' AND",
  "run.status = 'RUNNING'",
  "tags.team = 'blue' and metrics.loss > 0 AnD params.lr != '9'",
  'metrics.loss > 1e5 AND metrics.loss < 1e400',
  "foo.bar = 'x'",
];

const RUN_NAMES = [
  'metrics.loss',
  'metrics.`a b`',
  'metric.acc',
  'params.lr',
  'param.name',
  'parameter.lr',
  'parameters."name"',
  'tags.team',
  'tag.`a b`',
  'attributes.run_name',
  'attribute.status',
  'attr.user_id',
  'run.artifact_uri',
  'run_id',
  'status',
  '`run name`',
  '"Run Name"',
  'start_time',
  'attributes.end_time',
  'created',
  'Created',
  'dataset.name',
  'datasets.digest',
  'dataset.context',
  'dataset.source',
  'experiment_id',
  'lifecycle_stage',
  'name',
  'tags.mlflow.runName',
];

/** What ours refuses on purpose and MLflow's parser takes by accident, to find nothing or a number in disguise. */
export const REFUSED_ON_PURPOSE: readonly { readonly filter: RegExp; readonly why: string }[] = [
  { filter: /\bnan$/, why: 'no value is less, more or equal to NaN: it finds nothing' },
  { filter: /1e\+5$/, why: 'a number for logged models alone' },
  { filter: /metrics\.(a-b|a\/b|loss\[0\]) /, why: 'a key that needs quotes and has none' },
];

/** Returns the searches that both stores answer; ids of the store are put into some. */
export function searchCases(ids: {
  readonly experiments: readonly string[];
  readonly runs: readonly string[];
  readonly models: readonly string[];
}): SearchCase[] {
  const both = { experiments: ids.experiments.slice(1, 3) };
  const one = { experiments: ids.experiments.slice(1, 2) };
  const list = `('${ids.runs[0]}', "${ids.runs[3]}")`;
  const lists = [
    list,
    `('${ids.runs[0]}')`,
    `('${ids.runs[0]}',)`,
    '()',
    '(1)',
    "('a' 'b')",
    '(a)',
    "'a'",
    "('\\x41lpha', 'a')",
    "('a',,)",
  ];
  const inLists = (names: readonly string[]) =>
    names.flatMap((name) =>
      lists.flatMap((l) => [`${name} IN ${l}`, `${name} not in ${l}`, `${name} in ${l}`, `${name} = ${l}`]),
    );
  const runFilters = [
    ...product(RUN_NAMES.slice(0, 3), NUMBER_OPERATORS, NUMBERS),
    ...product(RUN_NAMES.slice(0, 3), NUMBER_OPERATORS, [...NUMBERS].reverse()),
    ...product(RUN_NAMES, TEXT_OPERATORS, TEXTS),
    ...product(['start_time', 'attributes.end_time', 'created'], NUMBER_OPERATORS, [
      '1700000000003',
      '1700000000003.5',
      '0',
      '-5',
      "'1'",
    ]),
    ...product(['dataset.name', 'datasets.digest', 'dataset.context'], TEXT_OPERATORS, [
      "'ssh'",
      "'SSH'",
      "'%ing'",
      "'d1'",
      "'training'",
    ]),
    "status = 'FINISHED'",
    "status != 'RUNNING' AND user_id = 'ada'",
    "run_name ILIKE 'ALPHA'",
    "dataset.name IN ('ssh', 'x')",
    "dataset.context NOT IN ('training')",
    ...inLists(['run_id', 'attributes.run_id', 'status', 'tags.team', 'dataset.digest', 'start_time']),
    ...SYNTAX,
  ];
  const experimentFilters = [
    ...product(
      ['name', '`name`', 'attribute.name', 'attributes.name', 'tags.team', 'tag.`a b`'],
      [...TEXT_OPERATORS, 'NOT IN'],
      ["'Search one'", "'%s%'", "'blue'", "'SEARCH%'", '"three\'s"', "'three''s'", '5'],
    ),
    ...product(['creation_time', 'last_update_time'], NUMBER_OPERATORS, [
      '0',
      '99999999999999',
      '5.5',
      '1e3',
      "'1'",
      '-1',
    ]),
    ...product(
      ['experiment_id'],
      ['=', '!=', '>', 'LIKE', 'IN', 'NOT IN', 'in', 'not in'],
      ["'1'", "('1', '2')", "('1')", "'x'", "('x')", '1', "' 1 '"],
    ),
    ...inLists(['experiment_id', 'name']),
    'tags.team IS NULL',
    'tags.`a b` is not null',
    'name IS NULL',
    "lifecycle_stage = 'active'",
    ...SYNTAX,
  ];
  const registryFilters = [
    ...product(
      ['name', 'attribute.name', 'attributes.name', '`name`', 'tags.team', 'tag.`ok`', 'description'],
      [...TEXT_OPERATORS, 'NOT IN'],
      ["'Alpha'", "'a%'", "'%_1'", '"it\'s"', "'blue'", '5', "('Alpha', 'mixed')"],
    ),
    ...product(['tags.`mlflow.prompt.is_prompt`', 'tags.mlflow.prompt.is_prompt'], TEXT_OPERATORS, [
      "'true'",
      "'false'",
      "'TRUE'",
      "'%'",
    ]),
    "tags.`mlflow.prompt.is_prompt` = 'true'",
    "tags.`mlflow.prompt.is_prompt` != 'false'",
    "tags.`mlflow.prompt.is_prompt` = 'true' AND name = 'prompt'",
    "tags.`mlflow.prompt.is_prompt` != 'true' AND tags.team = 'blue'",
    "tags.team = 'blue' AND tags.team LIKE 'b%'",
    "tags.team = 'blue' AND tags.team = 'red'",
    ...inLists(['name', 'run_id', 'source_path', 'tags.team']),
    ...SYNTAX,
  ];
  const versionFilters = [
    ...registryFilters,
    ...product(
      ['version_number', 'attribute.version_number'],
      [...NUMBER_OPERATORS, 'IN'],
      ['1', '2', "'1'", "' 2 '", '1.0', "'x'", "('1')", '-1', "'+1'"],
    ),
    ...product(['run_id', 'source_path', 'run_id'], TEXT_OPERATORS, [
      `'${ids.runs[1]}'`,
      "'file%'",
      "'FILE%'",
      '1',
    ]),
    'creation_timestamp > 0',
  ];
  const modelFilters = [
    ...product(
      [
        'name',
        '`name`',
        'attributes.name',
        'model_id',
        'model_type',
        'source_run_id',
        'params.depth',
        'tags.team',
        'tags.`team`',
        'lifecycle_stage',
        'artifact_location',
        'param.depth',
      ],
      [...TEXT_OPERATORS, 'NOT IN'],
      [
        "'model-Alpha'",
        "'model%'",
        "'MODEL%'",
        'bare',
        '"blue"',
        "'blue'",
        "('blue', 'Alpha')",
        "('blue')",
        '2',
        "'2'",
      ],
    ),
    ...product(
      [
        'creation_time',
        'creation_timestamp',
        'last_updated_timestamp',
        'creation_timestamp_ms',
        'metrics.loss',
        'metrics.`a b`',
        'metric.loss',
      ],
      NUMBER_OPERATORS,
      NUMBERS,
    ),
    ...product(['status', 'experiment_id'], TEXT_OPERATORS, [
      "'1'",
      "'2'",
      '2',
      "'READY'",
      "('1','2')",
      "'%'",
    ]),
    'metrics.loss < inf',
    'name IN ()',
    'foo = 1',
    ...SYNTAX,
  ];
  const orders = (names: readonly string[]): string[][] =>
    names.flatMap((name) => [[name], [`${name} DESC`], [`${name}  asc`]]);
  const runOrders = [
    ...orders([
      'metrics.loss',
      'metrics.`a b`',
      'metrics."a.b"',
      'metric.acc',
      'params.lr',
      'param.`name`',
      'tags.team',
      'tags.`a b`',
      'start_time',
      'attributes.end_time',
      'created',
      'run_name',
      'status',
      'user_id',
      'run_id',
      'run.artifact_uri',
      'experiment_id',
      'dataset.name',
      'nothing',
      '`run name`',
      'metrics.in',
      'metrics.missing',
    ]),
    ['metrics.loss', 'metrics.acc DESC'],
    ['status', 'metrics.loss DESC', 'params.lr'],
    ['metrics.loss', 'metrics.loss DESC'],
    ['created', 'start_time DESC'],
    [' metrics.loss'],
    ['metrics.loss '],
    ['metrics.loss foo'],
    ['metrics.loss DESC NULLS LAST'],
    [''],
    ['metrics.loss, params.lr'],
    ['DESC'],
    ['1'],
    ['timestamp'],
    ['metrics.'],
  ];
  return [
    ...runFilters.map((filter): SearchCase => ({ kind: 'runs', filter, ...both, max: 15 })),
    ...runOrders.flatMap((order): SearchCase[] => [
      { kind: 'runs', order, ...both },
      { kind: 'runs', order, ...one, max: 7, filter: 'metrics.loss > -2' },
      { kind: 'runs', order, ...one, max: 7, filter: 'metrics.loss != 0 AND metrics.acc >= -1', view: 'ALL' },
    ]),
    ...(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'] as const).flatMap((view): SearchCase[] => [
      { kind: 'runs', view, experiments: ids.experiments, max: 3 },
      { kind: 'experiments', view, max: 2 },
    ]),
    ...[[], ['99'], ['x'], ['1', 'x']].flatMap((experiments): SearchCase[] => [
      { kind: 'runs', experiments },
      { kind: 'models', experiments },
    ]),
    ...experimentFilters.map((filter): SearchCase => ({ kind: 'experiments', filter, view: 'ALL' })),
    ...orders([
      'name',
      '`name`',
      'attribute.name',
      'attributes.name',
      'experiment_id',
      'creation_time',
      'last_update_time',
      'tags.team',
      'nothing',
    ]).map((order): SearchCase => ({ kind: 'experiments', order, max: 2 })),
    { kind: 'experiments', order: ['name', 'name DESC'] },
    ...registryFilters.map((filter): SearchCase => ({ kind: 'registered', filter })),
    ...[
      ...orders([
        'name',
        '`name`',
        '"name"',
        'timestamp',
        'last_updated_timestamp',
        'creation_timestamp',
        'attribute.name',
      ]),
      ['timestamp', 'last_updated_timestamp'],
    ].map((order): SearchCase => ({ kind: 'registered', order, max: 2 })),
    ...versionFilters.map((filter): SearchCase => ({ kind: 'versions', filter, max: 4 })),
    ...[
      ...orders([
        'name',
        'attribute.name',
        'attributes.name',
        'version_number',
        'creation_timestamp',
        'last_updated_timestamp',
        'timestamp',
        'run_id',
        '`name`',
      ]),
      ['name', 'name DESC'],
      ['name DESC', 'version_number'],
    ].map((order): SearchCase => ({ kind: 'versions', order, max: 5 })),
    ...modelFilters.map((filter): SearchCase => ({ kind: 'models', filter, ...both, max: 3 })),
    ...[
      'name',
      'creation_time',
      'creation_timestamp',
      'last_updated_timestamp',
      'last_updated_time',
      'status',
      'metrics.loss',
      'metrics.none',
      'params.depth',
      'nothing',
      'model_type',
      'model_id',
      'source_run_id',
    ].flatMap((field_name) =>
      [true, false].map(
        (ascending): SearchCase => ({ kind: 'models', order: [{ field_name, ascending }], ...both, max: 3 }),
      ),
    ),
    {
      kind: 'models',
      ...both,
      order: [{ field_name: 'metrics.loss', dataset_name: 'ssh', dataset_digest: 'd1' }],
    },
    { kind: 'models', ...both, datasets: [{ dataset_name: 'ssh', dataset_digest: 'd1' }] },
    {
      kind: 'models',
      ...both,
      datasets: [{ dataset_name: 'ssh', dataset_digest: null }],
      filter: 'metrics.loss > 0',
    },
    { kind: 'models', ...both, datasets: [{ dataset_name: '' }] },
    ...[0, -1, 50_000, 50_001].flatMap((max): SearchCase[] => [
      { kind: 'runs', ...both, max },
      { kind: 'experiments', max },
    ]),
    ...[-1, 0, 200_000, 200_001].map((max): SearchCase => ({ kind: 'versions', max })),
    { kind: 'registered', max: 0 },
    { kind: 'registered', max: 1_001 },
  ];
}
