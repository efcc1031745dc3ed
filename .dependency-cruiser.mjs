/** Layers, lowest first. A folder may import itself and any layer below its own; siblings of one layer never import each other. */
const foundations = ['core', 'kernels', 'data', 'model', 'mlflow', 'storage'];
const stages = [
  'ingest',
  'features',
  'split',
  'audit',
  'train',
  'evaluate',
  'report',
  'track',
  'register',
  'deploy',
  'sample',
];
const all = [...foundations, ...stages, 'pipeline', 'server', 'cli'];

const only = (from, allowed, comment) => ({
  name: `${from}-imports`,
  severity: 'error',
  comment,
  from: { path: `^src/${from}/` },
  to: { path: `^src/(${all.filter((f) => f !== from && !allowed.includes(f)).join('|')})/|^src/index\\.ts$` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle has no first file to read.',
      from: {},
      to: { circular: true },
    },
    only('core', [], 'core is what everything stands on, so it stands on nothing of ours'),
    only('kernels', ['core'], 'kernels are loops on typed arrays; they know no table and no model'),
    only('data', ['core'], 'the values that pass between stages know none of the stages'),
    only(
      'model',
      ['core', 'kernels', 'data'],
      'a fitted model must load and score where no trainer is installed',
    ),
    only('mlflow', ['core'], 'the wire format is described once and used by client and store alike'),
    only('storage', ['core', 'mlflow'], 'the database knows nothing of pipelines'),
    ...stages.map((s) =>
      only(
        s,
        s === 'train' ? foundations.filter((f) => !['mlflow', 'storage'].includes(f)) : foundations,
        'stages are siblings: only a composer joins two of them, passing values of data/',
      ),
    ),
    only('pipeline', [...foundations, ...stages], 'the composer joins stages and knows no terminal'),
    only(
      'server',
      ['core', 'mlflow', 'track', 'register'],
      'a server speaks HTTP on one side and the ports of the stores on the other',
    ),
    {
      name: 'front-doors',
      severity: 'error',
      comment: 'Other folders enter a folder only through its index.ts, so its inside can change freely.',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/.+', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'pure-folders',
      severity: 'error',
      comment: 'What computes is free of files, network and databases, so it runs and tests anywhere.',
      from: { path: '^src/(core|data|kernels|model|features|split|audit|evaluate|report|sample)/' },
      to: {
        path: '^(node:)?(fs|fs/promises|net|http|https|http2|tls|dgram|child_process|sqlite)$|node_modules/(libsql|@duckdb)',
      },
    },
    {
      name: 'tracking-database',
      severity: 'error',
      comment:
        'Only track and register open the tracking database; what looks at a store as files (adopt, verify, backup) does too. ' +
        "Dionaea's own database is opened by its reader, read only.",
      from: {
        path: '^src/',
        pathNot:
          '^src/(track|register|storage)/|^src/pipeline/(adopt|verify|backup)|^src/ingest/sensors/dionaea-sqlite[.]ts$',
      },
      to: { path: '^src/storage/' },
    },
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      comment: 'What ships installs from its own dependencies alone.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'Every import exists.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      conditionNames: ['types', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
