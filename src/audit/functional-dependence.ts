import { type AuditColumn, type Finding, finding, listed } from './audit.js';
import type { Prepared } from './prepared.js';
import { codesOf, tallyByGroup, valuesAt } from './row-groups.js';

/** Chance of as pure a column, were it unrelated to the label, below which it counts as a dependence. */
const MAX_LOG_CHANCE = Math.log(1e-6);

/**
 * Returns which columns decide the label in these rows: every value occurs with one class only, and so often that chance
 * does not explain it. An honest feature may do so in few rows, so it warns and never blocks.
 */
export function auditFunctionalDependence(data: Prepared): Finding {
  const { labels, trainRows } = data;
  const y = trainRows.map((row) => labels.codes[row]!);
  const found = data.candidates.filter(
    (column) =>
      column.role !== 'label-defining' &&
      column.role !== 'outcome' &&
      decides(column, { trainRows, y, labels }),
  );
  if (found.length === 0) return finding('pass', 'no column decides the label');
  const names = found.map(({ name }) => name);
  const all = found.length === 1 ? 'each of its values occurs' : 'each of their values occurs';
  return finding('warn', `${listed(names)}: ${all} with one class only`, {
    columns: names,
    numbers: Object.fromEntries(names.map((name, i) => [`values.${name}`, data.codes(found[i]!).count])),
    fix: 'ask of each whether it is known when a prediction is due; declare it an outcome where it is not',
  });
}

function decides(
  { values }: AuditColumn,
  rows: { readonly trainRows: Uint32Array; readonly y: Uint32Array; readonly labels: Prepared['labels'] },
): boolean {
  const nClasses = rows.labels.classes.length;
  const groups = codesOf(valuesAt(values, rows.trainRows));
  const { most, distinct } = tallyByGroup(groups, rows.y);
  const priors = new Float64Array(nClasses);
  for (const code of rows.y) priors[code] = priors[code]! + 1 / rows.y.length;
  if (groups.count < 2 || priors.includes(1)) return false;
  if (distinct.some((count) => count > 1)) return false;
  let logChance = 0;
  for (const size of most) logChance += Math.log(priors.reduce((sum, prior) => sum + prior ** size, 0));
  return logChance < MAX_LOG_CHANCE;
}
