/** What a Python sensor writes with `repr`: text, numbers, True, False, None, lists and dicts. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Returns the value as Python's `repr` writes it (https://docs.python.org/3/library/functions.html#repr). */
export function pythonRepr(value: PythonValue): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quote(value);
  if (isList(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, item]) => `${quote(key)}: ${pythonRepr(item)}`);
  return `{${pairs.join(', ')}}`;
}

const isList = (value: PythonValue): value is readonly PythonValue[] => Array.isArray(value);

/**
 * Python prefers single quotes, and takes double quotes for a text that has single quotes only. It escapes what is not
 * printable: the Unicode categories Other and Separator, but for the space.
 */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/\\|(?! )[\p{C}\p{Z}]/gu, (c) => ESCAPES[c] ?? hexEscape(c.codePointAt(0)!));
  return mark + escaped.replaceAll(mark, `\\${mark}`) + mark;
}

function hexEscape(codePoint: number): string {
  const digits = codePoint.toString(16);
  if (codePoint <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return codePoint <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
