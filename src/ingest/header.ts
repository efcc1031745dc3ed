import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { eventFieldName, fieldSpellings } from '../data/index.js';
import { requiredColumnsOf } from './schema.js';

/** Where a header stands, and which columns it must have. */
export interface HeaderPlace {
  readonly file: string;
  /** One-based line of the header; absent where the format has none. */
  readonly line?: number;
  /** Absent: those of the form that the columns are in. */
  readonly requiredColumns?: readonly string[] | undefined;
}

/** Longest name of a column: a reader may write it with each row. */
const MAX_NAME = 1000;
const OTHER_ROWS = 'Rows that are no events are read with --format table';

/** Throws BAD_DATA where a column has no name or too long a one, two have the same, or a required one is absent. */
export function checkHeader(names: readonly string[], place: HeaderPlace): void {
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    if (name === '')
      badHeader(place, `column ${i + 1} of the header has no name`, 'give every column a name');
    if (name.length > MAX_NAME)
      badHeader(
        place,
        `the name of column ${i + 1} is longer than ${MAX_NAME} characters`,
        'give the column a shorter name',
      );
    if (seen.has(name))
      badHeader(
        place,
        `the header has the column ${show(name)} twice`,
        'rename or remove one of the two columns',
      );
    seen.add(name);
  }
  const required = requiredColumnsOf(names, place.requiredColumns);
  const missing = required.filter((name) => !fieldSpellings(eventFieldName(name)).some((n) => seen.has(n)));
  if (missing.length === 0) return;
  const list = missing.map(show).join(', ');
  // The first line of a file without a header is a row, which may hold a password: it is not quoted.
  if (missing.length === required.length)
    badHeader(
      place,
      `no column is named ${list}`,
      `put the column names on the first line; the file may have no header. ${OTHER_ROWS}`,
    );
  const hint =
    didYouMean(missing[0]!, names) ??
    `add the column ${missing[0]}, its cells may be empty where the schema says so. ${OTHER_ROWS}`;
  badHeader(place, `the header has no column ${list}`, hint);
}

/** Throws BAD_DATA that names the file and the header's line. */
export function badHeader(place: HeaderPlace, what: string, hint = 'write the file as CSV in UTF-8'): never {
  const where = place.line === undefined ? show(place.file) : `${show(place.file)}, line ${place.line}`;
  throw new PhantomNetError('BAD_DATA', `${where}: ${what}`, {
    hint,
    details: { file: place.file, ...(place.line === undefined ? {} : { line: place.line }) },
  });
}
