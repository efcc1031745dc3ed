import type { Run, RunQuery } from './port.js';

/**
 * Returns the filter of MLflow's search language for a query. Tags that its quoting cannot express are left out, since
 * `runMatches` looks at all of them again.
 */
export function runFilter({ status, tags = {} }: RunQuery): string {
  const clauses = status === undefined ? [] : [`attributes.status = '${status}'`];
  for (const [key, value] of Object.entries(tags)) {
    if (/^[\w.\- /:]+$/.test(key) && /^[\w.\- /:,]+$/.test(value))
      clauses.push(`tags.\`${key}\` = '${value}'`);
  }
  return clauses.join(' AND ');
}

/** Returns true when the run is what the query asks for, whatever the server made of the filter. */
export function runMatches(run: Run, { status, tags = {} }: RunQuery): boolean {
  if (status !== undefined && run.info.status !== status) return false;
  return Object.entries(tags).every(([key, value]) => run.tags[key] === value);
}
