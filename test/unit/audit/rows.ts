import {
  type Audit,
  type AuditColumn,
  type AuditInput,
  type AuditName,
  auditData,
} from '#src/audit/index.js';
import type { ColumnRole } from '#src/data/index.js';

/** Returns a column; numbers are numeric, anything else text. */
export function column(
  name: string,
  cells: readonly (number | string | null)[],
  role: ColumnRole = 'feature',
): AuditColumn {
  const isNumeric = cells.every((cell) => typeof cell === 'number');
  const values = isNumeric
    ? Float64Array.from(cells as number[])
    : cells.map((c) => (c === null ? null : String(c)));
  return { name, role, reason: 'for the test', values };
}

/** Returns an input of these columns whose label is the codes given. */
export function input(
  codes: readonly number[],
  columns: readonly AuditColumn[],
  rest: Partial<AuditInput> = {},
): AuditInput {
  const classes = Array.from({ length: Math.max(...codes) + 1 }, (_, code) => code);
  return { label: 'bad', labels: { classes, codes: Uint16Array.from(codes) }, columns, ...rest };
}

/** Returns a split that tests on the last rows. */
export function lastRows(nRows: number, nTest: number) {
  const range = (from: number, count: number) => Uint32Array.from({ length: count }, (_, i) => from + i);
  return { train: range(0, nRows - nTest), test: range(nRows - nTest, nTest) };
}

/** Returns what the audit of this name says. */
export function audit(name: AuditName, of: AuditInput): Audit {
  return named(name, auditData(of).audits);
}

export function named(name: AuditName, audits: readonly Audit[]): Audit {
  return audits.find((one) => one.name === name)!;
}

/** Returns `count` values made from their index. */
export function made<T>(count: number, of: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => of(i));
}
