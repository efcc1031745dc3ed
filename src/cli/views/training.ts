import { visible } from '../../core/index.js';
import type { ExperimentResult } from '../../pipeline/index.js';
import { milliseconds, renderFacts, share } from './table.js';

/** Returns the summary of one experiment. */
export function renderTraining(result: ExperimentResult, _options: { readonly color: boolean }): string {
  const { metrics, intervals, perClass, crossValidation: cv } = result;
  const { unit } = result.data;
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
    ['split', splitFacts(result.split, unit)],
    ['accuracy', metric('accuracy')],
    ['precision (weighted)', metric('precision')],
    ['recall (weighted)', metric('recall')],
    ['F1 (weighted)', metric('f1')],
    ['F1 (mean of classes)', metric('f1Macro')],
    ['ROC AUC', metric('rocAuc')],
    ...(perClass.length === 2 ? [positiveFacts(perClass[1]!)] : []),
  ];
  const { unseenSources: unseen } = result;
  if (unseen !== null)
    facts.push([
      'new sources',
      `accuracy ${share(unseen.metrics['accuracy'], unseen.intervals['accuracy'])}, ROC AUC ${share(unseen.metrics['rocAuc'], unseen.intervals['rocAuc'])} on ${unseen.nSamples} ${unit}s of ${unseen.nSources} sources not trained on`,
    ]);
  if (result.oobScore !== null) facts.push(['out of bag', `accuracy ${share(result.oobScore)}`]);
  if (cv !== null)
    facts.push([
      'cross-validation',
      `accuracy ${share(cv.mean['accuracy'])} ± ${share(cv.std['accuracy'])} over ${cv.repeats === 1 ? '' : `${cv.repeats} × `}${cv.folds} ${cv.method === 'stratified' ? '' : `${cv.method} `}folds of the ${cv.on === 'train' ? `training ${unit}s` : 'whole set'}`,
    ]);
  if (result.decision !== null) facts.push(['threshold', decisionFacts(result.decision)]);
  facts.push([
    'latency',
    `${milliseconds(result.latencyMs)} ${unit === 'event' ? 'an' : 'a'} ${unit} (p99 ${milliseconds(result.latency.single.p99Ms)})`,
  ]);
  for (const baseline of result.baselines)
    facts.push([`baseline ${baseline.name}`, `accuracy ${share(baseline.metrics['accuracy'])}`]);
  for (const gate of result.gates)
    facts.push([
      `gate ${gate.name}`,
      `${gate.passed ? 'passed' : 'FAILED'}: ${Number(gate.value.toPrecision(4))}, limit ${gate.limit}`,
    ]);
  facts.push(['model', result.model.address]);
  const warnings = result.warnings.map((words) => `warning: ${visible(shortened(words))}`);
  return [renderFacts(facts), ...warnings].join('\n');
}

/** Of the class that alerts: what the report shows. */
function positiveFacts({ label, precision, recall, intervals }: ExperimentResult['perClass'][number]) {
  const words = `precision ${share(precision, intervals['precision'])}, recall ${share(recall, intervals['recall'])}`;
  return [`of class ${visible(String(label))}`, words] as [string, string];
}

/** Lists of columns can be long; the report has all of a warning. */
const MAX_WARNING = 160;

function shortened(words: string): string {
  if (words.length <= MAX_WARNING) return words;
  const cut = words.slice(0, MAX_WARNING);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_WARNING / 2))} … (the rest is in the report)`;
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
    ...(rule === null ? [] : [`for ${ruleWords(rule)}`]),
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

function ruleWords(rule: NonNullable<NonNullable<ExperimentResult['decision']>['rule']>): string {
  switch (rule.kind) {
    case 'alert-budget':
      return `at most ${rule.alertsADay} alerts a day among ${rule.eventsADay}`;
    case 'false-positive-rate':
      return `a false-positive rate of at most ${rule.rate}`;
    case 'cost':
      return `the least cost (false alert ${rule.costFp}, miss ${rule.costFn})`;
    case 'best-f1':
      return 'the best F1';
  }
}

function splitFacts(split: ExperimentResult['split'], unit: ExperimentResult['data']['unit']): string {
  const { method, groupBy, testFrom, gap, nLeftOut, nTrain, nTest } = split;
  const how = [
    method === 'file' ? 'by file' : method,
    ...(groupBy === undefined ? [] : [`by ${groupBy}`]),
    ...(testFrom === undefined ? [] : [`from ${testFrom}`]),
  ].join(' ');
  const rows = `${how}, ${nTrain} training ${unit}s, ${nTest} test ${unit}s`;
  return gap === undefined ? rows : `${rows}, ${nLeftOut} left out in a gap of ${gap}`;
}

function fileFacts({ path, rows, unit, events, rejected }: Omit<ExperimentResult['data'], 'test'>): string {
  const of = events === undefined || events === rows ? '' : ` of ${events} events`;
  return `${path}: ${rows} ${unit}s${of}, ${rejected} rejected`;
}

function listed(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.length} features`;
}
