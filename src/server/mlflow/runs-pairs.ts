import { PhantomNetError, show } from '../../core/index.js';
import { type MlflowErrorCode, toRecord } from '../../mlflow/index.js';

/** Pairs of a request. */
type Pairs = readonly { readonly key: string; readonly value: string }[];

/**
 * Returns pairs as a record, refusing a key that stands there twice with the code MLflow gives it: it finds out when
 * its database refuses the second row.
 */
export function toUniqueRecord(pairs: Pairs, mlflowCode: MlflowErrorCode): Record<string, string> {
  const record = toRecord([...pairs]);
  if (Object.keys(record).length === pairs.length) return record;
  const seen = new Set<string>();
  for (const { key } of pairs) {
    if (!seen.has(key)) seen.add(key);
    else
      throw new PhantomNetError('INVALID_PARAMETER', `key ${show(key)} is given twice`, {
        hint: 'give each key once',
        details: { key, mlflowCode },
      });
  }
  return record;
}
