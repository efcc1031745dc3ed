import { z } from 'zod';
import { endpoint } from '../../mlflow/index.js';
import { type AnyRoute, route } from '../http/route.js';

const serverInfo = endpoint({
  method: 'GET',
  path: '3.0/mlflow/server-info',
  permission: 'read',
  isIdempotent: true,
  request: z.object({}),
  response: z.object({
    store_type: z.string(),
    workspaces_enabled: z.boolean(),
    trace_archival_enabled: z.boolean(),
    multipart_uploads_enabled: z.boolean(),
    multipart_downloads_enabled: z.boolean(),
    presigned_upload_run_id_supported: z.boolean(),
    presigned_upload_model_id_supported: z.boolean(),
    features_enabled: z.record(z.string(), z.boolean()),
  }),
});

/** What MLflow's client asks before it uploads: how files travel, and whether there are workspaces. */
export const serverInfoRoute: AnyRoute = route(serverInfo, async () => ({
  store_type: 'SqlStore',
  workspaces_enabled: false,
  trace_archival_enabled: false,
  multipart_uploads_enabled: false,
  multipart_downloads_enabled: false,
  presigned_upload_run_id_supported: false,
  presigned_upload_model_id_supported: false,
  features_enabled: { gateway: false },
}));
