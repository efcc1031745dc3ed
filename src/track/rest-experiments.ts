import { PhantomNetError } from '../core/index.js';
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

/** The part of the tracking port that is about experiments. */
export type ExperimentCalls = Pick<
  TrackingStore,
  | 'createExperiment'
  | 'getExperiment'
  | 'getExperimentByName'
  | 'searchExperiments'
  | 'deleteExperiment'
  | 'restoreExperiment'
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
    createExperiment: async (name, tags = {}) => {
      checkExperimentName(name);
      const { experiment_id } = await client.call(endpoints.createExperiment, {
        name,
        tags: toKeyValues(tags),
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
