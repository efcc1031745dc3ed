import type { RowFault } from '../row.js';
import type { Json, JsonRecord } from './source.js';

/** What the header of a Zeek log has said so far. */
interface Header {
  readonly separator: string;
  readonly unset: string;
  readonly empty: string;
  readonly path: string | undefined;
  readonly fields: readonly string[] | undefined;
}

const FIRST: Header = { separator: '\t', unset: '-', empty: '(empty)', path: undefined, fields: undefined };

/** A line of a Zeek log: a record with the name of its log, a line of the header, or what is wrong. */
type ZeekLine = { readonly record: JsonRecord; readonly path: string | undefined } | 'header' | RowFault;

/** Reads the lines of one Zeek log, in order. A header counts for all lines after it, until the next. */
export class ZeekTable {
  #header = FIRST;

  read(line: string): ZeekLine {
    return line.startsWith('#') ? this.#readHeader(line) : this.#readRow(line);
  }

  #readHeader(line: string): 'header' | RowFault {
    // The line that names the separator is itself separated by a space.
    const named = /^#separator +(\S+)\s*$/.exec(line);
    if (named !== null) {
      this.#header = { ...FIRST, separator: unescapeText(named[1]!) };
      return 'header';
    }
    const [name, ...values] = line.split(this.#header.separator);
    const [value] = values;
    if (name === '#fields') return this.#readFields(values);
    if (value === undefined) return 'header';
    if (name === '#path') this.#header = { ...this.#header, path: value };
    else if (name === '#unset_field') this.#header = { ...this.#header, unset: value };
    else if (name === '#empty_field') this.#header = { ...this.#header, empty: value };
    return 'header';
  }

  #readFields(values: readonly string[]): 'header' | RowFault {
    // Labelled logs append columns with spaces, to the header and to the rows.
    const fields = values.flatMap((value) => value.trim().split(/ +/));
    const isDoubled = new Set(fields).size < fields.length;
    this.#header = { ...this.#header, fields: isDoubled ? undefined : fields };
    return isDoubled ? { code: 'duplicate-column', reason: 'the header names a column twice' } : 'header';
  }

  #readRow(line: string): ZeekLine {
    const { separator, unset, empty, path, fields } = this.#header;
    if (fields === undefined)
      return { code: 'bad-data', reason: 'no #fields line tells the columns of the line' };
    const cells = line.split(separator);
    const isLabelled = /label$/.test(fields.at(-1)!);
    if (isLabelled && cells.length < fields.length) cells.push(...cells.pop()!.trim().split(/ +/));
    if (cells.length < fields.length)
      return {
        code: 'too-few-columns',
        reason: `the line has fewer than the ${fields.length} columns of its header`,
      };
    if (cells.length > fields.length)
      return {
        code: 'too-many-columns',
        reason: `the line has more than the ${fields.length} columns of its header`,
      };
    const record: Record<string, Json> = Object.create(null);
    fields.forEach((field, i) => {
      const cell = cells[i]!;
      if (cell !== unset) record[field] = cell === empty ? '' : unescapeText(cell);
    });
    return { record, path };
  }
}

/** Returns what a cell says: Zeek writes bytes that are no printable ASCII as `\xNN`, and a backslash as two. */
export function unescapeText(cell: string): string {
  if (!cell.includes('\\')) return cell;
  return cell.replace(/\\\\|(?:\\x[\da-f]{2})+/gi, (code) =>
    code === '\\\\' ? '\\' : Buffer.from(code.replace(/\\x/gi, ''), 'hex').toString('utf8'),
  );
}

/** Returns the cell that says this. */
export function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(/[^\x20-\x7e]+/g, (part) => Buffer.from(part).toString('hex').replace(/../g, '\\x$&'));
}
