import { toKeyValues, toRecord, trackingEndpoints } from '../../mlflow/index.js';
import type { Experiment } from '../../track/index.js';
import { type Route, route } from '../http/route.js';

/** The calls on experiments. */
export const experimentRoutes: readonly Route[] = [
  route(trackingEndpoints.createExperiment, async ({ name, tags }, { tracking }) => {
    const { experimentId } = await tracking.createExperiment(name, toRecord(tags));
    return { experiment_id: experimentId };
  }),
  route(trackingEndpoints.getExperiment, async ({ experiment_id }, { tracking }) => ({
    experiment: experimentToWire(await tracking.getExperiment(experiment_id)),
  })),
];

function experimentToWire(experiment: Experiment) {
  return {
    experiment_id: experiment.experimentId,
    name: experiment.name,
    artifact_location: experiment.artifactLocation,
    lifecycle_stage: experiment.lifecycleStage,
    last_update_time: experiment.lastUpdateTime,
    creation_time: experiment.creationTime,
    tags: toKeyValues(experiment.tags),
  };
}
