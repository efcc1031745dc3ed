import { visible } from '../core/index.js';
import { COMPARISON_COLUMNS, type Comparison } from './comparison.js';
import { formatCell, formatPValue } from './comparison-figures.js';

/** Returns the table in GitHub's Markdown, the best figures bold; names are escaped, so that they stay text. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { against, rows } = comparison;
  const titles = ['name', ...COMPARISON_COLUMNS.map(({ title }) => title), ...(against ? ['p'] : [])];
  const lines = [titles, titles.map((_, i) => (i === 0 ? '---' : '---:'))];
  for (const row of rows) {
    const figures = COMPARISON_COLUMNS.map(({ key }) => {
      const cell = row.cells[key];
      if (!cell) return '';
      return cell.best ? `**${formatCell(key, cell)}**` : formatCell(key, cell);
    });
    lines.push([escapeMarkdown(row.name), ...figures, ...(against ? [formatPValue(row)] : [])]);
  }
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return against
    ? `${table}\n\np: McNemar's exact test against ${escapeMarkdown(against.name)}\n`
    : `${table}\n`;
}

function escapeMarkdown(text: string): string {
  return visible(text).replace(/[\\`*_{}[\]()<>#+!|~&:@$^]/g, (sign) => `\\${sign}`);
}

/**
 * Returns the table as CSV (RFC 4180, LF) with full-precision figures, interval ends and marks in columns of their own.
 * A name that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export function comparisonCsv({ rows }: Comparison): string {
  const header = ['id', 'name'];
  for (const { key } of COMPARISON_COLUMNS) {
    header.push(key, `${key}Best`);
    if (key !== 'latencyMs') header.push(`${key}Low`, `${key}High`);
  }
  header.push('mcnemarPValue', 'mcnemarReason');
  const lines = rows.map(({ id, name, cells, mcnemar }) => {
    const line: (string | number | boolean | undefined)[] = [id, name];
    for (const { key } of COMPARISON_COLUMNS) {
      const cell = cells[key];
      line.push(cell?.value, cell?.best);
      if (key !== 'latencyMs') line.push(cell?.interval?.low, cell?.interval?.high);
    }
    line.push(mcnemar && 'pValue' in mcnemar ? mcnemar.pValue : undefined);
    line.push(mcnemar && 'reason' in mcnemar ? mcnemar.reason : undefined);
    return line.map(csvCell).join(',');
  });
  return `${[header.join(','), ...lines].join('\n')}\n`;
}

function csvCell(value: string | number | boolean | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  const safe =
    /^\s*[=+\-@＝＋－＠]/u.test(value) || /^[\t\r]/.test(value) ? `'${visible(value)}` : visible(value);
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Returns the table as indented JSON; characters that could disturb a terminal are written as escapes. */
export function comparisonJson(comparison: Comparison): string {
  return `${JSON.stringify(comparison, null, 2).split('\n').map(visible).join('\n')}\n`;
}
