import { literal } from '../duckdb.js';

/** Ends a cell. */
export const CELL_END = '\x1e';
/** Begins an escape: what follows says which character it stands for. Alone it stands for no value. */
const ESCAPE = '\x1f';
/** The characters that would end a cell or a row, with the letter that they are written as; the escape itself is the last. */
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['\n', 'n'],
  ['\r', 'r'],
  [CELL_END, 'c'],
  [ESCAPE, 'u'],
]);
/** A cell without a value, where an empty one is the empty text. */
const NO_VALUE = ESCAPE;

const LETTERS: ReadonlyMap<string, string> = new Map(
  [...ESCAPED].map(([character, letter]) => [letter, character]),
);
const SPECIAL = new RegExp(`[${[...ESCAPED.keys()].join('')}]`);
const SPECIALS = new RegExp(SPECIAL, 'g');
const ESCAPES = new RegExp(`${ESCAPE}([${[...LETTERS.keys()].join('')}])`, 'g');

/** Returns whether a character stands in a cell as it is. */
export const isPlain = (character: string): boolean => !ESCAPED.has(character);

/** Returns a text as it is written in a cell. Cost O(length). */
export function escapeCell(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replace(SPECIALS, (character) => `${ESCAPE}${ESCAPED.get(character)}`);
}

/** Returns the text of a cell, null for one without a value. Cost O(length). */
export function unescapeCell(cell: string): string | null {
  if (!cell.includes(ESCAPE)) return cell;
  return cell === NO_VALUE ? null : cell.replace(ESCAPES, (_, letter: string) => LETTERS.get(letter)!);
}

/** Longest row that a short text of it may keep in memory. */
const MAX_KEPT_ROW = 4096;

/** Returns the text of a cell of a row as `unescapeCell` does, of its own where the row is long: a part would keep all of it. */
export function ownText(cell: string, rowLength: number): string | null {
  const text = unescapeCell(cell);
  return text === null || rowLength <= MAX_KEPT_ROW ? text : Buffer.from(text).toString();
}

/** Returns the SQL of the texts of a column of escaped ones. */
export function unescapedSql(column: string): string {
  const plain = [...ESCAPED].reduce(
    (sql, [character, letter]) => `replace(${sql}, ${literal(ESCAPE + letter)}, ${literal(character)})`,
    column,
  );
  return `CASE WHEN contains(${column}, ${literal(ESCAPE)}) THEN ${plain} ELSE ${column} END`;
}

/** Returns the SQL of texts that `unescapeCell` reads: those of a column, without a value where it is null. */
export function cellSql(column: string): string {
  const escaped = [ESCAPE, CELL_END].reduce(
    (sql, character) =>
      `replace(${sql}, ${literal(character)}, ${literal(`${ESCAPE}${ESCAPED.get(character)}`)})`,
    column,
  );
  return `coalesce(${escaped}, ${literal(NO_VALUE)})`;
}
