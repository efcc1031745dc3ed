import type { Report } from '#src/report/index.js';

const wilson = (low: number, high: number) => ({ low, high, level: 0.95, method: 'wilson' });

/** Returns a small report of two classes, written by hand; `changes` replace parts of it. */
export function sampleReport(changes: Partial<Report> = {}): Report {
  return { ...REPORT, ...changes };
}

const REPORT: Report = {
  format: 'phantomnet-report',
  version: 1,
  program: '0.1.0',
  run: { runId: 'r1', runName: 'first', experiment: 'Default', startedAt: '2026-01-02T03:04:05.000Z' },
  model: { estimator: 'stump', label: 'is_attack', classes: [0, 1], positive: 1, nFeatures: 2 },
  data: {
    path: 'logs/events.csv',
    testPath: null,
    digest: 'ab12',
    rows: 300,
    rejected: 1,
    train: { rows: 200, perClass: [150, 50] },
    test: { rows: 100, perClass: [80, 20] },
    first: '2026-01-01T00:00:00.000Z',
    last: '2026-01-03T00:00:00.000Z',
    sources: { column: 'source.ip', train: 9, test: 5, shared: 4 },
  },
  split: {
    method: 'time',
    testSize: 0.2,
    randomState: 42,
    testFrom: null,
    gap: '1h',
    nLeftOut: 3,
    groupBy: null,
  },
  intervals: { level: 0.95, by: 'source', nGroups: 5 },
  headline: [
    { name: 'recallBinary', value: 0.95, interval: wilson(0.764, 0.991), reason: null },
    { name: 'prAuc', value: null, interval: null, reason: 'prAuc is undefined: no scores' },
    { name: 'f1Macro', value: 0.93, interval: null, reason: null },
  ],
  unseenSources: {
    rows: 30,
    sources: 3,
    headline: [{ name: 'recallBinary', value: 0.5, interval: wilson(0.19, 0.81), reason: null }],
  },
  weaknesses: ['Few test rows of the class 1 (20): what is said of it can be chance.'],
  operatingPoint: {
    threshold: 0.83,
    truePositives: 19,
    falsePositives: 2,
    falseNegatives: 1,
    trueNegatives: 78,
    recall: { value: 0.95, interval: wilson(0.764, 0.991) },
    falsePositiveRate: { value: 0.025, interval: wilson(0.007, 0.087) },
    precision: { value: 0.9048, interval: wilson(0.711, 0.973) },
    stated: {
      baseRate: 0.01,
      eventsADay: 1200,
      eventsFrom: 'config',
      precision: { value: 0.9, interval: wilson(0.5, 0.99) },
      alertsADay: { value: 12.4, interval: wilson(8.2, 19.1) },
      falseAlertsADay: { value: 1.2, interval: null },
    },
    data: { baseRate: 0.2, eventsADay: 150, alertsADay: 31.5 },
  },
  recallAtRates: [
    { rate: 0.01, recall: { value: 0.8, interval: null }, threshold: 0.9, needs: null, reason: null },
    {
      rate: 0.001,
      recall: null,
      threshold: null,
      needs: 10000,
      reason: 'not estimable: needs 10000 negatives',
    },
  ],
  confusionMatrix: [
    [78, 2],
    [1, 19],
  ],
  perClass: [
    { label: 0, precision: 0.987, recall: 0.975, f1: 0.981, support: 80, predicted: 79, intervals: {} },
    {
      label: 1,
      precision: 0.9048,
      recall: 0.95,
      f1: 0.927,
      support: 20,
      predicted: 21,
      intervals: { recall: wilson(0.764, 0.991) },
    },
  ],
  curves: {
    roc: [
      [0, 0],
      [0.025, 0.95],
      [1, 1],
    ],
    precisionRecall: [
      [0.95, 0.9048],
      [1, 0.2],
    ],
  },
  calibration: {
    of: 'positive',
    bins: [
      { low: 0, high: 0.5, samples: 79, meanScore: 0.05, share: 0.0127, interval: wilson(0.002, 0.068) },
      { low: 0.5, high: 1, samples: 21, meanScore: 0.9, share: 0.9048, interval: wilson(0.711, 0.973) },
    ],
    ece: 0.031,
    brier: 0.028,
  },
  decay: {
    period: 'day',
    series: [
      {
        name: 'recall',
        aut: 0.94,
        points: [
          { start: 0, index: 0, samples: 60, value: 1, interval: wilson(0.7, 1) },
          { start: 2 * 86_400_000, index: 2, samples: 40, value: 0.9, interval: wilson(0.6, 0.98) },
        ],
      },
    ],
    emptyPeriods: 1,
    withoutTime: 0,
  },
  breakdowns: [
    {
      by: 'observer.name',
      measure: 'recall',
      nGroups: 2,
      groups: [
        {
          group: 'sensor a',
          samples: 40,
          positives: 8,
          falsePositives: 1,
          falseNegatives: 1,
          value: { value: 0.875, interval: wilson(0.53, 0.98) },
        },
        { group: '', samples: 60, positives: 0, falsePositives: 1, falseNegatives: 0, value: null },
      ],
    },
  ],
  learningCurve: {
    metric: 'f1Macro',
    points: [
      { size: 20, value: 0.7, interval: wilson(0.6, 0.8) },
      { size: 200, value: 0.93, interval: wilson(0.88, 0.97) },
    ],
  },
  importances: {
    metric: 'f1Macro',
    baseline: 0.93,
    rows: 100,
    repeats: 3,
    features: [
      { feature: 'payload_length', mean: 0.41, std: 0.02 },
      { feature: 'protocol', mean: 0, std: 0 },
    ],
  },
  errors: {
    total: 3,
    rows: [
      {
        kind: 'missed',
        file: 'logs/events.csv',
        line: 77,
        actual: 1,
        predicted: 0,
        score: 0.12,
        columns: [{ name: 'payload', value: 'USER x' }],
      },
    ],
  },
  baselines: [{ name: 'majority', metrics: { accuracy: 0.8, f1Macro: 0.444 } }],
  crossValidation: { folds: 5, method: 'stratified', mean: { accuracy: 0.96 }, std: { accuracy: 0.01 } },
  latency: { meanMs: 0.119, p99Ms: 0.22 },
  gates: [{ name: 'accuracy', passed: true, value: 0.97, limit: 0.85 }],
  warnings: ['a warning of the data'],
};
