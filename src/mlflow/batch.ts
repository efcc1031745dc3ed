import { invalidParameter } from '../core/index.js';
import { cutTo, LIMITS } from './limits.js';
import { checkKey } from './names.js';

/** A metric point as MLflow's wire has it; the timestamp is in epoch milliseconds. */
export interface BatchMetric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
  readonly modelId?: string;
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}

/** What a log-batch call writes. */
export interface Batch {
  readonly metrics: readonly BatchMetric[];
  readonly params: ReadonlyArray<readonly [key: string, value: string]>;
  readonly tags: ReadonlyArray<readonly [key: string, value: string]>;
}

/**
 * Returns the batch as MLflow would take it: keys and numbers checked, params cut at 6,000 characters, tags at 8,000.
 * Throws INVALID_PARAMETER, naming the field, before anything is written.
 */
export function prepareBatch(batch: {
  readonly metrics?: readonly BatchMetric[];
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}): Batch {
  const metrics = batch.metrics ?? [];
  const checkedKeys = new Set<string>();
  metrics.forEach((metric, i) => {
    // Most points of a batch share their keys with others.
    if (!checkedKeys.has(metric.key)) checkKey(`metrics[${i}] key`, metric.key);
    checkedKeys.add(metric.key);
    checkPoint(metric, i);
  });
  return {
    metrics,
    params: Object.entries(batch.params ?? {}).map(([key, value]) => {
      checkKey('param key', key);
      return [key, cutTo(asText(`param '${key}'`, value), LIMITS.paramValueLength)] as const;
    }),
    tags: prepareRunTags(batch.tags ?? {}),
  };
}

/** Returns a run's tags with their keys checked and values cut at 8,000 characters. Throws INVALID_PARAMETER. */
export function prepareRunTags(
  tags: Readonly<Record<string, string>>,
): ReadonlyArray<readonly [key: string, value: string]> {
  return Object.entries(tags).map(([key, value]) => {
    checkKey('tag key', key);
    return [key, cutTo(asText(`tag '${key}'`, value), LIMITS.runTagValueLength)] as const;
  });
}

/** Throws INVALID_PARAMETER unless MLflow can store the point: a number, whole step and time. */
function checkPoint({ key, value, timestamp, step }: BatchMetric, index: number): void {
  const refuse = (field: string, expected: string, given: unknown) =>
    invalidParameter(`metrics[${index}] '${key}' ${field}`, expected, given);
  if (typeof value !== 'number') refuse('value', 'a number', value);
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
    refuse('timestamp', 'a whole number of milliseconds from 0', timestamp);
  }
  if (!Number.isSafeInteger(step)) refuse('step', 'a whole number', step);
}

function asText(what: string, value: unknown): string {
  if (typeof value !== 'string') invalidParameter(what, 'text', value);
  return value;
}
