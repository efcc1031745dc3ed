import { PhantomNetError } from '../core/index.js';
import {
  checkExperimentId,
  checkExperimentName,
  trackingEndpoints as endpoints,
  type RestClient,
  toKeyValues,
} from '../mlflow/index.js';
import type { Experiment, TrackingStore, ViewType } from './port.js';
import { toExperiment } from './rest-convert.js';

/** The part of the tracking port that is about experiments. */
export type ExperimentCalls = Pick<
  TrackingStore,
  | 'createExperiment'
  | 'getExperiment'
  | 'getExperimentByName'
  | 'listExperiments'
  | 'deleteExperiment'
  | 'restoreExperiment'
>;

const EXPERIMENTS_PER_PAGE = 1_000;

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
    listExperiments: (viewType = 'ACTIVE_ONLY') => listExperiments(client, viewType),
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

async function listExperiments(client: RestClient, viewType: ViewType): Promise<Experiment[]> {
  const found: Experiment[] = [];
  let pageToken = '';
  do {
    const page = await client.call(endpoints.searchExperiments, {
      view_type: viewType,
      max_results: EXPERIMENTS_PER_PAGE,
      ...(pageToken === '' ? {} : { page_token: pageToken }),
    });
    found.push(...page.experiments.map(toExperiment));
    pageToken = page.next_page_token;
  } while (pageToken !== '');
  return found;
}
