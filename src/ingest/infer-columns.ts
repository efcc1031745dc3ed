import type { ColumnRole, ColumnSchema, TableColumn, TableValues } from '../data/index.js';
import { isSecretKey } from './secrets.js';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const MAX_NUMBER_LENGTH = 256;
/** What other programs write where a number is missing or none; text like any other in a column of text. */
const NO_NUMBER = /^(?:nan|n\/a|na|null|none|[+-]?inf(?:inity)?)$/i;

const TIME_NAME =
  /^(?:@?timestamp|time|ts|date|date_?time|event_?time|(?:start|end|flow_start|flow_end)_?time)$/;
const ID_NAME =
  /^(?:id|uid|uuid|guid|index|row|row_id|record_?id|event_?id|flow_?id|session|session_?id|sess_?id|ip|(?:src|source|dst|dest|destination|client|server|remote|peer|id\.orig|id\.resp)[._]?(?:ip|addr|address|h|host|mac)|id\.(?:orig|resp)_h|mac)$/;

const SOURCE_PORT_NAME = /^(?:(?:src|source|client|orig)[._]?port|sport|id\.orig_p)$/;

/** Below this many rows a column of text is not said to have a value a row. */
const MIN_ROWS_OF_TEXT = 20;
/** A column of text with more values than this share of its rows names rows. */
const MAX_DISTINCT_SHARE = 0.5;

/** Cells of one column as text; null is missing. */
export type TextCells = readonly (string | null)[];

/** Returns the number that a cell is; undefined for text, and for what single precision cannot hold. */
export function cellNumber(text: string): number | undefined {
  if (text.length > MAX_NUMBER_LENGTH || !NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(Math.fround(value)) ? value : undefined;
}

/**
 * Returns the cells as numbers, NaN where one is missing or a word for no number; undefined where a cell is text, or none a
 * number.
 */
export function numbersOf(cells: TextCells): Float64Array | undefined {
  const numbers = new Float64Array(cells.length).fill(Number.NaN);
  let found = 0;
  for (let i = 0; i < cells.length; i++) {
    const text = cells[i]!;
    if (text === null) continue;
    const value = cellNumber(text);
    if (value === undefined && !NO_NUMBER.test(text)) return undefined;
    if (value === undefined) continue;
    numbers[i] = value;
    found++;
  }
  return found === 0 ? undefined : numbers;
}

/** What is told of a column before it is looked at. */
export interface DeclaredRoles {
  readonly label?: string | undefined;
  readonly roles?: Readonly<Record<string, ColumnRole>> | undefined;
}

/** Returns a column with its type and its role: the declared one, else by its name and values, with the reason. */
export function inferColumn(name: string, cells: TextCells, declared: DeclaredRoles) {
  const numbers = numbersOf(cells);
  const values: TableValues = numbers ?? cells;
  const isInteger = numbers?.every(Number.isInteger) ?? false;
  const type = numbers === undefined ? 'categorical' : 'numeric';
  const column: TableColumn = { name, type, isInteger, ...roleOf(name, values, declared) };
  return { column, values };
}

type Role = Pick<ColumnSchema, 'role' | 'reason'>;

function roleOf(name: string, values: TableValues, { label, roles = {} }: DeclaredRoles): Role {
  if (name === label) return { role: 'label-defining', reason: 'the label is this column' };
  if (Object.hasOwn(roles, name)) return { role: roles[name]!, reason: 'declared so' };
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  if (TIME_NAME.test(plain)) return { role: 'time', reason: 'its name is that of a time' };
  if (SOURCE_PORT_NAME.test(plain))
    return {
      role: 'identifier',
      reason: 'its name is that of a source port, which each connection draws anew',
    };
  if (ID_NAME.test(plain)) return { role: 'identifier', reason: 'its name is that of an id or address' };
  if (values instanceof Float64Array)
    return isSecretKey(name)
      ? { role: 'identifier', reason: 'its name is that of a secret' }
      : { role: 'feature', reason: 'a number of each row' };
  return roleOfText(values);
}

function roleOfText(cells: TextCells): Role {
  const present = cells.filter((cell) => cell !== null);
  const distinct = new Set(present).size;
  if (present.length >= MIN_ROWS_OF_TEXT && distinct > MAX_DISTINCT_SHARE * present.length)
    return {
      role: 'identifier',
      reason: `nearly every row has a text of its own (${distinct} in ${present.length})`,
    };
  return { role: 'feature', reason: 'a word of each row' };
}
