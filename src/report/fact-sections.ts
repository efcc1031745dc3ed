import { type Block, type Section, table, text } from './blocks.js';
import type { Report } from './document.js';
import { count, counted, decimal, metricTitle } from './format.js';
import { shownText } from './text.js';
import { splitWords } from './words.js';

/** Returns the most confident errors, with a few columns of each row. */
export function errorsSection({ errors }: Report): Section {
  const { total, rows } = errors;
  const blocks: Block[] = [
    text(
      total === 0
        ? 'There is no error on the test rows.'
        : `${counted(total, 'error')} on the test rows; the ${count(rows.length)} of which the model is most sure are listed. Look here for wrong labels, new attacks and features that are missing.`,
    ),
  ];
  for (const kind of ['missed', 'false alert', 'wrong class'] as const) {
    const listed = rows.filter((row) => row.kind === kind);
    if (listed.length === 0) continue;
    const titles = {
      missed: 'Missed',
      'false alert': 'False alerts',
      'wrong class': 'Taken for another class',
    };
    const names = [...new Set(listed.flatMap(({ columns }) => columns.map(({ name }) => name)))].slice(0, 8);
    blocks.push(
      table(
        titles[kind],
        ['file and line', 'true', 'predicted', '#score', ...names.map((name) => shownText(name, 40))],
        listed.map((row) => [
          `${shownText(row.file.replace(/^.*[/\\]/, ''), 60)}:${row.line}`,
          shownText(row.actual, 30),
          shownText(row.predicted, 30),
          decimal(row.score),
          ...names.map((name) =>
            shownText(row.columns.find((column) => column.name === name)?.value ?? '', 80),
          ),
        ]),
      ),
    );
  }
  return { id: 'errors', title: 'Errors to look at', blocks };
}

const BASELINE_METRICS = ['accuracy', 'f1Macro', 'prAuc', 'rocAuc'];

/** Returns the model beside its baselines, its cross-validation and its gates. */
export function baselinesSection({
  baselines,
  headline,
  model,
  crossValidation: cv,
  gates,
  latency,
  data,
}: Report): Section {
  const value = (number: number | null | undefined) => (number == null ? '–' : decimal(number));
  const own = (name: string) => headline.find((h) => h.name === name)?.value;
  const rows = [
    [shownText(model.estimator, 40), ...BASELINE_METRICS.map((name) => value(own(name)))],
    ...baselines.map(({ name, metrics }) => [
      `baseline ${shownText(name, 40)}`,
      ...BASELINE_METRICS.map((metric) =>
        value(Object.hasOwn(metrics, metric) ? metrics[metric] : undefined),
      ),
    ]),
    ...(cv === null
      ? []
      : [
          [
            `mean of ${cv.repeats === undefined || cv.repeats === 1 ? '' : `${cv.repeats} × `}${cv.folds} ${shownText(cv.method, 30)} folds`,
            ...BASELINE_METRICS.map((name) =>
              cv.mean[name] === undefined ? '–' : `${decimal(cv.mean[name])} ± ${decimal(cv.std[name] ?? 0)}`,
            ),
          ],
        ]),
  ];
  return {
    id: 'baselines',
    title: 'Beside simpler models',
    blocks: [
      ...(baselines.length === 0 ? [text('No baseline was trained beside it.')] : []),
      table(
        'On the same test rows',
        ['model', ...BASELINE_METRICS.map((name) => `#${metricTitle(name)}`)],
        rows,
      ),
      text(
        `One ${data.unit === 'session' ? 'session' : 'event'} takes ${Number(latency.meanMs.toPrecision(3))} ms on average from raw ${data.unit === 'session' ? 'events' : 'event'} to prediction (99th percentile ${Number(latency.p99Ms.toPrecision(3))} ms) where it was trained.`,
      ),
      ...(gates.length === 0
        ? []
        : [
            table(
              'Gates',
              ['gate', 'verdict', '#value', '#limit'],
              gates.map((gate) => [
                shownText(gate.name, 40),
                gate.passed ? 'passed' : 'FAILED',
                String(Number(gate.value.toPrecision(4))),
                String(gate.limit),
              ]),
            ),
          ]),
    ],
  };
}

/** Returns what was read and how it was split. */
export function dataSection(report: Report): Section {
  const { data, model, split, run, program } = report;
  const { sources } = data;
  return {
    id: 'data',
    title: 'Data and split',
    blocks: [
      text(splitWords(report)),
      table(
        'Rows',
        ['class', '#training rows', '#test rows'],
        [
          ...model.classes.map((label, c) => [
            shownText(label, 40),
            count(data.train.perClass[c] ?? 0),
            count(data.test.perClass[c] ?? 0),
          ]),
          ['all', count(data.train.rows), count(data.test.rows)],
        ],
      ),
      {
        kind: 'list',
        items: [
          `File: ${shownText(data.path)}, ${counted(data.rows, data.unit ?? 'row')} read${data.events === undefined ? '' : ` from ${counted(data.events, 'event')}`}, ${count(data.rejected)} rejected, SHA-256 ${shownText(data.digest, 64)}`,
          ...(data.testPath === null ? [] : [`Test file: ${shownText(data.testPath)}`]),
          data.first === null || data.last === null
            ? 'Times: the rows have none'
            : `Times: ${shownText(data.first, 30)} to ${shownText(data.last, 30)}`,
          sources === null
            ? 'Sources: the rows name none'
            : `Sources (${shownText(sources.column, 40)}): ${count(sources.train)} in training, ${count(sources.test)} in test, ${count(sources.shared)} in both`,
          `Model: ${shownText(model.estimator, 40)} on ${counted(model.nFeatures, 'feature')} for ${shownText(model.label, 60)}`,
          `Run: ${shownText(run.runName, 80)} (${shownText(run.runId, 64)}) in experiment ${shownText(run.experiment, 80)}, ${shownText(run.startedAt, 30)}`,
          `Seed ${split.randomState}, phantomnet ${shownText(program, 20)}`,
        ],
      },
    ],
  };
}

/** Returns the warnings of the run and, where there were any, its audits. */
export function warningsSection({ warnings, audits = [] }: Report): Section {
  return {
    id: 'warnings',
    title: 'Warnings and audits',
    blocks: [
      warnings.length === 0
        ? text('There was no warning.')
        : { kind: 'list', items: warnings.map((warning) => shownText(warning, 1000)) },
      ...(audits.length === 0
        ? []
        : [
            table(
              'Audits of the data',
              ['audit', 'verdict', 'evidence', 'what to do'],
              audits.map(({ name, verdict, evidence, fix }) => [
                shownText(name, 60),
                shownText(verdict, 20),
                shownText(evidence, 300),
                shownText(fix ?? '', 300),
              ]),
            ),
          ]),
    ],
  };
}
