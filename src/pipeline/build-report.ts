import { VERSION } from '../core/index.js';
import type { Labels } from '../data/index.js';
import { REPORT_VERSION, type Report, reportHtml, reportJson, reportMarkdown } from '../report/index.js';
import type { ArtifactStore, Run, TrackingStore } from '../track/index.js';
import { experimentWarnings } from './experiment-parts.js';
import { groupsOf } from './interval-groups.js';
import { unitOf } from './read-data.js';
import { timeSpan, timesOf } from './report-columns.js';
import { errorsOf } from './report-errors.js';
import { BY_ROWS, headline, operatingFigures, ratesOf } from './report-headline.js';
import { type ReportInput, testView } from './report-input.js';
import { breakdownsOf, calibrationOf, curvesOf, decayOf } from './report-measures.js';
import { importancesOf, learningCurveOf } from './report-refits.js';
import { weaknessesOf } from './report-weaknesses.js';
import { countSamples, isTable } from './samples.js';

/** Artifacts of a run that hold its report. */
export const REPORT_FILE = 'report.json';

/**
 * Returns the report of an experiment: what was measured with its intervals, what it comes to in use, and what is weak.
 * Deterministic but for the learning curve and importances, which are left out, with the reason, where they take long.
 */
async function buildReport(input: ReportInput): Promise<Report> {
  const { config, detector, scored } = input;
  const view = testView(input);
  const numbers = headline(view);
  const operatingPoint = operatingFigures(input, view);
  const unseenSources = unseenFacts(input, numbers);
  const decay = decayOf(view);
  const importances = importancesOf(input, view);
  return {
    format: 'phantomnet-report',
    version: REPORT_VERSION,
    program: VERSION,
    run: input.run,
    model: {
      estimator: config.estimator.name,
      label: config.label.target,
      classes: [...scored.classes],
      positive: view.isBinary ? scored.classes[1]! : null,
      nFeatures: detector.features.length,
    },
    data: dataFacts(input),
    split: splitFacts(input),
    intervals: {
      level: 0.95,
      by: view.groupedBy,
      nGroups: view.groups === undefined ? null : new Set(view.groups).size,
    },
    headline: numbers,
    unseenSources,
    weaknesses: weaknessesOf(input, view, { headline: numbers, operatingPoint, unseenSources, decay }),
    operatingPoint,
    recallAtRates: ratesOf(view),
    confusionMatrix: view.evaluation.confusionMatrix.map((row) => [...row]),
    perClass: view.evaluation.perClass.map((c, i) => ({
      ...c,
      intervals: { ...view.byRows.perClass[i]?.intervals, ...c.intervals },
    })),
    curves: curvesOf(view),
    calibration: calibrationOf(view),
    decay,
    breakdowns: breakdownsOf(input, view),
    learningCurve: await learningCurveOf(input, view),
    importances,
    errors: errorsOf(input, view, importances),
    baselines: input.baselines.map(({ name, metrics }) => ({ name, metrics: { ...metrics } })),
    crossValidation: foldFacts(input),
    latency: { meanMs: input.latency.single.meanMs, p99Ms: input.latency.single.p99Ms },
    gates: [...input.gates],
    warnings: experimentWarnings({ ...input, audits: [] }),
    audits: input.audits.map(({ name, verdict, evidence, fix }) => ({
      ...{ name, verdict, evidence: evidence.words },
      fix: fix === '' ? null : fix,
    })),
  };
}

function dataFacts({ data, scored }: ReportInput): Report['data'] {
  const { source, testSource, train, test, all } = data;
  const span = timeSpan(timesOf(all.samples));
  const lastSpan = testSource === undefined ? span : (timeSpan(timesOf(test.samples)) ?? span);
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    path: source.path,
    testPath: testSource?.path ?? null,
    digest: source.digest,
    rows: countSamples(source.samples),
    unit: unitOf(source),
    ...(source.made === undefined ? {} : { events: source.made.events }),
    rejected: source.report.rejected,
    train: { rows: countSamples(train.samples), perClass: perClass(train.labels, scored.classes) },
    test: { rows: countSamples(test.samples), perClass: perClass(test.labels, scored.classes) },
    first: iso(span?.first),
    last: iso(lastSpan?.last),
    sources: sourceFacts(data),
  };
}

function perClass({ codes, classes: own }: Labels, classes: Labels['classes']): number[] {
  const counts = classes.map(() => 0);
  const place = own.map((label) => classes.indexOf(label));
  for (const code of codes) counts[place[code]!]!++;
  return counts;
}

function sourceFacts({ train, test }: ReportInput['data']): Report['data']['sources'] {
  const [ofTrain, ofTest] = [groupsOf(train.samples), groupsOf(test.samples)];
  if (ofTrain === undefined || ofTest === undefined) return null;
  const [trained, tested] = [new Set(ofTrain), new Set(ofTest)];
  const shared = [...tested].filter((source) => trained.has(source)).length;
  const isOwnName = isTable(test.samples) && test.samples.values.has('source_ip');
  return { column: isOwnName ? 'source_ip' : 'source.ip', train: trained.size, test: tested.size, shared };
}

function splitFacts({ config, data }: ReportInput): Report['split'] {
  const { method, testSize, testFrom = null, gap = null, nLeftOut = null, groupBy = null } = data.split;
  return { method, testSize, randomState: config.split.randomState, testFrom, gap, nLeftOut, groupBy };
}

function unseenFacts({ unseen }: ReportInput, numbers: Report['headline']): Report['unseenSources'] {
  if (unseen === null) return null;
  const { nSamples: rows, nSources: sources, metrics, intervals } = unseen;
  const isGrouped = Object.values(intervals).some(({ method }) => method === 'clusterBootstrap');
  const headline = numbers.map(({ name }) => {
    const interval = intervals[name] ?? null;
    const isByRows = isGrouped && interval !== null && interval.method !== 'clusterBootstrap';
    return { name, value: metrics[name] ?? null, interval, reason: isByRows ? BY_ROWS : null };
  });
  return { rows, sources, headline };
}

function foldFacts({ folds }: ReportInput): Report['crossValidation'] {
  if (folds === null) return null;
  return {
    folds: folds.folds,
    repeats: folds.repeats,
    method: folds.method,
    mean: { ...folds.mean },
    std: { ...folds.std },
  };
}

/** Makes the report of a run and logs it; returns it. */
export async function reportRun(
  tracking: TrackingStore,
  { info }: Run,
  { experiment, ...input }: Omit<ReportInput, 'run'> & { readonly experiment: string },
): Promise<Report> {
  const { runId, runName, startTime } = info;
  const run = { runId, runName, experiment, startedAt: new Date(startTime).toISOString() };
  const report = await buildReport({ ...input, run });
  await logReport(tracking.artifacts(info.artifactUri), report);
  return report;
}

/** Logs a report as artifacts of its run: as JSON, Markdown and a page. */
async function logReport(artifacts: Pick<ArtifactStore, 'put'>, report: Report): Promise<void> {
  await artifacts.put(REPORT_FILE, reportJson(report));
  await artifacts.put('report.md', reportMarkdown(report));
  await artifacts.put('report.html', reportHtml(report));
}
