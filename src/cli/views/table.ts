import { createRequire } from 'node:module';
import type Table from 'cli-table3';
import { visible } from '../../core/index.js';

const load = createRequire(import.meta.url);

const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/** Returns a table without lines: a head and rows of text, control characters made visible. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  options: { readonly color: boolean; readonly right?: readonly number[] },
): string {
  // Loaded when a table is drawn, so that --help need not wait for it.
  const TableOfText = load('cli-table3') as typeof Table;
  const table = new TableOfText({
    head: [...head],
    chars: PLAIN,
    style: { 'padding-left': 0, 'padding-right': 0, head: options.color ? ['bold'] : [], border: [] },
    colAligns: head.map((_, i) => (options.right?.includes(i) ? 'right' : 'left')),
  });
  for (const row of rows) table.push(row.map(visible));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Returns `label  value` lines, labels aligned. */
export function renderFacts(facts: readonly (readonly [string, string])[]): string {
  const width = Math.max(...facts.map(([label]) => label.length));
  return facts.map(([label, value]) => `${label.padEnd(width)}  ${visible(value)}`.trimEnd()).join('\n');
}

/** Returns a share as `.8863`, with its interval as `.8863 [.7605, .9505]` when there is one. */
export function share(
  value: number | undefined,
  interval?: { readonly low: number; readonly high: number },
): string {
  if (value === undefined) return '–';
  const short = (x: number): string => x.toFixed(4).replace(/^(-?)0\./, '$1.');
  return interval === undefined
    ? short(value)
    : `${short(value)} [${short(interval.low)}, ${short(interval.high)}]`;
}

/** Returns milliseconds with three significant digits. */
export function milliseconds(ms: number): string {
  return `${ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3)} ms`;
}

/** Returns the word for the outcome of a check; null is one that does not apply. */
export function verdict(passed: boolean | null): string {
  return passed === null ? 'n/a' : passed ? 'pass' : 'FAIL';
}
