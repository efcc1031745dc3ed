import { type Finding, finding, notApplicable, short } from './audit.js';
import { binomialUpperTail } from './binomial.js';
import { columnsRead, MajorityRule } from './conflicting-labels.js';
import type { Prepared } from './prepared.js';

const MAX_CHANCE = 0.01;

/**
 * Returns whether a model gets more test rows right than the majority rule of the columns it reads does, on the same rows: it
 * warns, and blocks where an exact binomial test says that luck is no explanation (p < .01). What looks at earlier rows has
 * no such ceiling.
 */
export function auditScoreCeiling(data: Prepared, isRight: Uint8Array): Finding {
  const { split, reach } = data.input;
  if (split === undefined) return notApplicable('there are no test rows');
  if (reach === 'history')
    return notApplicable('the features know of earlier rows, so equal rows set no ceiling');
  const columns = columnsRead(data);
  if (columns.length === 0) return notApplicable('no raw column is read');
  const ceiling = new MajorityRule(data, columns).on(split.test);
  const right = isRight.reduce((sum, one) => sum + one, 0);
  const chance = binomialUpperTail(right, ceiling.rows, ceiling.right / ceiling.rows);
  const numbers = { right, ceiling: ceiling.right, rows: ceiling.rows, chance };
  const words = `${right} of ${ceiling.rows} test rows are right, where the columns read allow ${ceiling.right}`;
  if (right <= ceiling.right) return finding('pass', words, { numbers });
  return finding(chance < MAX_CHANCE ? 'block' : 'warn', `${words} (p = ${short(chance)})`, {
    numbers,
    columns: columns.map(({ name }) => name),
    fix: 'look for a feature that knows the label, or for rows that were made after it was',
  });
}
