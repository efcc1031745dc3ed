import type { Batch, BatchMetric } from './batch.js';
import { LIMITS } from './limits.js';
import { doubleToWire } from './messages/wire.js';

/** A point in a log-batch request. */
interface WireMetric {
  key: string;
  value: ReturnType<typeof doubleToWire>;
  timestamp: number;
  step: number;
  model_id?: string;
  dataset_name?: string;
  dataset_digest?: string;
}

/** A log-batch request without its run id. */
export interface WireBatch {
  metrics: WireMetric[];
  params: { key: string; value: string }[];
  tags: { key: string; value: string }[];
}

/** Room for the run id and the names of the lists. */
const ENVELOPE_SIZE_BYTES = 512;

/**
 * Returns the fewest requests, in order, that hold the batch within MLflow's limits: 1,000 metrics, 100 params, 100
 * tags, 1,000 in all, 1 MB of JSON. Params come first, since they are what a server may refuse; a batch that fits is one
 * request, and so atomic. An empty batch is one empty request, so that an unknown run is still an error.
 */
export function splitBatch(batch: Batch): WireBatch[] {
  const requests: WireBatch[] = [];
  let current = emptyBatch();
  let sizeBytes = ENVELOPE_SIZE_BYTES;
  const add = <K extends keyof WireBatch>(list: K, item: WireBatch[K][number], limit: number) => {
    const itemBytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    const count = current.metrics.length + current.params.length + current.tags.length;
    const isFull =
      current[list].length >= limit ||
      count >= LIMITS.entitiesPerBatch ||
      sizeBytes + itemBytes > LIMITS.batchSizeBytes;
    if (isFull) {
      requests.push(current);
      current = emptyBatch();
      sizeBytes = ENVELOPE_SIZE_BYTES;
    }
    (current[list] as WireBatch[K][number][]).push(item);
    sizeBytes += itemBytes;
  };
  for (const [key, value] of batch.params) add('params', { key, value }, LIMITS.paramsPerBatch);
  for (const [key, value] of batch.tags) add('tags', { key, value }, LIMITS.tagsPerBatch);
  for (const metric of batch.metrics) add('metrics', metricToWire(metric), LIMITS.metricsPerBatch);
  requests.push(current);
  return requests;
}

function emptyBatch(): WireBatch {
  return { metrics: [], params: [], tags: [] };
}

function metricToWire({ key, value, timestamp, step, ...of }: BatchMetric): WireMetric {
  return {
    key,
    value: doubleToWire(value),
    timestamp,
    step,
    ...(of.modelId === undefined ? {} : { model_id: of.modelId }),
    ...(of.datasetName === undefined ? {} : { dataset_name: of.datasetName }),
    ...(of.datasetDigest === undefined ? {} : { dataset_digest: of.datasetDigest }),
  };
}
