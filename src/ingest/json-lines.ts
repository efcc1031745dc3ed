import { PhantomNetError } from '../core/index.js';
import { EVENT_COLUMNS, EVENT_FIELDS, type PythonValue, parseJsonLiteral } from '../data/index.js';
import { type RecordFormat, type RecordStep, textFault } from './record-reader.js';
import type { RawRow, RowFault } from './row.js';

const LF = 10;
const KNOWN_NAMES: ReadonlySet<string> = new Set([...EVENT_COLUMNS, ...EVENT_FIELDS.map(({ name }) => name)]);

/** Returns the JSON lines format: one object a line, its keys the columns. */
export function jsonLinesFormat(): RecordFormat {
  return {
    hasHeader: () => false,
    read(view, { atEnd }): RecordStep {
      const lineBreak = view.indexOf(LF);
      if (lineBreak < 0 && !atEnd) return { kind: 'incomplete' };
      const end = lineBreak < 0 ? view.length : lineBreak;
      const line = view.subarray(0, end);
      const content = textFault(line) ?? readObject(line.toString('utf8'), lineBreak < 0);
      return { kind: 'record', next: lineBreak < 0 ? end : end + 1, content };
    },
  };
}

function readObject(text: string, isLast: boolean): RawRow['content'] {
  if (text.trim() === '') return { code: 'not-an-object', reason: 'the line holds only white space' };
  let value: PythonValue;
  try {
    value = parseJsonLiteral(text, { maxLength: text.length });
  } catch (error) {
    if (!(error instanceof PhantomNetError)) throw error;
    if (isLast && error.details.cutOff === true)
      return { code: 'cut', reason: 'the file ends inside the row' };
    return { code: 'bad-json', reason: `the line is no JSON object: ${error.message}` };
  }
  if (value === null || typeof value !== 'object' || value.kind !== 'dict')
    return { code: 'not-an-object', reason: 'the line holds a JSON value that is not an object' };
  return columnsOf(value.entries);
}

function columnsOf(entries: readonly (readonly [PythonValue, PythonValue])[]): RawRow['content'] {
  const cells = entries.map(([key, value]) => [String(key), value] as const);
  const fault = duplicateFault(cells.map(([name]) => name));
  return fault ?? cells;
}

function duplicateFault(names: readonly string[]): RowFault | undefined {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      // A key of a row is the row's text, so only a name we know is repeated.
      const known = KNOWN_NAMES.has(name) ? { column: name } : {};
      return { code: 'duplicate-column', reason: 'the object has a key twice', ...known };
    }
    seen.add(name);
  }
  return undefined;
}
