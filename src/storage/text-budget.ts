import { PhantomNetError } from '../core/index.js';
import type { SqlDatabase, SqlValue } from './sqlite.js';

/** How many bytes of text a page of a search may hold: `page` in all, or, where it is a single item, `item`. */
export interface TextBudget {
  readonly page: number;
  readonly item: number;
}

/**
 * What every search keeps to: a page of thousands of large items would fill the memory. JSON can make six characters of a
 * byte, and V8 has no string of 2^29, so an item that is larger could not be answered at all.
 */
const TEXT_BUDGET: TextBudget = { page: 32 * 1024 * 1024, item: 64 * 1024 * 1024 };

/** Rows whose texts are measured with one statement. */
const ROWS_A_SLICE = 1_000;

type Sql = Pick<SqlDatabase, 'row' | 'rows'>;

/** Statements that measure the texts of rows, for their rowids as JSON. */
export interface TextMeasure {
  /** Gives the bytes of all rows together. */
  readonly total: string;
  /** Gives each rowid with its bytes. */
  readonly each: string;
}

/** Returns the measure of what these statements give: rows of `item`, a rowid, and `bytes`, as `bytesOf` counts them. */
export function measureOf(...texts: readonly string[]): TextMeasure {
  const all = texts.join(' UNION ALL ');
  return {
    total: `SELECT total(bytes) FROM (${all})`,
    each: `SELECT item, sum(bytes) FROM (${all}) GROUP BY item`,
  };
}

/**
 * Returns the first of these rowids, in their order: as many as have no more text together than a page may hold, and one
 * at least. Throws CONFLICT where the first alone has more than an item may have.
 */
export function withinBudget(
  sql: Sql,
  measure: TextMeasure,
  {
    rowids,
    budget = TEXT_BUDGET,
  }: { readonly rowids: readonly SqlValue[]; readonly budget?: TextBudget | undefined },
): readonly SqlValue[] {
  let left = budget.page;
  for (let from = 0; from < rowids.length; from += ROWS_A_SLICE) {
    const slice = rowids.slice(from, from + ROWS_A_SLICE);
    const bytes = Number(sql.row(measure.total, [JSON.stringify(slice)])?.[0]);
    if (bytes > left) {
      const fitting = from + countWithin(bytesOfEach(sql, measure, slice), left);
      if (fitting === 0) checkItem(bytesOfEach(sql, measure, slice.slice(0, 1))[0]!, budget);
      return rowids.slice(0, Math.max(fitting, 1));
    }
    left -= bytes;
  }
  return rowids;
}

/** Returns the bytes of these columns of text together, as SQL. To know them, SQLite does not read the texts. */
export function bytesOf(...columns: readonly string[]): string {
  return `${columns.map((column) => `ifnull(octet_length(${column}), 0)`).join(' + ')} AS bytes`;
}

/** Returns the FROM of the rows of a table whose rowids are bound as JSON; joins may follow. */
export function fromPage(table: string, alias = table): string {
  return `FROM json_each(?1) AS page CROSS JOIN ${table} AS ${alias} ON ${alias}.rowid = page.value`;
}

/** Returns the statement of these columns of such rows, in the order of the rowids. */
export function selectPage(columns: string, table: string): string {
  return `SELECT ${columns} ${fromPage(table)} ORDER BY page.key LIMIT -1`;
}

function bytesOfEach(sql: Sql, measure: TextMeasure, rowids: readonly SqlValue[]): number[] {
  const rows = sql.rows(measure.each, [JSON.stringify(rowids)]);
  const bytes = new Map(rows.map(([rowid, sum]) => [rowid, Number(sum)]));
  return rowids.map((rowid) => bytes.get(rowid) ?? 0);
}

/** Returns how many of the first numbers have no more than `most` together. */
function countWithin(numbers: readonly number[], most: number): number {
  let sum = 0;
  const beyond = numbers.findIndex((number) => {
    sum += number;
    return sum > most;
  });
  return beyond === -1 ? numbers.length : beyond;
}

function checkItem(bytes: number, { item }: TextBudget): void {
  if (bytes <= item) return;
  throw new PhantomNetError(
    'CONFLICT',
    `the first item of this page has ${bytes} bytes of text; a search answers with at most ${item}`,
    {
      hint: 'leave the item out with the filter, or take long texts off it',
      details: { bytes, allowed: item },
    },
  );
}
