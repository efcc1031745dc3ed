import { type Finding, finding, listed } from './audit.js';
import type { Prepared } from './prepared.js';

const WHY = { 'label-defining': 'defines the label', outcome: 'is written from the outcome' } as const;

/** Returns which columns that the model would read are declared to hold the label or the outcome: each blocks. */
export function auditDeclaredRoles(data: Prepared): Finding {
  const told = data.candidates.flatMap(({ name, role, reason }) =>
    role === 'label-defining' || role === 'outcome'
      ? [{ name, words: `${name} ${WHY[role]}: ${reason.replace(/\.$/, '')}` }]
      : [],
  );
  if (told.length === 0)
    return finding('pass', 'no column that is read defines the label or tells the outcome');
  const columns = told.map(({ name }) => name);
  return finding('block', told.map(({ words }) => words).join('; '), {
    columns,
    numbers: { columns: columns.length },
    fix: `leave ${listed(columns)} out of the features, as training does unless --features names them`,
  });
}
