import type { z } from 'zod';
import { given, PhantomNetError, show } from '../../core/index.js';
import { checkExperimentName, checkExperimentTag, toPairs, trackingEndpoints } from '../../mlflow/index.js';
import type { Experiment } from '../../track/index.js';
import { type Route, route, type Stores } from '../http/route.js';
import { checkArtifactLocation } from './experiments-location.js';
import { toUniqueRecordAfter } from './runs-pairs.js';
import { toSearchQuery } from './search-query.js';

/** MLflow's UI keeps its own views of an experiment as tags, so many at most. */
const CUSTOM_VIEW = { prefix: 'mlflow.customView.view', most: 50 } as const;

/** The calls on experiments. */
export const experimentRoutes: readonly Route[] = [
  route(trackingEndpoints.createExperiment, async ({ name, artifact_location, tags }, { tracking }) => {
    if (artifact_location) checkArtifactLocation(artifact_location);
    const check = async () => {
      checkExperimentName(name);
      for (const { key, value } of tags) checkExperimentTag(key, value);
    };
    const record = await toUniqueRecordAfter(check, tags, 'RESOURCE_ALREADY_EXISTS');
    checkViews(Object.keys(record));
    const { experimentId } = await tracking.createExperiment(name, record, artifact_location);
    return { experiment_id: experimentId };
  }),
  route(trackingEndpoints.getExperiment, async ({ experiment_id }, { tracking }) => ({
    experiment: experimentToWire(await tracking.getExperiment(experiment_id)),
  })),
  route(trackingEndpoints.getExperimentByName, async ({ experiment_name }, { tracking }) => {
    const experiment = await tracking.getExperimentByName(experiment_name);
    if (experiment !== undefined) return { experiment: experimentToWire(experiment) };
    throw new PhantomNetError('NOT_FOUND', `no experiment named ${show(experiment_name)}`, {
      hint: 'create it, or search the experiments for their names',
    });
  }),
  route(trackingEndpoints.searchExperiments, search),
  route(trackingEndpoints.searchExperimentsByQuery, search),
  route(trackingEndpoints.updateExperiment, async ({ experiment_id, new_name }, { tracking }) => {
    await tracking.renameExperiment(experiment_id, new_name);
    return {};
  }),
  route(trackingEndpoints.deleteExperiment, async ({ experiment_id }, { tracking }) => {
    await tracking.deleteExperiment(experiment_id);
    return {};
  }),
  route(trackingEndpoints.restoreExperiment, async ({ experiment_id }, { tracking }) => {
    await tracking.restoreExperiment(experiment_id);
    return {};
  }),
  route(trackingEndpoints.setExperimentTag, async ({ experiment_id, key, value }, { tracking }) => {
    if (key.startsWith(CUSTOM_VIEW.prefix)) {
      const { tags } = await tracking.getExperiment(experiment_id);
      if (!Object.hasOwn(tags, key)) checkViews([...Object.keys(tags), key]);
    }
    await tracking.setExperimentTag(experiment_id, key, value);
    return {};
  }),
  route(trackingEndpoints.deleteExperimentTag, async ({ experiment_id, key }, { tracking }) => {
    await tracking.deleteExperimentTag(experiment_id, key);
    return {};
  }),
  ...[trackingEndpoints.searchDatasets, trackingEndpoints.searchDatasetsMisspelt].map((endpoint) =>
    route(endpoint, async ({ experiment_ids }, { tracking }) => {
      const found = await tracking.searchDatasets(experiment_ids);
      const summaries = found.map(({ experimentId, ...rest }) => ({ experiment_id: experimentId, ...rest }));
      return summaries.length === 0 ? {} : { dataset_summaries: summaries };
    }),
  ),
];

async function search(
  request: z.output<typeof trackingEndpoints.searchExperiments.request>,
  { tracking }: Stores,
) {
  const { items, nextPageToken } = await tracking.searchExperiments({
    ...toSearchQuery(request),
    ...given({ viewType: request.view_type }),
  });
  return {
    experiments: items.length === 0 ? undefined : items.map(experimentToWire),
    next_page_token: nextPageToken,
  };
}

function checkViews(keys: readonly string[]): void {
  if (keys.filter((key) => key.startsWith(CUSTOM_VIEW.prefix)).length <= CUSTOM_VIEW.most) return;
  throw new PhantomNetError(
    'INVALID_PARAMETER',
    `an experiment has at most ${CUSTOM_VIEW.most} saved views`,
    {
      hint: 'delete a view first',
    },
  );
}

function experimentToWire(experiment: Experiment) {
  return {
    experiment_id: experiment.experimentId,
    name: experiment.name,
    artifact_location: experiment.artifactLocation,
    lifecycle_stage: experiment.lifecycleStage,
    last_update_time: experiment.lastUpdateTime,
    creation_time: experiment.creationTime,
    tags: toPairs(experiment.tags),
    workspace: 'default',
  };
}
