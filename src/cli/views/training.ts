import { visible } from '../../core/index.js';
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
      `accuracy ${share(cv.mean['accuracy'])} ± ${share(cv.std['accuracy'])} over ${cv.repeats > 1 ? `${cv.repeats} × ` : ''}${cv.folds} ${cv.method === 'stratified' ? '' : `${cv.method} `}folds of the ${cv.on === 'train' ? 'training rows' : 'whole set'}`,
    ]);
  if (result.decision !== null) facts.push(['threshold', decisionFacts(result.decision)]);
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

function decisionFacts({
  threshold,
  positiveClass,
  rule,
  calibration,
  validation,
  test,
}: NonNullable<ExperimentResult['decision']>): string {
  const above = typeof threshold === 'number' ? Number(threshold.toPrecision(4)) : threshold;
  const how = [
    `class ${visible(String(positiveClass))} above ${above}`,
    ...(rule === null ? [] : [`for ${rule.kind}`]),
    ...(calibration === null ? [] : [`after ${calibration} calibration`]),
  ].join(', ');
  const rates = (point: typeof test): string =>
    `recall ${share(point?.recall?.value)}, false-positive rate ${share(point?.falsePositiveRate?.value)}`;
  return [
    how,
    ...(validation === null ? [] : [`${rates(validation)} out of fold`]),
    ...(test === null ? [] : [`${rates(test)} on the test rows`]),
  ].join('; ');
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

function fileFacts({ path, rows, rejected, madeOf }: Omit<ExperimentResult['data'], 'test'>): string {
  const samples =
    madeOf === undefined ? `${rows} rows` : `${rows} ${madeOf.unit}s of ${madeOf.events} events`;
  return `${path}: ${samples}, ${rejected} rejected`;
}

function listed(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.length} features`;
}
