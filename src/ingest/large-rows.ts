/** Most bytes of the texts of a row that is read together with others: DuckDB gives 2,048 at once. */
export const MAX_SHARED_BYTES = 2 ** 16;
/** Most bytes of rows that are read at once where some are larger. */
const MAX_PIECE_BYTES = 2 ** 24;

/** Some rows of a chunk, from the first up to before the last. */
interface Piece {
  readonly from: number;
  readonly to: number;
}

/**
 * Yields the rows of a chunk, in order, in pieces that are read by themselves so that their texts fit into memory; `bytes` are
 * those of each row. A few bytes of Parquet may stand for gigabytes of text.
 */
export function* piecesOf(bytes: ArrayLike<number>): Generator<Piece> {
  let from = 0;
  let sum = 0;
  for (let row = 0; row < bytes.length; row++) {
    const own = bytes[row]!;
    if (sum + own > MAX_PIECE_BYTES && row > from) {
      yield { from, to: row };
      from = row;
      sum = 0;
    }
    sum += own;
  }
  if (bytes.length > from) yield { from, to: bytes.length };
}

/** Returns whether a row of a chunk has to be read by itself. Cost O(rows). */
export function hasLargeRow(bytes: ArrayLike<number>): boolean {
  for (let row = 0; row < bytes.length; row++) if (bytes[row]! > MAX_SHARED_BYTES) return true;
  return false;
}

/** The column in which DuckDB counts rows: it cannot where the file has one of this name. */
const ROW_NUMBER = 'file_row_number';

/** Returns the SQL of what reads some rows of a Parquet file with these columns alone; its path is the first parameter. */
export function rowsOfFileSql(
  { from, to }: Piece,
  firstRow: number,
  columns: readonly string[] = [],
): string {
  if (columns.some((name) => name.toLowerCase() === ROW_NUMBER))
    return `read_parquet(?) LIMIT ${to - from} OFFSET ${firstRow + from}`;
  return `read_parquet(?, file_row_number = true) WHERE ${ROW_NUMBER} >= ${firstRow + from} AND ${ROW_NUMBER} < ${firstRow + to}`;
}
