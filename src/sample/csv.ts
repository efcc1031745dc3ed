import { EVENT_COLUMNS } from '../data/index.js';
import type { SampleRow } from './generate.js';

/** Returns the rows as CSV with a header line and LF: a missing cell is empty, an empty text is `""`. */
export function formatSampleCsv(rows: readonly SampleRow[]): string {
  const lines = rows.map((row) => EVENT_COLUMNS.map((column) => cell(row.fields[column])).join(','));
  return `${[EVENT_COLUMNS.join(','), ...lines].join('\n')}\n`;
}

function cell(text: string | null): string {
  if (text === null) return '';
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
