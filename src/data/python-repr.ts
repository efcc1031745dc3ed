import type { PythonValue } from './python-value.js';

// What `str.isprintable` calls unprintable (categories C and Z but the space), and what a quote or an escape may need.
const NOT_PLAIN = /[\p{C}\\'"]|(?! )\p{Z}/gu;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * Returns the text that CPython's `repr` writes for the value: quotes, escapes, unprintable characters, floats and ints alike.
 * Which characters beyond ASCII are printable follows the Unicode version of the running Node, as it follows Python's there.
 * Deterministic. Cost O(length); recursive, so build no deeper values than the parsers do.
 *
 * @example
 * ```ts
 * pythonRepr({ kind: 'dict', entries: [['arg', "it's"], ['port', 22n]] }); // {'arg': "it's", 'port': 22}
 * ```
 */
export function pythonRepr(value: PythonValue): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return textRepr(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return floatRepr(value);
  if (value.kind === 'bytes') return bytesRepr(value.latin1);
  if (value.kind === 'dict')
    return `{${value.entries.map(([k, v]) => `${pythonRepr(k)}: ${pythonRepr(v)}`).join(', ')}}`;
  const items = value.items.map(pythonRepr).join(', ');
  if (value.kind === 'list') return `[${items}]`;
  return value.items.length === 1 ? `(${items},)` : `(${items})`;
}

/** Returns the quote Python chooses: double only where the text has single quotes and no double ones. */
function quoteFor(text: string): "'" | '"' {
  return text.includes("'") && !text.includes('"') ? '"' : "'";
}

function textRepr(text: string): string {
  const quote = quoteFor(text);
  const body = text.replace(NOT_PLAIN, (character) => {
    if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
    return ESCAPES.get(character) ?? codeEscape(character.codePointAt(0)!);
  });
  return `${quote}${body}${quote}`;
}

function bytesRepr(latin1: string): string {
  const quote = quoteFor(latin1);
  const body = latin1.replace(/[^\x20-\x7e]|[\\'"]/g, (byte) => {
    if (byte === "'" || byte === '"') return byte === quote ? `\\${byte}` : byte;
    return ESCAPES.get(byte) ?? codeEscape(byte.charCodeAt(0));
  });
  return `b${quote}${body}${quote}`;
}

function codeEscape(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Returns the shortest digits that read back as `value`, with an exponent where Python writes one: below 1e-4 and from 1e16. */
function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa, exponentText] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
