import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { eventFieldName, fieldText } from '../data/index.js';
import type { ExperimentConfig } from './config.js';
import type { LabelledData } from './labelled-data.js';
import { countSamples, isTable, type Samples } from './samples.js';
import { tableTimes } from './table-times.js';

/** Columns that say which sensor saw a row, and what kind of attack it is: the first of each list that is there. */
const SENSOR_COLUMNS = ['observer.name', 'sensor', 'network.protocol'];
const ATTACK_COLUMNS = ['attack_name', 'attack_type', 'attack', 'event.action'];
/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;

/** With more values than this, a column that nobody asked for names rows, not groups. */
const MAX_VALUES = 200;

/** Returns the names of all columns of the samples. */
export function columnsOf(samples: Samples): string[] {
  if (isTable(samples)) return [...samples.values.keys()];
  const names = new Set<string>();
  for (const { fields } of samples) for (const name of Object.keys(fields)) names.add(name);
  return [...names];
}

/** Returns one column as text, '' where a row has no value; undefined where no row has the column. */
export function columnText(samples: Samples, name: string): string[] | undefined {
  if (isTable(samples)) {
    const values = samples.values.get(name);
    if (values === undefined) return undefined;
    const text = (value: string | number | null) =>
      value === null || Number.isNaN(value) ? '' : String(value);
    return values instanceof Float64Array ? Array.from(values, text) : values.map(text);
  }
  if (!samples.some(({ fields }) => Object.hasOwn(fields, name))) return undefined;
  return samples.map(({ fields }) => {
    const value = fields[name];
    return value == null ? '' : fieldText(name, value);
  });
}

/** Returns the time of each sample in epoch milliseconds, NaN where it has none; undefined where none has one. */
export function timesOf(samples: Samples): Float64Array | undefined {
  const times = isTable(samples) ? tableTimes(samples) : eventTimes(samples);
  return times?.some((time) => !Number.isNaN(time)) ? times : undefined;
}

function eventTimes(samples: Exclude<Samples, { source: unknown }>): Float64Array {
  return Float64Array.from(samples, ({ fields }) => {
    const time = fields['@timestamp'];
    return typeof time === 'number' ? time : Number.NaN;
  });
}

/** Returns the first and last time; null where there is none. */
export function timeSpan(times: Float64Array | undefined): { first: number; last: number } | null {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const time of times ?? []) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return Number.isFinite(last - first) ? { first, last } : null;
}

/** Throws NOT_FOUND for a column of `report.by` that no test row has, before anything is trained. */
export function checkReportColumns({ report }: ExperimentConfig, { test }: Pick<LabelledData, 'test'>): void {
  if (report.by === undefined) return;
  const known = columnsOf(test.samples);
  for (const column of report.by) {
    if (known.includes(eventFieldName(column)) || known.includes(column)) continue;
    throw new PhantomNetError('NOT_FOUND', `report.by: the test rows have no column ${show(column)}`, {
      hint: didYouMean(column, known) ?? `choose among ${known.slice(0, 30).join(', ')}`,
      details: { parameter: 'report.by', column },
    });
  }
}

/** Returns the columns that are reported value by value: those asked for, else sensor and kind of attack where there are such. */
export function reportColumns({ report, label }: ExperimentConfig, samples: Samples): string[] {
  const known = columnsOf(samples);
  if (report.by !== undefined)
    return report.by.map((column) => (known.includes(column) ? column : eventFieldName(column)));
  const isUseful = (column: string): boolean => {
    if (!known.includes(column) || column === eventFieldName(label.target)) return false;
    const values = new Set(columnText(samples, column));
    return values.size > 1 && values.size <= Math.min(MAX_VALUES, countSamples(samples) / 2);
  };
  return [SENSOR_COLUMNS, ATTACK_COLUMNS].flatMap((columns) => columns.find(isUseful) ?? []);
}
