import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { lifecycleStage, viewType } from './tracking-experiments.js';
import {
  anyPairs,
  double,
  int64,
  keyValues,
  nothing,
  pageToken,
  requiredText,
  searchRequest,
  wordOrNumber,
} from './wire.js';

/** MLflow's run states. */
const runStatus = wordOrNumber({ RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 });

/** A metric point on the wire. */
export const wireMetric = z.object({
  key: z.string(),
  value: double.default(0),
  timestamp: int64.default(0),
  step: int64.default(0),
});

const wireDatasetInput = z.object({
  tags: keyValues,
  dataset: z.object({
    name: z.string(),
    digest: z.string(),
    source_type: z.string().default(''),
    source: z.string().default(''),
    schema: z.string().optional(),
    profile: z.string().optional(),
  }),
});

/** The facts of a run on the wire; `run_uuid` is its id under its older name. */
export const wireRunInfo = z.object({
  run_uuid: z.string().optional(),
  experiment_id: z.string(),
  run_name: z.string().default(''),
  user_id: z.string().default(''),
  status: runStatus.default('RUNNING'),
  start_time: int64.default(0),
  end_time: int64.optional(),
  artifact_uri: z.string().default(''),
  lifecycle_stage: lifecycleStage.default('active'),
  run_id: z.string(),
});

/** A run on the wire: facts, what was logged, data sets in, models out. */
export const wireRun = z.object({
  info: wireRunInfo,
  data: z
    .object({ metrics: z.array(wireMetric).default([]), params: keyValues, tags: keyValues })
    .prefault({}),
  inputs: z
    .object({
      dataset_inputs: z.array(wireDatasetInput).default([]),
      model_inputs: z.array(z.object({ model_id: z.string() })).default([]),
    })
    .prefault({}),
  outputs: z
    .object({
      model_outputs: z.array(z.object({ model_id: z.string(), step: int64.default(0) })).default([]),
    })
    .prefault({}),
});

/** The run's id in a request, under its name or its older one; the first wins, as with MLflow. */
export const runIdFields = { run_id: z.string().optional(), run_uuid: z.string().optional() };

/** Returns the request with the run's id in `run_id`; without one it is refused. */
export function withRunId<Fields extends { run_id?: string | undefined; run_uuid?: string | undefined }>(
  fields: Fields,
  context: z.core.$RefinementCtx<Fields>,
): Omit<Fields, 'run_id' | 'run_uuid'> & { run_id: string } {
  const runId = fields.run_id || fields.run_uuid;
  if (!runId) context.addIssue({ code: 'custom', path: ['run_id'], message: 'expected the id of a run' });
  return { ...fields, run_id: runId ?? '' };
}

const runId = z.object({ run_id: requiredText });
const oneRun = z.object({ run: wireRun });

/** The calls on runs themselves. */
export const runEndpoints = {
  createRun: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/create',
    permission: 'write',
    isIdempotent: false,
    request: z.object({
      // MLflow refuses a run without an experiment with another code than other missing fields.
      experiment_id: z.string().default(''),
      user_id: z.string().default(''),
      run_name: z.string().default(''),
      start_time: int64.default(0),
      tags: anyPairs,
    }),
    response: oneRun,
  }),
  getRun: endpoint({
    method: 'GET',
    path: '2.0/mlflow/runs/get',
    permission: 'read',
    isIdempotent: true,
    request: z.object(runIdFields).transform(withRunId),
    response: oneRun,
  }),
  updateRun: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/update',
    permission: 'write',
    isIdempotent: true,
    request: z
      .object({
        ...runIdFields,
        status: runStatus.optional(),
        end_time: int64.optional(),
        run_name: z.string().optional(),
      })
      .transform(withRunId),
    response: z.object({ run_info: wireRunInfo }),
  }),
  deleteRun: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/delete',
    permission: 'manage',
    isIdempotent: true,
    request: runId,
    response: nothing,
  }),
  restoreRun: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/restore',
    permission: 'manage',
    isIdempotent: true,
    request: runId,
    response: nothing,
  }),
  searchRuns: endpoint({
    method: 'POST',
    path: '2.0/mlflow/runs/search',
    permission: 'read',
    isIdempotent: true,
    request: searchRequest.extend({
      experiment_ids: z.array(z.string()).default([]),
      run_view_type: viewType.optional(),
    }),
    response: z.object({ runs: z.array(wireRun).default([]), next_page_token: pageToken }),
  }),
} as const;
