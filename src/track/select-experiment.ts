import { invalidParameter, PhantomNetError, show } from '../core/index.js';
import type { Environment } from '../mlflow/index.js';
import type { Experiment, TrackingStore } from './port.js';

/** The id of the experiment that every store has, `Default`. */
const DEFAULT_EXPERIMENT_ID = '0';

/**
 * Returns the experiment that runs go to, as MLflow chooses it: `name`, else MLFLOW_EXPERIMENT_NAME, both created when
 * they do not exist; else MLFLOW_EXPERIMENT_ID; else that of the run MLFLOW_RUN_ID names, which is resumed where it is;
 * else `Default`. Throws CONFLICT when it is deleted, INVALID_PARAMETER when the variables name two different ones,
 * NOT_FOUND when there is none with the id, or no such run. Leaves the variables as they are.
 */
export async function selectExperiment(
  store: TrackingStore,
  options: { readonly name?: string; readonly env?: Environment } = {},
): Promise<Experiment> {
  const env = options.env ?? process.env;
  const wantedId = env['MLFLOW_EXPERIMENT_ID'] || undefined;
  const name = options.name ?? (env['MLFLOW_EXPERIMENT_NAME'] || undefined);
  if (name === undefined) {
    const runId = env['MLFLOW_RUN_ID'] || undefined;
    if (wantedId !== undefined || runId === undefined)
      return requireActive(await findById(store, wantedId ?? DEFAULT_EXPERIMENT_ID));
    return requireActive(await store.getExperiment(await experimentOfRun(store, runId)));
  }
  const experiment = requireActive((await store.getExperimentByName(name)) ?? (await create(store, name)));
  // A name given in code wins over the environment, as set_experiment does.
  if (options.name === undefined && wantedId !== undefined && wantedId !== experiment.experimentId) {
    invalidParameter('MLFLOW_EXPERIMENT_ID', `${experiment.experimentId}, the id of ${show(name)}`, wantedId);
  }
  return experiment;
}

async function findById(store: TrackingStore, experimentId: string): Promise<Experiment> {
  try {
    return await store.getExperiment(experimentId);
  } catch (error) {
    if (!(error instanceof PhantomNetError) || error.code !== 'NOT_FOUND') throw error;
    throw new PhantomNetError('NOT_FOUND', `there is no experiment with id ${show(experimentId)}`, {
      hint: 'correct MLFLOW_EXPERIMENT_ID, or name the experiment instead: a name is created when it is new',
      details: { experimentId },
      cause: error,
    });
  }
}

async function experimentOfRun(store: TrackingStore, runId: string): Promise<string> {
  try {
    return (await store.getRun(runId)).info.experimentId;
  } catch (error) {
    if (!(error instanceof PhantomNetError) || error.code !== 'NOT_FOUND') throw error;
    throw new PhantomNetError('NOT_FOUND', `MLFLOW_RUN_ID names run ${show(runId)}, which does not exist`, {
      hint: 'correct or unset MLFLOW_RUN_ID; see phantomnet runs list',
      details: { runId },
      cause: error,
    });
  }
}

/** Another process may create it between the look and the call. */
async function create(store: TrackingStore, name: string): Promise<Experiment> {
  try {
    return await store.createExperiment(name);
  } catch (error) {
    const isTaken = error instanceof PhantomNetError && error.code === 'ALREADY_EXISTS';
    const found = isTaken ? await store.getExperimentByName(name) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

function requireActive(experiment: Experiment): Experiment {
  if (experiment.lifecycleStage === 'active') return experiment;
  const { name, experimentId } = experiment;
  throw new PhantomNetError('CONFLICT', `experiment ${show(name)} (id ${experimentId}) is deleted`, {
    hint: `restore it with \`phantomnet runs restore --experiment ${experimentId}\`, or choose another name`,
    details: { name, experimentId },
  });
}
