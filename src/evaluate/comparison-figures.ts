import type { ComparisonCell } from './comparison.js';
import type { Interval } from './evaluation.js';
import type { PairedTest } from './paired-test.js';

/** Returns a share as `.886` or `1.00`: four characters, with one more only where it would round to 1. */
function formatShare(value: number): string {
  return withoutZero(value, 3) ?? withoutZero(value, 4) ?? value.toFixed(2);
}

/** Returns an interval's ends as `.76` or `1.0`: three characters each, with one more only where it would round to 1. */
export function formatEnds({ low, high }: Interval): [string, string] {
  return [formatEnd(low), formatEnd(high)];
}

function formatEnd(value: number): string {
  return withoutZero(value, 2) ?? withoutZero(value, 3) ?? value.toFixed(1);
}

function withoutZero(value: number, digits: number): string | undefined {
  const text = value.toFixed(digits);
  return text.startsWith('0') ? text.slice(1) : undefined;
}

/** Returns milliseconds: whole from 100 up, to three digits from 1 up, to two below. */
function formatMs(ms: number): string {
  if (ms >= 100) return ms.toFixed(0);
  return ms >= 1 ? ms.toPrecision(3) : String(Number(ms.toPrecision(2)));
}

/** Returns a p-value as `.012`, `<.001` or `1.00`. */
export function formatPValue(pValue: number): string {
  return pValue < 0.001 ? '<.001' : formatShare(pValue);
}

/** Returns a difference of shares with its interval as `+.044 [+.029, +.059]`: each with a sign. */
export function formatDifference({ difference, interval: { low, high } }: PairedTest): string {
  return `${formatSigned(difference)} [${formatSigned(low)}, ${formatSigned(high)}]`;
}

function formatSigned(value: number): string {
  const text = formatShare(Math.abs(value));
  const isZero = Number(text) === 0;
  return `${isZero ? ' ' : value > 0 ? '+' : '-'}${text}`;
}

/** Returns `.886 [.76, .95]`, or the value alone where the cell has no interval. */
export function formatCell(key: string, cell: ComparisonCell): string {
  if (key === 'latencyMs') return formatMs(cell.value);
  if (!cell.interval) return formatShare(cell.value);
  return `${formatShare(cell.value)} [${formatEnds(cell.interval).join(', ')}]`;
}
