import { visible } from '../core/index.js';
import { COMPARISON_COLUMNS, type Comparison } from './comparison.js';
import { formatCell } from './comparison-figures.js';
import { PAIRED_TESTS } from './pair-tests.js';
import type { Untested } from './paired-test.js';
import { isJudged, missingTests, TEST_COLUMNS, testFigures } from './test-figures.js';
import type { JudgedTest } from './verdict.js';

/** Returns the table in GitHub's Markdown, the best figures bold, then the tests; names are escaped, so that they stay text. */
export function comparisonMarkdown(comparison: Comparison): string {
  const rows = comparison.rows.map(({ name, cells }) => {
    const figures = COMPARISON_COLUMNS.map(({ key }) => {
      const cell = cells[key];
      if (!cell) return '';
      return cell.best ? `**${formatCell(key, cell)}**` : formatCell(key, cell);
    });
    return [escapeMarkdown(name), ...figures];
  });
  const titles = COMPARISON_COLUMNS.map(({ title }) => title);
  return [markdownTable(['name', ...titles], rows), ...markdownTests(comparison)].join('\n');
}

/** Columns of words, to the left; figures stand to the right. */
const WORDS: ReadonlySet<string> = new Set(['name', 'metric', 'verdict', 'test']);

function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, titles.map((title) => (WORDS.has(title) ? '---' : '---:')), ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function markdownTests(comparison: Comparison): string[] {
  const { against, rows, nTests = 0 } = comparison;
  if (!against) return [];
  const tests = rows.flatMap(({ name, tests = [] }) =>
    tests.filter(isJudged).map((test) => [escapeMarkdown(name), ...testFigures(test)]),
  );
  const [, ...columns] = TEST_COLUMNS;
  const missing = missingTests(comparison).map(({ tests, reason, names }) => {
    return `- no ${tests}: ${reason} (${names.map(escapeMarkdown).join(', ')})\n`;
  });
  return [
    `Against ${escapeMarkdown(against.name)}; Holm: p corrected for ${nTests} tests\n`,
    ...(tests.length === 0 ? [] : [markdownTable(['name', 'metric', ...columns], tests)]),
    ...(missing.length === 0 ? [] : [missing.join('')]),
  ];
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
  for (const { test } of PAIRED_TESTS) header.push(...TEST_FIELDS.map((field) => `${test}${field}`));
  const lines = rows.map(({ id, name, cells, tests }) => {
    const line: (string | number | boolean | undefined)[] = [id, name];
    for (const { key } of COMPARISON_COLUMNS) {
      const cell = cells[key];
      line.push(cell?.value, cell?.best);
      if (key !== 'latencyMs') line.push(cell?.interval?.low, cell?.interval?.high);
    }
    for (const { test } of PAIRED_TESTS) line.push(...testCells(tests?.find((t) => t.test === test)));
    return line.map(csvCell).join(',');
  });
  return `${[header.join(','), ...lines].join('\n')}\n`;
}

const TEST_FIELDS = ['Difference', 'Low', 'High', 'PValue', 'HolmPValue', 'Verdict', 'Reason'];

function testCells(test: JudgedTest | Untested | undefined): (string | number | undefined)[] {
  if (test === undefined) return TEST_FIELDS.map(() => undefined);
  if (!isJudged(test)) return [...TEST_FIELDS.slice(1).map(() => undefined), test.reason];
  const { difference, interval, pValue, adjustedPValue, verdict } = test;
  return [difference, interval.low, interval.high, pValue, adjustedPValue, verdict, undefined];
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
