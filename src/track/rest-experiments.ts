import { PhantomNetError, show } from '../core/index.js';
import {
  checkExperimentId,
  checkExperimentName,
  trackingEndpoints as endpoints,
  PAGE_SIZES,
  type RestClient,
  toKeyValues,
  toPage,
  toSearchRequest,
} from '../mlflow/index.js';
import type { Experiment, TrackingStore } from './port.js';
import { toExperiment } from './rest-convert.js';
import { explainDeletedExperiment } from './rest-refusals.js';

/** The part of the tracking port that is about experiments. */
type ExperimentCalls = Pick<
  TrackingStore,
  | 'createExperiment'
  | 'getExperiment'
  | 'getExperimentByName'
  | 'searchExperiments'
  | 'renameExperiment'
  | 'deleteExperiment'
  | 'restoreExperiment'
  | 'setExperimentTag'
  | 'deleteExperimentTag'
>;

/** Returns the calls on experiments that an MLflow server answers. */
export function restExperiments(client: RestClient): ExperimentCalls {
  const getExperiment = async (experimentId: string): Promise<Experiment> => {
    checkExperimentId(experimentId);
    return toExperiment(
      (await client.call(endpoints.getExperiment, { experiment_id: experimentId })).experiment,
    );
  };
  return {
    getExperiment,
    createExperiment: async (name, tags = {}, artifactLocation) => {
      checkExperimentName(name);
      const { experiment_id } = await client.call(endpoints.createExperiment, {
        name,
        tags: toKeyValues(tags),
        ...(artifactLocation === undefined ? {} : { artifact_location: artifactLocation }),
      });
      return getExperiment(experiment_id);
    },
    getExperimentByName: async (name) => {
      try {
        return toExperiment(
          (await client.call(endpoints.getExperimentByName, { experiment_name: name })).experiment,
        );
      } catch (error) {
        if (error instanceof PhantomNetError && error.code === 'NOT_FOUND') return undefined;
        throw error;
      }
    },
    searchExperiments: async ({ viewType = 'ACTIVE_ONLY', ...query }) => {
      const answer = await client.call(endpoints.searchExperiments, {
        ...toSearchRequest(query),
        max_results: query.maxResults ?? PAGE_SIZES.experiments.fallback,
        view_type: viewType,
      });
      return toPage(answer.experiments.map(toExperiment), answer.next_page_token);
    },
    renameExperiment: async (experimentId, newName) => {
      checkExperimentId(experimentId);
      checkExperimentName(newName);
      const request = { experiment_id: experimentId, new_name: newName };
      await client.call(endpoints.updateExperiment, request).catch(async (error: unknown) => {
        throw await explainRefusedRename(client, request, error);
      });
    },
    setExperimentTag: async (experimentId, key, value) => {
      checkExperimentId(experimentId);
      const request = { experiment_id: experimentId, key, value };
      await client.call(endpoints.setExperimentTag, request).catch(async (error: unknown) => {
        throw await explainDeletedExperiment(client, experimentId, error);
      });
    },
    deleteExperimentTag: async (experimentId, key) => {
      checkExperimentId(experimentId);
      const request = { experiment_id: experimentId, key };
      await client.call(endpoints.deleteExperimentTag, request).catch(async (error: unknown) => {
        throw await explainDeletedExperiment(client, experimentId, error);
      });
    },
    deleteExperiment: async (experimentId) => {
      checkExperimentId(experimentId);
      await client.call(endpoints.deleteExperiment, { experiment_id: experimentId });
    },
    restoreExperiment: async (experimentId) => {
      checkExperimentId(experimentId);
      await client.call(endpoints.restoreExperiment, { experiment_id: experimentId });
    },
  };
}

/** MLflow answers a rename to a taken name with the code of a bad request. */
async function explainRefusedRename(
  client: RestClient,
  request: { readonly experiment_id: string; readonly new_name: string },
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof PhantomNetError) || error.details?.['mlflowCode'] !== 'BAD_REQUEST') return error;
  const name = request.new_name;
  const found = await client
    .call(endpoints.getExperimentByName, { experiment_name: name })
    .catch(() => undefined);
  if (found === undefined || found.experiment.experiment_id === request.experiment_id) return error;
  return new PhantomNetError('ALREADY_EXISTS', `an experiment named ${show(name)} exists already`, {
    hint: 'choose another name; a deleted experiment keeps its name and can be restored',
    details: { name },
    cause: error,
  });
}
