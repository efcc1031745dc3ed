import type { SearchReport, SearchResult } from '../../pipeline/index.js';
import { renderFacts, renderTable, share } from './table.js';
import { renderTraining } from './training.js';

/** How many trials are shown; all are in the JSON and in the run's search.json. */
const SHOWN = 10;

/** Returns the best trials of a search, its two scores, and the summary of the winner as `train` prints it. */
export function renderSearch(result: SearchResult, options: { readonly color: boolean }): string {
  const { search } = result;
  const shown = best(search).slice(0, SHOWN);
  const rows = shown.map((trial) => [
    String(trial.trial),
    ...(search.rungs.length > 1 ? [String(trial.nResources)] : []),
    `${share(trial.mean ?? undefined)} ± ${share(trial.std ?? undefined)}`,
    describe(search, trial),
  ]);
  const head = ['trial', ...(search.rungs.length > 1 ? [search.resource] : []), search.metric, 'params'];
  return [
    renderTable(head, rows, options),
    '',
    renderFacts(facts(search, shown.length)),
    '',
    renderTraining(result, options),
  ].join('\n');
}

/** Finished trials, those of the highest rung first, the best of each before the others. */
function best({ trials, metric }: SearchReport): SearchReport['trials'] {
  const sign = ['logLoss', 'brier'].includes(metric) ? -1 : 1;
  return trials
    .filter((trial) => trial.mean !== null)
    .sort((a, b) => b.rung - a.rung || sign * (b.mean! - a.mean!) || a.trial - b.trial);
}

/** What the trials differ in: params, estimator, features and other keys. */
function describe({ trials, resource }: SearchReport, trial: SearchReport['winner']): string {
  const isVaried = (of: (one: SearchReport['winner']) => unknown) =>
    new Set(trials.map((one) => JSON.stringify(of(one)))).size > 1;
  const params = Object.entries(trial.params).filter(
    ([name]) => name !== resource && isVaried((one) => one.params[name]),
  );
  const settings = Object.entries(trial.settings).filter(([name]) => isVaried((one) => one.settings[name]));
  return [
    ...(isVaried((one) => one.estimator) ? [trial.estimator] : []),
    ...params.map(([name, value]) => `${name}=${short(value)}`),
    ...(isVaried((one) => one.features) ? [`features=${String(trial.features)}`] : []),
    ...settings.map(([name, value]) => `${name}=${short(value)}`),
  ].join(' ');
}

function short(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function facts(search: SearchReport, nShown: number): [string, string][] {
  const { strategy, nCandidates, nCombinations, trials, metric, inner, outer, winner } = search;
  const nFailed = trials.filter(({ status }) => status === 'failed').length;
  const of = nCombinations === null ? '' : ` of ${nCombinations}`;
  return [
    [
      'search',
      `${strategy}, ${nCandidates}${of} combinations, ${trials.length} ${trials.length === 1 ? 'trial' : 'trials'}, ${nFailed} failed, ${nShown} shown`,
    ],
    ['winner', `trial ${winner.trial}, run ${winner.runId}`],
    [
      `inner ${metric}`,
      `${share(inner.mean)} ± ${share(inner.std)} over ${search.folds} folds, the best of ${inner.bestOf}: optimistic`,
    ],
    [
      `outer ${metric}`,
      `${share(outer.value ?? undefined, outer.interval ?? undefined)} on the test rows, which no trial saw`,
    ],
  ];
}
