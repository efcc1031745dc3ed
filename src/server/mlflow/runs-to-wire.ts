import { doubleToWire, toPairs } from '../../mlflow/index.js';
import type { DatasetInput, Metric, ModelOutput, Run, RunInfo } from '../../track/index.js';

/** Returns the facts of a run as MLflow sends them. */
export function runInfoToWire(info: RunInfo) {
  return {
    run_uuid: info.runId,
    experiment_id: info.experimentId,
    run_name: info.runName,
    user_id: info.userId,
    status: info.status,
    start_time: info.startTime,
    // An end of 0 is none to MLflow.
    end_time: info.endTime || undefined,
    artifact_uri: info.artifactUri,
    lifecycle_stage: info.lifecycleStage,
    run_id: info.runId,
  };
}

/** Returns a run as MLflow sends it: lists that are empty are left out. */
export function runToWire(run: Run) {
  return { ...newRunToWire(run), outputs: { model_outputs: orNone(run.modelOutputs, outputToWire) } };
}

/** Returns a run as MLflow sends one that it has just created: without outputs. */
export function newRunToWire(run: Run) {
  return {
    info: runInfoToWire(run.info),
    data: {
      metrics: orNone(Object.values(run.metrics), metricToWire),
      params: toPairs(run.params),
      tags: toPairs(run.tags),
    },
    inputs: {
      dataset_inputs: run.datasets.length === 0 ? undefined : run.datasets.map(datasetToWire),
      model_inputs: orNone(run.modelInputs, (modelId) => ({ model_id: modelId })),
    },
  };
}

/** Returns a point as MLflow sends it. */
export function metricToWire({ key, value, timestamp, step }: Metric) {
  return { key, value: doubleToWire(value), timestamp, step };
}

function outputToWire({ modelId, step }: ModelOutput) {
  return { model_id: modelId, step };
}

function datasetToWire({ name, digest, sourceType, source, schema, profile, tags }: DatasetInput) {
  return { tags: toPairs(tags), dataset: { name, digest, source_type: sourceType, source, schema, profile } };
}

function orNone<Item, Wire>(items: readonly Item[], toWire: (item: Item) => Wire): Wire[] | undefined {
  return items.length === 0 ? undefined : items.map(toWire);
}
