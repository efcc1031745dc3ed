import type {
  ExportedColumn,
  ExportReport,
  ModelDetails,
  StagingResult,
  TreeReport,
  VersionDetails,
} from '../../pipeline/index.js';
import type { RegisteredModel } from '../../register/index.js';
import { renderFacts, renderTable, verdict } from './table.js';

/** The metrics a version is shown with; all of them are in `runs show` and under --json. */
const HEADLINES = [
  'accuracy',
  'precision',
  'recall',
  'f1',
  'rocAuc',
  'cvMean/accuracy',
  'cvStd/accuracy',
  'latencyMs',
];

/** Returns registered models as a table. */
export function renderModels(
  models: readonly RegisteredModel[],
  options: { readonly color: boolean },
): string {
  if (models.length === 0)
    return 'no registered models; register one: phantomnet models register <name> --run <id>';
  const rows = models.map((model) => [
    model.name,
    model.latestVersions.map((v) => `${v.stage}: ${v.version}`).join(', '),
    aliases(model.aliases),
    model.description,
  ]);
  return renderTable(['model', 'latest versions', 'aliases', 'description'], rows, options);
}

function aliases(byAlias: Readonly<Record<string, string>>): string {
  return Object.entries(byAlias)
    .map(([alias, version]) => `@${alias}: ${version}`)
    .join(', ');
}

function tags(record: Readonly<Record<string, string>>): string {
  return Object.entries(record)
    .map(([key, value]) => `${key}=${/^[0-9a-f]{40,}$/.test(value) ? `${value.slice(0, 12)}…` : value}`)
    .join(', ');
}

/** The tags that people set or ask for; digests are in the version's own page. */
function plainTags(record: Readonly<Record<string, string>>): string {
  return tags(Object.fromEntries(Object.entries(record).filter(([key]) => !key.startsWith('phantomnet.'))));
}

/** Returns a registered model with its versions, or one version with its lineage. */
export function renderModel(details: ModelDetails | VersionDetails): string {
  if ('versions' in details) {
    const rows = details.versions.map((v) => [
      v.version,
      v.stage,
      v.aliases.map((a) => `@${a}`).join(' '),
      v.runId,
      plainTags(v.tags),
    ]);
    return [
      renderFacts([
        ['model', details.name],
        ['description', details.description],
        ['tags', tags(details.tags)],
      ]),
      '',
      renderTable(['version', 'stage', 'aliases', 'run', 'tags'], rows, { color: false }),
    ].join('\n');
  }
  const { version, model, lineage } = details;
  const facts: [string, string][] = [
    ['version', `${version.name} ${version.version}, stage ${version.stage}`],
    ['description', version.description ?? ''],
    ['source', version.source],
    ['aliases', version.aliases.join(', ')],
    ['tags', tags(version.tags)],
  ];
  if (model !== null)
    facts.push([
      'loads',
      model.opaque === null
        ? `as ${model.flavor}`
        : `never (opaque): ${model.opaque.reason}; ${model.opaque.hint}`,
    ]);
  if (lineage !== null)
    facts.push(
      ['run', `${lineage.runName} (${lineage.runId})`],
      [
        'data',
        `${lineage.datasets.map((d) => d.name).join(', ')}, SHA-256 ${lineage.dataDigest ?? 'unknown'}`,
      ],
      [
        'code',
        `${lineage.gitCommit ?? 'no commit known'}${lineage.gitDirty === true ? ' with uncommitted changes' : ''}`,
      ],
      ...Object.entries(lineage.params).map(([key, value], i): [string, string] => [
        i === 0 ? 'params' : '',
        `${key} ${value}`,
      ]),
      ...HEADLINES.filter((key) => lineage.metrics[key] !== undefined).map((key, i): [string, string] => [
        i === 0 ? 'metrics' : '',
        `${key} ${Number(lineage.metrics[key]!.toPrecision(5))}`,
      ]),
    );
  return renderFacts(facts);
}

/** Returns what staging did. */
export function renderStaged({ passed, version, checks }: StagingResult): string {
  const rows = checks.map((c) => [verdict(c.passed), c.name, c.detail]);
  const table = rows.length === 0 ? [] : [renderTable(['', 'check', 'detail'], rows, { color: false }), ''];
  const stageTags = plainTags(version.tags);
  const outcome = passed
    ? `${version.name} version ${version.version} is in ${version.stage}${stageTags === '' ? '' : ` (${stageTags})`}`
    : `${version.name} version ${version.version} stays in ${version.stage}: a check failed`;
  return [...table, outcome].join('\n');
}

/** Returns what an export wrote. */
export function renderExport(report: ExportReport): string {
  const { file, sizeBytes, sha256, model, format, form, inputs, outputs } = report;
  const listed = (columns: readonly ExportedColumn[]): string =>
    columns.length === 0 ? 'not known' : columns.map(exportedColumn).join(', ');
  return renderFacts([
    ['model', `${model} as ${format}${form === null ? '' : `, form ${form}`}`],
    ['file', file],
    ['size', `${sizeBytes} bytes`],
    ['SHA-256', sha256],
    ['inputs', listed(inputs)],
    ['outputs', listed(outputs)],
  ]);
}

function exportedColumn({ name, type, width }: ExportedColumn): string {
  return `${name} ${type}${width === undefined ? '' : ` [N, ${width}]`}`;
}

/** Returns a tree as it is, or where it was written to. */
export function renderTree({ content, file, model, format, tree, nTrees }: TreeReport): string {
  if (file === null) return content;
  return renderFacts([
    ['model', `${model}, tree ${tree} of ${nTrees} as ${format}`],
    ['file', file.path],
    ['size', `${file.sizeBytes} bytes`],
    ['SHA-256', file.sha256],
  ]);
}
