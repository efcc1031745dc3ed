import { concatTables, type HoneypotEvent, type Table, tablePlace, takeTableRows } from '../data/index.js';

/** What a detector learns from and is asked about: events of a log, or rows of a labelled table. */
export type Samples = readonly HoneypotEvent[] | Table;

/** Returns whether samples are rows of a table. */
export function isTable(samples: Samples): samples is Table {
  return !Array.isArray(samples);
}

/** Returns how many samples there are. */
export function countSamples(samples: Samples): number {
  return isTable(samples) ? samples.nRows : samples.length;
}

/** Returns the samples at `rows`, in that order. */
export function takeSamples(samples: Samples, rows: ArrayLike<number>): Samples {
  return isTable(samples) ? takeTableRows(samples, rows) : Array.from(rows, (row) => samples[row]!);
}

/** Returns the zero-based position of each sample in its input, rejected rows counted. */
export function samplePositions(samples: Samples): number[] {
  return isTable(samples) ? [...samples.positions] : samples.map((event) => event.position);
}

/** Returns where a sample stands: its log, and the one-based line there. */
export function samplePlace(samples: Samples, row: number): { readonly file: string; readonly line: number } {
  if (isTable(samples)) return tablePlace(samples, row);
  const { file, line } = samples[row]!;
  return { file, line };
}

/** Returns all samples of some batches of one input, in order; none for no batch. */
export function joinSamples(batches: readonly Samples[]): Samples {
  const [first, ...rest] = batches;
  if (first === undefined) return [];
  return isTable(first) ? concatTables([first, ...(rest as Table[])]) : (batches as HoneypotEvent[][]).flat();
}
