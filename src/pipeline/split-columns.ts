import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { eventFieldName, type HoneypotEvent, subnetOf } from '../data/index.js';
import type { Group } from '../split/index.js';
import { isTable, type Samples } from './samples.js';
import { tableTimes } from './table-times.js';

interface GroupColumn {
  /** Names of the column, by the kind of data: the first that is there counts. */
  readonly columns: readonly string[];
  /** What of a value names the group. */
  readonly of?: (text: string) => string;
}

const SOURCE = ['source.ip', 'source_ip'];

/** What the names of `split.groupBy` stand for; any other name is a column. */
const GROUP_COLUMNS: Readonly<Record<string, GroupColumn>> = {
  source: { columns: SOURCE },
  // What is no address, such as a host name, is a network of its own.
  subnet: { columns: SOURCE, of: (text) => subnetOf(text) ?? text },
  session: { columns: ['session'] },
  sensor: { columns: ['observer.name', 'sensor'] },
};

/** What names the groups where nobody says. */
export const DEFAULT_GROUP_BY = 'source';

/**
 * Returns the group of each sample by a name of `GROUP_COLUMNS` or by a column. Samples without a value are one group, so
 * that they are never on both sides. Throws NOT_FOUND where no sample has the column.
 */
export function sampleGroups(samples: Samples, groupBy: string = DEFAULT_GROUP_BY): Group[] {
  const { columns, of = (text: string) => text } = groupColumn(groupBy);
  const column = columns.find((name) => hasColumn(samples, name)) ?? refuseColumn(samples, groupBy, columns);
  const group = (value: string | number | null | undefined) =>
    value == null || value === '' ? '' : of(String(value));
  if (!isTable(samples)) return samples.map(({ fields }) => group(fields[column]));
  const values = samples.values.get(column)!;
  return values instanceof Float64Array ? [...values] : values.map(group);
}

function groupColumn(groupBy: string): GroupColumn {
  return Object.hasOwn(GROUP_COLUMNS, groupBy)
    ? GROUP_COLUMNS[groupBy]!
    : { columns: [...new Set([groupBy, eventFieldName(groupBy)])] };
}

function hasColumn(samples: Samples, name: string): boolean {
  if (isTable(samples)) return samples.values.has(name);
  return samples.length === 0 || samples.some(({ fields }) => Object.hasOwn(fields, name));
}

function refuseColumn(samples: Samples, groupBy: string, absent: readonly string[]): never {
  const names = Object.keys(GROUP_COLUMNS);
  const columns = isTable(samples) ? [...samples.values.keys()] : Object.keys(samples[0]!.fields);
  const isColumn = !names.includes(groupBy);
  const what = absent.map(show).join(' or ');
  throw new PhantomNetError(
    'NOT_FOUND',
    `cannot group by ${show(groupBy)}: there is no column ${what}${isColumn ? '' : `, which ${groupBy} stands for`}`,
    {
      hint:
        (isColumn ? didYouMean(groupBy, [...names, ...columns]) : undefined) ??
        `give --group-by (split.groupBy) ${names.join(', ')} or a column: ${columns.join(', ')}`,
      details: { parameter: 'split.groupBy', absent, columns },
    },
  );
}

/**
 * Returns the time of each sample in epoch milliseconds; that of a table's rows is as `tableTimes` reads it. Throws BAD_DATA, with `instead` as the hint, where there is none.
 */
export function sampleTimes(samples: Samples, instead: string): Float64Array {
  if (!isTable(samples)) return eventTimes(samples);
  const times = tableTimes(samples);
  if (times !== undefined) return times;
  throw new PhantomNetError(
    'BAD_DATA',
    `${samples.file}: ${samples.source.name} rows have no time to split by`,
    { hint: instead, details: { file: samples.file } },
  );
}

/** Returns the time of each event in epoch milliseconds. Throws BAD_DATA with file and line for one that has none. */
export function eventTimes(events: readonly HoneypotEvent[]): Float64Array {
  return Float64Array.from(events, (event) => {
    const time = event.fields['@timestamp'];
    if (typeof time === 'number') return time;
    throw new PhantomNetError(
      'BAD_DATA',
      `${event.file} line ${event.line}: column @timestamp (or timestamp) has no time`,
      {
        hint: 'a split by time needs a time on every row; choose --split stratified to split without',
        details: { file: event.file, line: event.line, column: '@timestamp' },
      },
    );
  });
}
