import { PhantomNetError } from '../../core/index.js';
import { refuseSearch } from './refuse.js';
import { type ClauseValue, FILTER_HINT, TokenReader } from './token-reader.js';

/** One comparison as written; `value` is null for IS NULL and IS NOT NULL. */
export interface Clause {
  /** `metrics.loss`, quotes included. */
  readonly identifier: string;
  readonly comparator: string;
  readonly value: ClauseValue | null;
}

/**
 * The most a filter and an order may have; the caps are ours, since MLflow has none. SQLite crashes where a join is sorted
 * by 64 terms: a metric is two of them, and ties are broken by two more.
 */
export const SEARCH_CAPS = { filterBytes: 10_000, clauses: 100, orders: 30 } as const;

/**
 * Returns the comparisons of a filter in their order, none for an empty filter. AND may be left out, as MLflow allows.
 * Throws INVALID_PARAMETER for what is no filter, for one of more than 10 kB and for more than 100 comparisons.
 */
export function parseClauses(filter: string | undefined): Clause[] {
  if (filter === undefined || filter === '') return [];
  checkLength('filter', filter);
  const reader = new TokenReader(filter);
  if (reader.atEnd) refuseSearch('a filter of white space only', filter, FILTER_HINT);
  const clauses: Clause[] = [];
  let listEnd = false;
  while (!reader.atEnd) {
    if (reader.takeWord('AND')) {
      listEnd = false;
      continue;
    }
    if (listEnd) reader.refuse();
    const clause = readClause(reader);
    listEnd = clause.value?.kind === 'list';
    if (clauses.push(clause) > SEARCH_CAPS.clauses) {
      throw new PhantomNetError(
        'INVALID_PARAMETER',
        `the filter has more than ${SEARCH_CAPS.clauses} comparisons`,
        { hint: 'search for fewer things at once', details: { limit: SEARCH_CAPS.clauses } },
      );
    }
  }
  return clauses;
}

/** Throws INVALID_PARAMETER for text of a search that is longer than the cap. */
export function checkLength(what: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= SEARCH_CAPS.filterBytes) return;
  throw new PhantomNetError(
    'INVALID_PARAMETER',
    `${what} has ${bytes} bytes, at most ${SEARCH_CAPS.filterBytes} are allowed`,
    { hint: 'search for fewer things at once', details: { bytes, limit: SEARCH_CAPS.filterBytes } },
  );
}

function readClause(reader: TokenReader): Clause {
  const start = reader.position;
  const identifier = reader.takeIdentifier() ?? reader.refuse();
  if (reader.takeWord('IS')) {
    const comparator = reader.takeWord('NOT') ? 'IS NOT NULL' : 'IS NULL';
    if (!reader.takeWord('NULL')) reader.refuse();
    return { identifier, comparator, value: null };
  }
  const comparator = reader.takeComparator() ?? reader.refuse(start);
  const isList = /^(NOT )?IN$/i.test(comparator);
  const value = reader.takeValue();
  if (isList && value.kind !== 'list') refuseSearch('IN needs a list', reader.source, "write IN ('a', 'b')");
  return { identifier, comparator, value };
}
