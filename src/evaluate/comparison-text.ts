import Table from 'cli-table3';
import { displayWidth, shortened, wrapLines } from '../core/index.js';
import { COMPARISON_COLUMNS, type ColumnKey, type Comparison, type ComparisonCell } from './comparison.js';
import { formatCell, formatEnds } from './comparison-figures.js';
import { comparisonTestLines } from './comparison-tests-text.js';

/** How to draw the table. */
export interface TextOptions {
  /** Marks the best figures with ANSI colour as well; default false. */
  readonly color?: boolean;
  /** Columns of the terminal, default 100. */
  readonly width?: number;
  /** Whether the tests stand below the table, default `shown`. */
  readonly tests?: 'shown' | 'left out';
}

const GAP = 1;
const NAME_LENGTH = { least: 12, shared: 24, most: 48 };

/**
 * Returns the table as lines of text that fit `width` columns (from 80 up), a line for what the signs mean, and the tests.
 * An interval stands beside its figure where there is room, below it where not. Names are made printable and wrap.
 */
export function comparisonText(comparison: Comparison, options: TextOptions = {}): string {
  const { color = false, width = 100 } = options;
  const names = comparison.rows.map((row) => shortened(row.name, NAME_LENGTH.most));
  const longest = Math.max(NAME_LENGTH.least, ...names.map(displayWidth));
  const beside = figures(comparison, { color, stacked: false });
  const stacked = columnWidth(beside) + Math.min(longest, NAME_LENGTH.shared) > width;
  const cells = stacked ? figures(comparison, { color, stacked: true }) : beside;
  const nameWidth = Math.max(NAME_LENGTH.least, Math.min(longest, width - columnWidth(cells)));
  const [head, ...body] = cells;
  const table = new Table({
    chars: BORDERLESS,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
    colAligns: ['left', ...head!.map(() => 'right' as const)],
  });
  const nameLines = names.map((name) => wrapLines(name, nameWidth));
  const stretch = (line: string) => STAND_IN.repeat(displayWidth(line));
  table.push(['', ...head!], ...body.map((row, i) => [nameLines[i]!.map(stretch).join('\n'), ...row]));
  const lines = withNames(table.toString().split('\n'), nameLines.flat());
  const tests = options.tests === 'left out' ? [] : comparisonTestLines(comparison, width);
  const all = [...lines, '', ...legend(comparison), ...(tests.length === 0 ? [] : ['', ...tests])];
  return `${all.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Drawn where a name will stand: the library that draws the table measures some scripts and flags otherwise. */
const STAND_IN = 'x';

function withNames(lines: readonly string[], names: readonly string[]): string[] {
  const drawn = names.filter((name) => displayWidth(name) > 0);
  return lines.map((line) => (line.startsWith(STAND_IN) ? line.replace(/^x+/, () => drawn.shift()!) : line));
}

const BORDERLESS = Object.fromEntries(
  [
    ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ]
    .flat()
    .map((name) => [name, '']),
);

/** The cells right of the names, titles first. */
function figures(comparison: Comparison, layout: { color: boolean; stacked: boolean }): string[][] {
  const titles = COMPARISON_COLUMNS.map(({ title }) => title as string);
  const rows = comparison.rows.map((row) =>
    COMPARISON_COLUMNS.map(({ key }) => figure(key, row.cells[key], layout)),
  );
  return [titles, ...rows];
}

function figure(
  key: ColumnKey,
  cell: ComparisonCell | undefined,
  layout: { color: boolean; stacked: boolean },
) {
  if (!cell) return '-';
  const stacks = layout.stacked && cell.interval !== undefined;
  const value = stacks ? formatCell(key, { value: cell.value, best: cell.best }) : formatCell(key, cell);
  const mark = cell.best ? '*' : ' ';
  const marked = layout.color && cell.best ? `\u001b[32m${value}${mark}\u001b[39m` : `${value}${mark}`;
  return stacks ? `${marked}\n${formatEnds(cell.interval!).join('-')} ` : marked;
}

/** What the figures take with their gaps. */
function columnWidth(cells: readonly (readonly string[])[]): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colour codes take no room
  const visible = (text: string) => text.replace(/\u001b\[\d+m/g, '').length;
  const widthOf = (column: number) =>
    Math.max(...cells.map((row) => Math.max(...row[column]!.split('\n').map(visible))));
  return cells[0]!.reduce((sum, _, column) => sum + widthOf(column) + GAP, 0);
}

function legend({ rows, comparable }: Comparison): string[] {
  const levels = new Set(
    rows
      .flatMap((row) => Object.values(row.cells).map((cell) => cell.interval?.level))
      .filter((l) => l !== undefined),
  );
  const level = levels.size === 1 ? `; ${+([...levels][0]! * 100).toFixed(2)} % intervals` : '';
  const signs = `ms: mean latency; precision, recall, F1: weighted${level}`;
  if (comparable === undefined) return [`*: best; ${signs}`];
  const best =
    comparable.length === 0
      ? 'none is best: not all were tested on the same data and label'
      : `*: best of the ${comparable.length} tested on the data and label of the chosen run`;
  return [best, signs];
}
