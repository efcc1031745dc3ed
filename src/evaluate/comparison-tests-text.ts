import { shortened, wrapLines } from '../core/index.js';
import type { Comparison } from './comparison.js';
import { isJudged, missingTests, TEST_COLUMNS, testFigures } from './test-figures.js';

/** Columns that every figure of a test fits, after an indent of two: 78 in all. */
const WIDTHS = [8, 20, 5, 5, 19, 12];
/** Titles and figures to the right, words to the left. */
const isRight = (column: number) => column === 2 || column === 3;
const NAME_LENGTH = { own: 48, listed: 24 };

/** Returns the tests as lines of at most `width` columns (from 80 up): those of each entry below its name, then what is missing. */
export function comparisonTestLines(comparison: Comparison, width: number): string[] {
  const { against, rows, nTests = 0 } = comparison;
  if (!against) return [];
  const wrapped = (text: string) => wrapLines(text, width);
  const tests = rows.flatMap(({ name, tests = [] }) => {
    const judged = tests.filter(isJudged).map((test) => line(testFigures(test)));
    return judged.length === 0 ? [] : [...wrapped(shortened(name, NAME_LENGTH.own)), ...judged];
  });
  return [
    ...wrapped(`Against ${shortened(against.name, NAME_LENGTH.own)}`),
    '',
    ...(nTests === 0 ? [] : [line(TEST_COLUMNS), ...tests, '', ...legend(comparison).flatMap(wrapped)]),
    ...missingTests(comparison).flatMap(({ tests, reason, names }) =>
      wrapped(`no ${tests}: ${reason} (${names.map((n) => shortened(n, NAME_LENGTH.listed)).join(', ')})`),
    ),
  ];
}

function legend({ against, rows, nTests }: Comparison): string[] {
  const level = rows.flatMap(({ tests = [] }) => tests.filter(isJudged))[0]!.interval.level;
  const name = shortened(against!.name, NAME_LENGTH.listed);
  return [
    `difference: value less that of ${name}; ${+(level * 100).toFixed(2)} % intervals`,
    `Holm: p corrected for ${nTests} tests; "no difference shown" does not mean equal`,
  ];
}

function line(cells: readonly string[]): string {
  const padded = cells.map((cell, i) => (isRight(i) ? cell.padStart(WIDTHS[i]!) : cell.padEnd(WIDTHS[i]!)));
  return `  ${padded.join(' ')}`;
}
