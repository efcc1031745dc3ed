import { stripVTControlCharacters } from 'node:util';
import { displayWidth, shortened } from '../../core/index.js';
import type { RunDetails, RunSummary } from '../../pipeline/index.js';
import { renderFacts, renderTable, share } from './table.js';

/** Digits of an id that tell it from others: in one of ours they are the time in milliseconds. */
const SHORT_ID = 12;
/** Columns of name and experiment beside it, tried one after the other. */
const NAME_LENGTHS = [32, 24, 16, 12, 9];

/**
 * Returns runs as a table; roles have a column where they differ. In a terminal that is too narrow, ids are cut to
 * their beginning, which commands take as well, names to what there is room for, and one experiment has no column.
 */
export function renderRuns(
  runs: readonly RunSummary[],
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  if (runs.length === 0) return 'no runs; start with: phantomnet quickstart';
  let table = runTable(runs, { color });
  for (const name of NAME_LENGTHS) {
    if (table.split('\n').every((line) => displayWidth(stripVTControlCharacters(line)) <= width)) break;
    table = runTable(runs, { color, most: { id: SHORT_ID, name } });
  }
  return table;
}

function runTable(
  runs: readonly RunSummary[],
  {
    color,
    most,
  }: { readonly color: boolean; readonly most?: { readonly id: number; readonly name: number } },
): string {
  const cut = (text: string): string => (most === undefined ? text : shortened(text, most.name));
  const hasExperiments = most === undefined || new Set(runs.map((run) => run.experiment)).size > 1;
  const hasRoles = runs.some(({ role }) => role !== 'experiment');
  const rows = runs.map((run) => [
    run.runId.slice(0, most?.id),
    cut(run.runName),
    ...(hasExperiments ? [cut(run.experiment)] : []),
    ...(hasRoles ? [run.role ?? ''] : []),
    run.status,
    share(run.metrics['accuracy']),
    share(run.metrics['f1']),
    run.startTime.slice(0, 16).replace('T', ' '),
  ]);
  const head = [
    ...['run', 'name'],
    ...(hasExperiments ? ['experiment'] : []),
    ...(hasRoles ? ['role'] : []),
    ...['status', 'accuracy', 'F1'],
  ];
  return renderTable([...head, 'started (UTC)'], rows, { color, right: [head.length - 2, head.length - 1] });
}

/** Returns everything of one run. */
export function renderRun(run: RunDetails): string {
  const pairs = (record: Readonly<Record<string, string | number>>): [string, string][] =>
    Object.entries(record)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [`  ${key}`, String(value)]);
  const reason = run.tags['phantomnet.statusReason'];
  return renderFacts([
    ['run', `${run.runName} (${run.runId})`],
    ['experiment', run.experiment],
    [
      'status',
      `${run.status}${reason === undefined ? '' : `: ${reason}`}${run.lifecycleStage === 'deleted' ? ' (deleted)' : ''}`,
    ],
    [
      'started',
      `${run.startTime}${run.durationMs === null ? '' : `, took ${(run.durationMs / 1000).toFixed(1)} s`}`,
    ],
    ['params', ''],
    ...pairs(run.params),
    ['metrics', ''],
    ...pairs(run.metrics),
    ['tags', ''],
    ...pairs(run.tags),
    ['data sets', run.datasets.map((d) => `${d.name} (${d.digest})`).join(', ')],
    ['models', run.models.map((id) => `models:/${id}`).join(', ')],
    [
      'artifacts',
      `${run.artifactUri}: ${run.artifacts.map((a) => a.path + (a.isDirectory ? '/' : '')).join(', ')}`,
    ],
  ]);
}
