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
  metrics.forEach(checkMetric);
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

/** Throws INVALID_PARAMETER unless MLflow can store the point: a good key, a number, whole step and time. */
export function checkMetric(metric: BatchMetric, index = 0): void {
  const where = `metrics[${index}]`;
  checkKey(`${where} key`, metric.key);
  if (typeof metric.value !== 'number') {
    invalidParameter(`${where} '${metric.key}' value`, 'a number', metric.value);
  }
  if (!Number.isSafeInteger(metric.timestamp) || metric.timestamp < 0) {
    invalidParameter(
      `${where} '${metric.key}' timestamp`,
      'a whole number of milliseconds from 0',
      metric.timestamp,
    );
  }
  if (!Number.isSafeInteger(metric.step)) {
    invalidParameter(`${where} '${metric.key}' step`, 'a whole number', metric.step);
  }
}

function asText(what: string, value: unknown): string {
  if (typeof value !== 'string') invalidParameter(what, 'text', value);
  return value;
}
