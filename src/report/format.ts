import type { Report } from './document.js';
import { shownText } from './text.js';

type Interval = { readonly low: number; readonly high: number; readonly level: number };

/** Returns a share from 0 to 1 as a decimal of three places, with more only where it would round to 0 or 1. */
export function decimal(value: number): string {
  const text = value.toFixed(3);
  if (text === '1.000' && value < 1) return value > 0.99995 ? '>0.9999' : value.toFixed(4);
  return Number(text) === 0 && value !== 0 ? String(Number(value.toPrecision(2))) : text;
}

/** Returns an interval as `0.812 to 0.934`. */
export function range({ low, high }: Interval): string {
  return `${decimal(low)} to ${decimal(high)}`;
}

/** Returns an estimate as `0.880 (0.812 to 0.934)`, with how the interval was made where that is said; a dash where there is none. */
export function estimateText(
  estimate: {
    readonly value: number | null;
    readonly interval: Interval | null;
    readonly reason?: string | null;
  } | null,
): string {
  if (estimate?.value == null) return '–';
  const { value, interval, reason } = estimate;
  if (interval === null) return decimal(value);
  return `${decimal(value)} (${range(interval)}${reason == null ? '' : `, ${shownText(reason, 40)}`})`;
}

/**
 * Returns an estimate of a report as text, marked where its interval takes rows as independent while the others come from
 * resampling groups.
 */
export function figureText(
  estimate: Pick<Report['headline'][number], 'value' | 'interval'> | null,
  by: string | null,
): string {
  if (estimate === null) return '–';
  const { value, interval } = estimate;
  const isByRows = by !== null && interval !== null && interval.method !== 'clusterBootstrap';
  return estimateText({ value, interval, reason: isByRows ? 'by rows' : null });
}

/** Returns a whole number with thin groups of thousands, any other to three digits. */
export function count(value: number): string {
  if (!Number.isInteger(value) && Math.abs(value) < 100) return String(Number(value.toPrecision(3)));
  const digits = String(Math.round(Math.abs(value)));
  return `${value < 0 ? '-' : ''}${digits.replace(/\B(?=(\d{3})+$)/g, ',')}`;
}

/** Returns a share as a percentage of two or three digits. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0 || value === 100) return `${value} %`;
  if (value < 1) return `${Number(value.toPrecision(2))} %`;
  return `${value > 99 ? Number(value.toFixed(2)) : Number(value.toFixed(1))} %`;
}

/** Returns a count with its noun: `1 row`, `2 rows`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Returns the start of a day as `2018-05-25`. */
export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const TITLES: Readonly<Record<string, string>> = {
  accuracy: 'Accuracy',
  balancedAccuracy: 'Balanced accuracy',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
  precisionBinary: 'Precision',
  recallBinary: 'Recall',
  f1Binary: 'F1',
  f1Macro: 'F1, mean of classes',
  precisionMacro: 'Precision, mean of classes',
  recallMacro: 'Recall, mean of classes',
  rocAuc: 'ROC AUC',
  prAuc: 'PR AUC',
  mcc: 'Matthews correlation',
};

/** Returns what a metric is called. */
export function metricTitle(name: string): string {
  return Object.hasOwn(TITLES, name) ? TITLES[name]! : shownText(name, 40);
}

/** Returns in words what the intervals take for independent. */
export function intervalWords({ level, by, nGroups }: Report['intervals']): string {
  const share = `${Number((level * 100).toPrecision(4))} %`;
  return by === null
    ? `Intervals: ${share}, taking every test row as independent.`
    : `Intervals: ${share}, from resampling the ${counted(nGroups ?? 0, 'group')} of ${shownText(by, 60)}: rows of one group tell much the same. A value that no resample varies, as a perfect one or one that a single group makes, has the interval of rows (marked “by rows”).`;
}
