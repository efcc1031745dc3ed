import { fieldText } from '../data/index.js';
import { worstErrors } from '../evaluate/index.js';
import type { Report } from '../report/index.js';
import { reportColumns } from './report-columns.js';
import type { ReportInput, TestView } from './report-input.js';
import { isTable, type Samples, samplePlace } from './samples.js';

type ErrorRow = Report['errors']['rows'][number];

/** Errors listed of each kind. */
const LISTED = 10;
const MAX_COLUMNS = 6;
const MAX_CHARACTERS = 200;

/** What tells most of an event, in the order in which it is read. */
const EVENT_COLUMNS = [
  '@timestamp',
  'observer.name',
  'source.ip',
  'network.protocol',
  'event.action',
  'user.name',
  'process.command_line',
  'url.original',
  'payload',
];

/** Returns the errors of which the model is most sure, with where they stand and a few columns of each. */
export function errorsOf(
  input: ReportInput,
  view: TestView,
  importances: Report['importances'],
): Report['errors'] {
  const { yTrue, yPred, classes, scores } = view;
  const total = yTrue.reduce((sum, code, i) => sum + Number(code !== yPred[i]), 0);
  const { samples } = input.data.test;
  const columns = columnsShown(input, importances);
  const rows = wrongRows(input, view).map(
    ({ row, kind }): ErrorRow => ({
      kind,
      ...samplePlace(samples, row),
      actual: classes[yTrue[row]!]!,
      predicted: classes[yPred[row]!]!,
      score: scores[row]!,
      columns: columns.flatMap((name) => cell(samples, { row, name })),
    }),
  );
  return { total, rows };
}

function wrongRows({ detector }: ReportInput, view: TestView): { row: number; kind: ErrorRow['kind'] }[] {
  const { yTrue, yPred, scores } = view;
  if (!view.isBinary) {
    const right = Uint8Array.from(yTrue, (code, i) => Number(code === yPred[i]));
    const { falsePositives } = worstErrors({ yTrue: right, scores }, Number.NEGATIVE_INFINITY, 2 * LISTED);
    return falsePositives.map(({ row }) => ({ row, kind: 'wrong class' }));
  }
  const found = worstErrors({ yTrue, scores }, detector.threshold ?? 0.5, LISTED);
  return [
    ...found.falseNegatives.map(({ row }) => ({ row, kind: 'missed' as const })),
    ...found.falsePositives.map(({ row }) => ({ row, kind: 'false alert' as const })),
  ];
}

/** Of a table: what it is reported by, then the most important features. */
function columnsShown({ config, data }: ReportInput, importances: Report['importances']): string[] {
  const { samples } = data.test;
  if (!isTable(samples)) {
    const isThere = (name: string) =>
      samples.some(({ fields }) => fields[name] != null && fields[name] !== '');
    return EVENT_COLUMNS.filter(isThere).slice(0, MAX_COLUMNS);
  }
  const features = 'skipped' in importances ? [] : importances.features.map(({ feature }) => feature);
  const names = ['session', ...reportColumns(config, samples), ...features, ...samples.values.keys()];
  return [...new Set(names)].filter((name) => samples.values.has(name)).slice(0, MAX_COLUMNS);
}

function cell(samples: Samples, { row, name }: { row: number; name: string }): ErrorRow['columns'] {
  const value = isTable(samples) ? samples.values.get(name)?.[row] : samples[row]!.fields[name];
  if (value == null || value === '' || Number.isNaN(value)) return [];
  const text = isTable(samples) ? String(value) : fieldText(name, value);
  return [{ name, value: text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text }];
}
