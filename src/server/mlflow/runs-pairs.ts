import { PhantomNetError, show } from '../../core/index.js';
import { type MlflowErrorCode, toRecord } from '../../mlflow/index.js';
import type { TrackingStore } from '../../track/index.js';

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

/** The same, with `check` called before a refusal: it throws for what MLflow finds wrong earlier. */
export async function toUniqueRecordAfter(
  check: () => Promise<unknown>,
  pairs: Pairs,
  mlflowCode: MlflowErrorCode,
): Promise<Record<string, string>> {
  try {
    return toUniqueRecord(pairs, mlflowCode);
  } catch (error) {
    await check();
    throw error;
  }
}

/** Throws what the store throws to a write to an experiment that is not there, or deleted. */
export async function checkTakesWrites(tracking: TrackingStore, experimentId: string): Promise<void> {
  const { name, lifecycleStage } = await tracking.getExperiment(experimentId);
  if (lifecycleStage === 'active') return;
  throw new PhantomNetError('CONFLICT', `experiment ${show(name)} is deleted and takes no writes`, {
    hint: 'restore the experiment first, or choose another',
  });
}
