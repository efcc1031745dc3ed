import type { DoctorReport, GarbageReport } from '../../pipeline/index.js';
import { renderTable } from './table.js';

/** Returns what gc found or removed. */
export function renderGarbage({ applied, removable, kept }: GarbageReport): string {
  const rows = [
    ...removable.map((item) => [applied ? 'removed' : 'removable', item.kind, item.id, item.name, '']),
    ...kept.map((item) => ['kept', item.kind, item.id, item.name, item.keptBecause ?? '']),
  ];
  if (rows.length === 0) return 'nothing to remove: no run is deleted';
  const table = renderTable(['', 'what', 'id', 'name', 'because'], rows, { color: false });
  return applied || removable.length === 0
    ? table
    : `${table}\n\nnothing was removed; run again with --apply`;
}

/** Returns what doctor found. */
export function renderDoctor({ checks }: DoctorReport): string {
  return renderTable(
    ['', 'check', 'detail'],
    checks.map((c) => [c.passed ? 'pass' : 'FAIL', c.name, c.detail]),
    { color: false },
  );
}
