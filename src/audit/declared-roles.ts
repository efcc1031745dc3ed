import type { TableValues } from '../data/index.js';
import { type Finding, finding, listed } from './audit.js';
import type { Prepared } from './prepared.js';

const WHY = { 'label-defining': 'defines the label', outcome: 'is written from the outcome' } as const;

/**
 * Returns which columns that the model would read are declared to hold the label or the outcome: each blocks. Where none is
 * named, one without any value is none of them: the form of events has many that a sensor never fills.
 */
export function auditDeclaredRoles(data: Prepared): Finding {
  const told = data.candidates.flatMap(({ name, role, reason, values }) => {
    if (role !== 'label-defining' && role !== 'outcome') return [];
    if (data.input.used === undefined && !hasValue(values)) return [];
    return [{ name, words: `${name} ${WHY[role]}: ${reason.replace(/\.$/, '')}` }];
  });
  if (told.length === 0)
    return finding('pass', 'no column that is read defines the label or tells the outcome');
  const columns = told.map(({ name }) => name);
  return finding('block', told.map(({ words }) => words).join('; '), {
    columns,
    numbers: { columns: columns.length },
    fix: `leave ${listed(columns)} out of the features, as training does unless --features names them`,
  });
}

function hasValue(values: TableValues): boolean {
  return values instanceof Float64Array
    ? values.some((value) => !Number.isNaN(value))
    : values.some((value) => value !== null);
}
