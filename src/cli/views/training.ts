import type { ExperimentResult } from '../../pipeline/index.js';
import { milliseconds, renderFacts, share } from './table.js';

/** Returns the summary of one experiment. */
export function renderTraining(result: ExperimentResult, _options: { readonly color: boolean }): string {
  const { metrics, intervals, crossValidation: cv } = result;
  const metric = (name: string): string => share(metrics[name], intervals[name]);
  const facts: [string, string][] = [
    ['run', `${result.runName} (${result.runId}) in experiment ${result.experiment.name}`],
    ['data', fileFacts(result.data)],
    ...(result.data.test === undefined
      ? []
      : [['test data', fileFacts(result.data.test)] as [string, string]]),
    ['trained', `${result.estimator} on ${listed(result.features)} for ${result.label}`],
    ...(result.from === null
      ? []
      : [['went on from', `${result.from.model}, of ${result.from.nTrees} trees`] as [string, string]]),
    ['split', splitFacts(result.split)],
    ['accuracy', metric('accuracy')],
    ['precision', metric('precision')],
    ['recall', metric('recall')],
    ['F1', metric('f1')],
    ['ROC AUC', metric('rocAuc')],
  ];
  const { unseenSources: unseen } = result;
  if (unseen !== null)
    facts.push([
      'new sources',
      `accuracy ${share(unseen.metrics['accuracy'], unseen.intervals['accuracy'])}, ROC AUC ${share(unseen.metrics['rocAuc'], unseen.intervals['rocAuc'])} on ${unseen.nSamples} rows of ${unseen.nSources} sources not trained on`,
    ]);
  if (result.oobScore !== null) facts.push(['out of bag', `accuracy ${share(result.oobScore)}`]);
  if (cv !== null)
    facts.push([
      'cross-validation',
      `accuracy ${share(cv.mean['accuracy'])} ± ${share(cv.std['accuracy'])} over ${cv.folds} ${cv.method === 'stratified' ? '' : `${cv.method} `}folds of the ${cv.on === 'train' ? 'training rows' : 'whole set'}`,
    ]);
  facts.push([
    'latency',
    `${milliseconds(result.latencyMs)} an event (p99 ${milliseconds(result.latency.single.p99Ms)})`,
  ]);
  for (const baseline of result.baselines)
    facts.push([`baseline ${baseline.name}`, `accuracy ${share(baseline.metrics['accuracy'])}`]);
  for (const gate of result.gates)
    facts.push([
      `gate ${gate.name}`,
      `${gate.passed ? 'passed' : 'FAILED'}: ${Number(gate.value.toPrecision(4))}, limit ${gate.limit}`,
    ]);
  facts.push(['model', result.model.address]);
  const warnings = result.warnings.map((w) => `warning: ${w}`);
  return [renderFacts(facts), ...warnings].join('\n');
}

function splitFacts(split: ExperimentResult['split']): string {
  const { method, groupBy, testFrom, gap, nLeftOut, nTrain, nTest } = split;
  const how = [
    method === 'file' ? 'by file' : method,
    ...(groupBy === undefined ? [] : [`by ${groupBy}`]),
    ...(testFrom === undefined ? [] : [`from ${testFrom}`]),
  ].join(' ');
  const rows = `${how}, ${nTrain} training rows, ${nTest} test rows`;
  return gap === undefined ? rows : `${rows}, ${nLeftOut} left out in a gap of ${gap}`;
}

function fileFacts({ path, rows, rejected }: Omit<ExperimentResult['data'], 'test'>): string {
  return `${path}: ${rows} rows, ${rejected} rejected`;
}

function listed(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.length} features`;
}
