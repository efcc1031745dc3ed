import { parseJsonLiteral } from '../data/index.js';
import { firstCells } from './csv-record.js';
import { WEEK6_REQUIRED_COLUMNS } from './schema.js';
import { openSource } from './source.js';

const LF = 10;

/**
 * Returns whether a file is one of events, by its first row: one that says its event.dataset, CSV whose header has the columns of
 * week 6, or
 * anything that is no CSV or JSON lines. JSON lines of events have one of them. Throws NOT_FOUND, PERMISSION_DENIED and
 * BAD_DATA for a file that cannot be read.
 */
export async function isEventFile(path: string): Promise<boolean> {
  const { window, format } = await openSource(path, undefined);
  try {
    if (format !== 'csv' && format !== 'jsonl') return true;
    const names = new Set(format === 'csv' ? firstCells(window.bytes) : firstKeys(window.bytes));
    if (names.has('event.dataset')) return true;
    return format === 'csv'
      ? WEEK6_REQUIRED_COLUMNS.every((name) => names.has(name))
      : WEEK6_REQUIRED_COLUMNS.some((name) => names.has(name));
  } finally {
    await window.close();
  }
}

/** A first line that is longer than what was read, or is no object, is for the reader of events to complain of. */
function firstKeys(bytes: Buffer): readonly string[] {
  const end = bytes.indexOf(LF);
  try {
    const value = parseJsonLiteral(bytes.toString('utf8', 0, end < 0 ? bytes.length : end));
    if (value === null || typeof value !== 'object' || value.kind !== 'dict') return WEEK6_REQUIRED_COLUMNS;
    return value.entries.map(([key]) => String(key));
  } catch {
    return WEEK6_REQUIRED_COLUMNS;
  }
}
