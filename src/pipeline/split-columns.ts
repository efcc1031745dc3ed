import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { type HoneypotEvent, subnetOf } from '../data/index.js';
import type { Group } from '../split/index.js';
import { isTable, type Samples } from './samples.js';
import { instantOf } from './time-text.js';

/** The column of an event's time. */
const TIME_COLUMN = 'timestamp';

/** The columns that the names of `split.groupBy` stand for, and what of a value names the group; any other name is a column. */
const GROUP_COLUMNS: Readonly<
  Record<string, { readonly column: string; readonly of?: (text: string) => string }>
> = {
  source: { column: 'source_ip' },
  // What is no address, such as a host name, is a network of its own.
  subnet: { column: 'source_ip', of: (text) => subnetOf(text) ?? text },
  session: { column: 'session' },
  sensor: { column: 'sensor' },
};

/** What names the groups where nobody says. */
export const DEFAULT_GROUP_BY = 'source';

/**
 * Returns the group of each sample by a name of `GROUP_COLUMNS` or by a column. Samples without a value are one group, so
 * that they are never on both sides. Throws NOT_FOUND where no sample has the column.
 */
export function sampleGroups(samples: Samples, groupBy: string = DEFAULT_GROUP_BY): Group[] {
  const { column, of = (text: string) => text } = (Object.hasOwn(GROUP_COLUMNS, groupBy)
    ? GROUP_COLUMNS[groupBy]
    : undefined) ?? { column: groupBy };
  const group = (value: string | null | undefined) => (value == null || value === '' ? '' : of(value));
  if (isTable(samples)) {
    const values = samples.values.get(column) ?? refuseColumn(column, groupBy, [...samples.values.keys()]);
    return values instanceof Float64Array ? [...values] : values.map(group);
  }
  if (samples.length > 0 && !samples.some(({ fields }) => Object.hasOwn(fields, column)))
    refuseColumn(column, groupBy, Object.keys(samples[0]!.fields));
  return samples.map(({ fields }) => group(fields[column]));
}

function refuseColumn(column: string, groupBy: string, columns: readonly string[]): never {
  const names = Object.keys(GROUP_COLUMNS);
  const what = column === groupBy ? '' : `, which ${groupBy} stands for`;
  throw new PhantomNetError(
    'NOT_FOUND',
    `cannot group by ${show(groupBy)}: there is no column ${show(column)}${what}`,
    {
      hint:
        (column === groupBy ? didYouMean(groupBy, [...names, ...columns]) : undefined) ??
        `give --group-by (split.groupBy) ${names.join(', ')} or a column: ${columns.join(', ')}`,
      details: { parameter: 'split.groupBy', column, columns },
    },
  );
}

/** Returns the time of each sample in epoch milliseconds. Throws BAD_DATA, with `instead` as the hint, where there are none. */
export function sampleTimes(samples: Samples, instead: string): Float64Array {
  if (!isTable(samples)) return eventTimes(samples);
  throw new PhantomNetError(
    'BAD_DATA',
    `${samples.file}: ${samples.source.name} rows have no time to split by`,
    { hint: instead, details: { file: samples.file } },
  );
}

/** Returns the time of each event in epoch milliseconds. Throws BAD_DATA with file and line for one that has none. */
export function eventTimes(events: readonly HoneypotEvent[]): Float64Array {
  return Float64Array.from(events, (event) => {
    const time = instantOf(event.fields[TIME_COLUMN] ?? '');
    if (time !== undefined) return time;
    throw new PhantomNetError(
      'BAD_DATA',
      `${event.file} line ${event.line}: column ${TIME_COLUMN} has no readable time`,
      {
        hint: 'a split by time needs a time on every row; choose --split stratified to split without',
        details: { file: event.file, line: event.line, column: TIME_COLUMN },
      },
    );
  });
}
