import type { BenchmarkResult, DeploymentReport, EvaluationResult } from '../../pipeline/index.js';
import { milliseconds, renderFacts, renderTable, share, verdict } from './table.js';

/** Means over the classes, weighted by their rows. */
const WEIGHTED: ReadonlySet<string> = new Set(['precision', 'recall', 'f1']);

/** Returns how right a detector is. */
export function renderEvaluation(result: EvaluationResult): string {
  const metric = (name: string): string => share(result.metrics[name], result.intervals[name]);
  const names = [
    'accuracy',
    'precision',
    'recall',
    'f1',
    'f1Macro',
    'balancedAccuracy',
    'mcc',
    'rocAuc',
    'prAuc',
    'logLoss',
    'brier',
  ];
  const facts = names
    .filter((n) => result.metrics[n] !== undefined)
    .map((n) => [WEIGHTED.has(n) ? `${n} (weighted)` : n, metric(n)] as [string, string]);
  const labels = result.perClass.map((c) => String(c.label));
  const matrix = renderTable(
    ['true \\ predicted', ...labels],
    result.confusionMatrix.map((row, i) => [labels[i]!, ...row.map(String)]),
    { color: false, right: labels.map((_, i) => i + 1) },
  );
  const head: [string, string][] = [
    ['model', result.model],
    [
      'data',
      `${result.data.path}: ${result.nSamples} ${result.data.unit}s, ${result.data.rejected} rejected`,
    ],
  ];
  // What is to be known of all figures is read before them.
  const ofAll = result.warnings.filter(({ metric }) => metric === 'all');
  const ofOne = result.warnings.filter(({ metric }) => metric !== 'all');
  return [
    ...ofAll.map(({ message }) => `warning: ${message}`),
    renderFacts([...head, ...facts]),
    '',
    matrix,
    ...ofOne.map(({ metric, message }) => `warning: ${metric}: ${message}`),
  ].join('\n');
}

/** Returns a latency benchmark. */
export function renderBenchmark(result: BenchmarkResult): string {
  const { machine, single, whole } = result;
  const { unit } = result.data;
  const row = (name: string, s: BenchmarkResult['single']): string[] => [
    name,
    ...[s.meanMs, s.minMs, s.p50Ms, s.p95Ms, s.p99Ms, s.maxMs].map(milliseconds),
    Math.round(s.eventsPerSecond).toLocaleString('en-US'),
  ];
  return [
    renderFacts([
      ['model', result.model],
      ['data', `${result.data.path}: ${result.data.rows} ${unit}s`],
      [
        'machine',
        `${machine.cpuModel}, ${machine.cores} cores, Node ${machine.nodeVersion}, ${machine.platform}`,
      ],
      ['first call', milliseconds(result.coldMs)],
    ]),
    '',
    renderTable(
      [`${single.calls} calls`, 'mean', 'min', 'p50', 'p95', 'p99', 'max', `${unit}s/s`],
      [row(`one ${unit}`, single), row(`${whole.eventsPerCall} ${unit}s`, whole)],
      { color: false, right: [1, 2, 3, 4, 5, 6, 7] },
    ),
    '',
    `${result.passed ? 'passed' : 'FAILED'}: mean of one ${unit} ${milliseconds(single.meanMs)}, limit ${result.limitMs} ms`,
  ].join('\n');
}

/** Returns pass or fail of each deployment check. */
export function renderDeployReport(report: DeploymentReport): string {
  const rows = report.checks.map((c) => [verdict(c.passed), c.name, c.detail]);
  return [
    renderTable(['', 'check', 'detail'], rows, { color: false }),
    '',
    `${report.passed ? 'passed' : 'FAILED'}: ${report.address}${report.predictions.length > 0 ? `, predictions ${JSON.stringify(report.predictions)}` : ''}`,
  ].join('\n');
}
