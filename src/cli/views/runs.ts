import type { RunDetails, RunSummary } from '../../pipeline/index.js';
import { renderFacts, renderTable, share } from './table.js';

/** Returns runs as a table. */
export function renderRuns(runs: readonly RunSummary[], options: { readonly color: boolean }): string {
  if (runs.length === 0) return 'no runs; start with: phantomnet quickstart';
  const rows = runs.map((run) => [
    run.runId,
    run.runName,
    run.experiment,
    run.role ?? '',
    run.status,
    share(run.metrics['accuracy']),
    share(run.metrics['f1']),
    run.startTime.slice(0, 16).replace('T', ' '),
  ]);
  return renderTable(
    ['run', 'name', 'experiment', 'role', 'status', 'accuracy', 'F1', 'started (UTC)'],
    rows,
    {
      ...options,
      right: [5, 6],
    },
  );
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
