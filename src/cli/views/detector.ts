import type { BenchmarkResult, DeploymentReport, EvaluationResult } from '../../pipeline/index.js';
import { milliseconds, renderFacts, renderTable, share, verdict } from './table.js';

/** The figures that are shown, by the names that training gives them. Those that are weighted are so by the rows of the classes. */
const FIGURES: readonly (readonly [name: string, title: string])[] = [
  ['accuracy', 'accuracy'],
  ['precision', 'precision (weighted)'],
  ['recall', 'recall (weighted)'],
  ['f1', 'F1 (weighted)'],
  ['f1Macro', 'F1 (mean of classes)'],
  ['balancedAccuracy', 'balanced accuracy'],
  ['mcc', 'MCC'],
  ['rocAuc', 'ROC AUC'],
  ['prAuc', 'PR AUC'],
  ['logLoss', 'log loss'],
  ['brier', 'Brier score'],
];

/** Returns how right a detector is. */
export function renderEvaluation(result: EvaluationResult): string {
  const metric = (name: string): string => share(result.metrics[name], result.intervals[name]);
  const facts = FIGURES.filter(([name]) => result.metrics[name] !== undefined).map(
    ([name, title]): [string, string] => [title, metric(name)],
  );
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
    // Some say the metric themselves.
    ...ofOne.map(({ metric, message }) =>
      message.startsWith(`${metric} `) ? `warning: ${message}` : `warning: ${metric}: ${message}`,
    ),
  ].join('\n');
}

/** Returns a latency benchmark. */
export function renderBenchmark(result: BenchmarkResult): string {
  const { machine, single, whole } = result;
  const { unit } = result.data;
  const row = (name: string, s: BenchmarkResult['single']): string[] => [
    name,
    // The head says the unit, so that the table fits into 80 columns.
    ...[s.meanMs, s.minMs, s.p50Ms, s.p95Ms, s.p99Ms, s.maxMs].map((ms) =>
      milliseconds(ms).replace(/ ms$/, ''),
    ),
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
      [`${single.calls} calls, ms`, 'mean', 'min', 'p50', 'p95', 'p99', 'max', `${unit}s/s`],
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
