import { PhantomNetError, show } from '../core/index.js';
import { type RestClient, trackingEndpoints } from '../mlflow/index.js';
import type { LogBatch, Run } from './port.js';

/**
 * Returns the error a refused write to a run means. MLflow answers a write to a deleted run and a changed param with the
 * code of a bad parameter; the state of the run tells them apart. Anything else is returned as it came.
 */
export async function explainRefusedWrite(
  error: unknown,
  readRun: () => Promise<Run>,
  batch: LogBatch = {},
): Promise<unknown> {
  if (!(error instanceof PhantomNetError) || error.code !== 'INVALID_PARAMETER') return error;
  const run = await readRun().catch(() => undefined);
  if (run === undefined) return error;
  const { runId } = run.info;
  if (run.info.lifecycleStage === 'deleted') {
    return new PhantomNetError('CONFLICT', `run ${runId} is deleted and takes no writes`, {
      hint: `restore it first: phantomnet runs restore ${runId}`,
      details: { runId },
      cause: error,
    });
  }
  for (const [key, value] of Object.entries(batch.params ?? {})) {
    const before = run.params[key];
    if (before !== undefined && before !== value)
      return changedParam({ runId, key, before, value, cause: error });
  }
  return error;
}

/** Returns the error a refused write to an experiment means: MLflow answers a deleted one with the code of a bad parameter. */
export async function explainDeletedExperiment(
  client: RestClient,
  experimentId: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof PhantomNetError) || error.code !== 'INVALID_PARAMETER') return error;
  const found = await client
    .call(trackingEndpoints.getExperiment, { experiment_id: experimentId })
    .catch(() => undefined);
  if (found === undefined || found.experiment.lifecycle_stage !== 'deleted') return error;
  const { name } = found.experiment;
  return new PhantomNetError('CONFLICT', `experiment ${show(name)} (id ${experimentId}) is deleted`, {
    hint: 'restore it or choose another name',
    details: { experimentId, name },
    cause: error,
  });
}

/** Returns what a refusal of something that can be there once means: MLflow answers it with the code of a bad request. */
export function asAlreadyThere(error: unknown): unknown {
  if (!(error instanceof PhantomNetError) || error.details?.['mlflowCode'] !== 'BAD_REQUEST') return error;
  return new PhantomNetError('ALREADY_EXISTS', error.message, {
    hint: 'nothing to do: it is there already',
    cause: error,
  });
}

function changedParam(about: {
  runId: string;
  key: string;
  before: string;
  value: string;
  cause: unknown;
}): PhantomNetError {
  const { runId, key, before, value, cause } = about;
  return new PhantomNetError(
    'CONFLICT',
    `param ${show(key)} of run ${runId} is ${show(before)} already and cannot become ${show(value)}`,
    {
      hint: 'params are written once: log it under another name or in another run',
      details: { runId, key },
      cause,
    },
  );
}
