import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { int64 } from './wire.js';

/** Where files below MLflow's artifact proxy are read, written and deleted; the path of the file follows. */
export const ARTIFACT_PROXY_PATH = '2.0/mlflow-artifacts/artifacts';

/** The call that lists a folder below MLflow's artifact proxy. */
export const listArtifacts = endpoint({
  method: 'GET',
  path: ARTIFACT_PROXY_PATH,
  permission: 'read',
  isIdempotent: true,
  request: z.object({ path: z.string() }),
  response: z.object({
    files: z
      .array(z.object({ path: z.string(), is_dir: z.boolean().default(false), file_size: int64.optional() }))
      .default([]),
  }),
});
