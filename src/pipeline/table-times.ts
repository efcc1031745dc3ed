import type { Table } from '../data/index.js';
import { isoTimeMs } from '../ingest/index.js';

/** Times counted from 1970 are below these sizes in seconds, milliseconds and microseconds, until 5138 and since 1973. */
const BELOW = [1e11, 1e14, 1e17];
const UNITS_MS = [1000, 1, 1e-3, 1e-6];

/**
 * Returns the time of each row in epoch milliseconds, NaN where it has none: its column whose role is time, as ISO 8601 or as
 * numbers, of which the largest tells whether they count seconds, milliseconds, microseconds or nanoseconds. Undefined where
 * there is no such column, or it holds what is no time.
 */
export function tableTimes({ source, values }: Pick<Table, 'source' | 'values'>): Float64Array | undefined {
  const column = source.columns.find(({ role }) => role === 'time');
  const cells = column && values.get(column.name);
  if (cells === undefined) return undefined;
  if (cells instanceof Float64Array) return fromNumbers(cells);
  const times = Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : isoTimeMs(cell)));
  return times.some((time, row) => Number.isNaN(time) && cells[row] !== null) ? undefined : times;
}

function fromNumbers(times: Float64Array): Float64Array {
  let largest = 0;
  for (const time of times) if (Math.abs(time) > largest) largest = Math.abs(time);
  const unit = UNITS_MS[BELOW.filter((size) => largest >= size).length]!;
  return unit === 1 ? times : times.map((time) => time * unit);
}
