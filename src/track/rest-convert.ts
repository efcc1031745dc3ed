import {
  toRecord,
  type wireExperiment,
  type wireLoggedModel,
  type wireMetric,
  type wireRun,
  type wireRunInfo,
} from '../mlflow/index.js';
import type { DatasetInput, DatasetSummary, Experiment, LoggedModel, Metric, Run, RunInfo } from './port.js';

// Types of parsed messages, taken from the schemas so that the two cannot drift apart.
type Parsed<Schema extends { readonly _zod: { output: unknown } }> = Schema['_zod']['output'];

/** Returns an experiment of the port from one of the wire. */
export function toExperiment(wire: Parsed<typeof wireExperiment>): Experiment {
  return {
    experimentId: wire.experiment_id,
    name: wire.name,
    artifactLocation: wire.artifact_location,
    lifecycleStage: wire.lifecycle_stage,
    creationTime: wire.creation_time,
    lastUpdateTime: wire.last_update_time,
    tags: toRecord(wire.tags),
  };
}

/** Returns the facts of a run from those of the wire. */
export function toRunInfo(info: Parsed<typeof wireRunInfo>): RunInfo {
  return {
    runId: info.run_id,
    runName: info.run_name,
    experimentId: info.experiment_id,
    userId: info.user_id,
    status: info.status,
    startTime: info.start_time,
    endTime: info.end_time ?? null,
    artifactUri: info.artifact_uri,
    lifecycleStage: info.lifecycle_stage,
  };
}

/** Returns a run of the port from one of the wire. */
export function toRun({ info, data, inputs, outputs }: Parsed<typeof wireRun>): Run {
  return {
    info: toRunInfo(info),
    metrics: metricsByKey(data.metrics),
    params: toRecord(data.params),
    tags: toRecord(data.tags),
    datasets: inputs.dataset_inputs.map(toDataset),
    modelInputs: inputs.model_inputs.map((input) => input.model_id),
    modelOutputs: outputs.model_outputs.map(({ model_id, step }) => ({ modelId: model_id, step })),
  };
}

/** Returns a logged model of the port from one of the wire. */
export function toLoggedModel({ info, data }: Parsed<typeof wireLoggedModel>): LoggedModel {
  return {
    modelId: info.model_id,
    experimentId: info.experiment_id,
    name: info.name,
    sourceRunId: info.source_run_id,
    modelType: info.model_type,
    artifactUri: info.artifact_uri,
    status: STATUSES[info.status],
    creationTime: info.creation_timestamp_ms,
    lastUpdatedTime: info.last_updated_timestamp_ms,
    tags: toRecord(info.tags),
    params: toRecord(data.params),
    metrics: data.metrics.map(({ key, value, timestamp, step, run_id, ...of }) => ({
      key,
      value,
      timestamp,
      step,
      runId: run_id,
      modelId: of.model_id ?? info.model_id,
      ...(of.dataset_name ? { datasetName: of.dataset_name } : {}),
      ...(of.dataset_digest ? { datasetDigest: of.dataset_digest } : {}),
    })),
  };
}

/** The status of a logged model by MLflow's word. */
const STATUSES = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: 'UNSPECIFIED',
  LOGGED_MODEL_PENDING: 'PENDING',
  LOGGED_MODEL_READY: 'READY',
  LOGGED_MODEL_UPLOAD_FAILED: 'UPLOAD_FAILED',
} as const;

/** Returns the summary of a data set of the port from one of the wire. */
export function toDatasetSummary(wire: {
  readonly experiment_id: string;
  readonly name: string;
  readonly digest: string;
  readonly context?: string | undefined;
}): DatasetSummary {
  const { experiment_id: experimentId, name, digest, context } = wire;
  return { experimentId, name, digest, ...(context ? { context } : {}) };
}

function metricsByKey(metrics: readonly Parsed<typeof wireMetric>[]): Record<string, Metric> {
  const byKey = Object.create(null) as Record<string, Metric>;
  for (const metric of metrics) byKey[metric.key] = metric;
  return byKey;
}

function toDataset({
  dataset,
  tags,
}: Parsed<typeof wireRun>['inputs']['dataset_inputs'][number]): DatasetInput {
  return {
    name: dataset.name,
    digest: dataset.digest,
    sourceType: dataset.source_type,
    source: dataset.source,
    ...(dataset.schema === undefined ? {} : { schema: dataset.schema }),
    ...(dataset.profile === undefined ? {} : { profile: dataset.profile }),
    tags: toRecord(tags),
  };
}
