import type { AuditColumn, AuditInput } from '../audit/index.js';
import { given } from '../core/index.js';
import {
  eventFieldName,
  type FeatureMatrix,
  fieldSpellings,
  fieldText,
  type HoneypotEvent,
  isEventForm,
  type Labels,
  type TableValues,
} from '../data/index.js';
import { EVENT_SCHEMA, inferColumn } from '../ingest/index.js';
import type { LabelledSamples } from './fit-detector.js';
import { countSamples, isTable, type Samples } from './samples.js';

/** Columns that name the sensor of a row, the surest first. */
const SENSOR_COLUMNS = [
  'sensor',
  'sensor_id',
  'sensor_name',
  'sensor.name',
  'observer.name',
  'observer.id',
  'honeypot_id',
];
const SOURCE_COLUMNS = ['source.ip', 'source_ip', 'src_ip', 'srcip', 'source_address', 'id.orig_h'];

/** What a redacted text hides is told apart by the statistics that were taken of it before. */
const REDACTED = '[redacted:';

/** What the audits of samples need to be told beside the samples. */
interface AuditInputOptions
  extends Pick<AuditInput, 'label' | 'used' | 'reach' | 'baseRate' | 'randomState' | 'labelInWindow'> {
  /** Rows that test, which come after those that train. */
  readonly test?: LabelledSamples | undefined;
  /** Returns the features of samples, for events, which have none as columns. Only those that train are asked for. */
  readonly features?: ((samples: Samples) => FeatureMatrix) | undefined;
}

/** Returns what the audits look at: the rows of `train`, then those of `test`, by column. */
export function auditInput(train: LabelledSamples, options: AuditInputOptions): AuditInput {
  const { test, features, ...rest } = options;
  const parts = test === undefined ? [train] : [train, test];
  const columns = joinColumns(parts.map(({ samples }) => partOf(samples, columnsOf(samples))));
  const spelled = spellingOf(train.samples);
  const named = (names: readonly string[]) =>
    names.find((name) => columns.some((column) => column.name === name));
  const nTrain = train.labels.codes.length;
  const range = (from: number, count: number) => Uint32Array.from({ length: count }, (_, i) => from + i);
  const derived =
    features &&
    joinColumns(
      parts.map(({ samples }, i) => partOf(samples, i === 0 ? matrixColumns(features(samples)) : [])),
    );
  return {
    ...given(rest),
    label: spelled(eventFieldName(options.label)),
    ...given({ used: options.used?.map(spelled) }),
    labels: joinLabels(parts.map(({ labels }) => labels)),
    columns,
    ...given({ derived, sensor: named(SENSOR_COLUMNS), source: named(SOURCE_COLUMNS) }),
    ...given({
      split: test && { train: range(0, nTrain), test: range(nTrain, test.labels.codes.length) },
    }),
  };
}

/** The classes of later parts begin with those of the earlier ones. */
function joinLabels(parts: readonly Labels[]): Labels {
  const { classes } = parts.at(-1)!;
  return { classes, codes: Uint16Array.from(parts.flatMap(({ codes }) => [...codes])) };
}

/** Returns the columns that any part has, with the values of all parts: a part without one has none of its values. */
function joinColumns(parts: readonly Part[]): AuditColumn[] {
  const all = new Map(
    parts.toReversed().flatMap(({ columns }) => columns.map((column) => [column.name, column])),
  );
  return [...all.values()].map((column) => {
    const values = parts.map(({ columns, nRows }) => {
      const own = columns.find(({ name }) => name === column.name)?.values;
      const isNumeric = column.values instanceof Float64Array;
      return (
        own ?? (isNumeric ? new Float64Array(nRows).fill(Number.NaN) : new Array<null>(nRows).fill(null))
      );
    });
    return { ...column, values: joinValues(values) };
  });
}

/** The columns of some rows. */
interface Part {
  readonly nRows: number;
  readonly columns: readonly AuditColumn[];
}

function joinValues(parts: readonly TableValues[]): TableValues {
  if (parts.length === 1) return parts[0]!;
  const cells = parts.flatMap((part): (number | string | null)[] => [...part]);
  return parts.every((part) => part instanceof Float64Array)
    ? Float64Array.from(cells as number[])
    : cells.map((cell) => (typeof cell !== 'number' ? cell : Number.isNaN(cell) ? null : String(cell)));
}

function partOf(samples: Samples, columns: readonly AuditColumn[]): Part {
  return { nRows: countSamples(samples), columns };
}

function columnsOf(samples: Samples): AuditColumn[] {
  if (!isTable(samples)) return eventColumns(samples);
  return samples.source.columns.map((column) => ({ ...column, values: samples.values.get(column.name)! }));
}

function eventColumns(events: readonly HoneypotEvent[]): AuditColumn[] {
  const names = new Set<string>();
  for (const event of events) for (const name of Object.keys(event.fields)) names.add(name);
  const spelled = spellingOf(events);
  return [...names].map((name) => {
    const cells = events.map((event) => cellOf(event, name));
    const { column, values } = inferColumn(name, cells, {});
    return {
      ...column,
      ...EVENT_SCHEMA.find((declared) => declared.name === name),
      name: spelled(name),
      values,
    };
  });
}

/** Returns how the user knows a field: events of a week-6 file have the names of its columns. */
function spellingOf(samples: Samples): (name: string) => string {
  const isWeek6 = !isTable(samples) && samples[0] !== undefined && !isEventForm(samples[0].fields);
  return isWeek6 ? (name) => fieldSpellings(name).at(-1)! : (name) => name;
}

function cellOf({ fields, payload }: HoneypotEvent, name: string): string | null {
  const value = fields[name] ?? null;
  const text = value === null ? null : fieldText(name, value);
  return text?.includes(REDACTED) ? `${text}${JSON.stringify(payload)}` : text;
}

/** Returns the columns of a matrix, categories as text. */
function matrixColumns({ features, nSamples, values }: FeatureMatrix): AuditColumn[] {
  const width = features.length;
  return features.map(({ name, categories }, j) => {
    const numbers = Float64Array.from({ length: nSamples }, (_, i) => values[i * width + j]!);
    const words = categories && Array.from(numbers, (code) => categories[code] ?? null);
    return { name, role: 'feature', reason: 'a feature', values: words ?? numbers };
  });
}
