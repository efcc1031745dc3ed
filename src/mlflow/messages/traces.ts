import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { int64, list } from './wire.js';

const noTraces = z.object({ traces: z.array(z.never()).optional(), next_page_token: z.string().optional() });
const search = z.object({
  filter: z.string().optional(),
  order_by: list(z.string()).optional(),
  max_results: int64.refine((count) => count <= 500, 'expected at most 500').optional(),
  page_token: z.string().max(0, 'expected none: there is one page').optional(),
});

/** The calls on traces that ordinary training code makes; there are none to be found. */
export const traceEndpoints = {
  searchTraces: endpoint({
    method: 'GET',
    path: '2.0/mlflow/traces',
    permission: 'read',
    isIdempotent: true,
    request: search.extend({ experiment_ids: list(z.string()) }),
    response: noTraces,
  }),
  searchTracesV3: endpoint({
    method: 'POST',
    path: '3.0/mlflow/traces/search',
    permission: 'read',
    isIdempotent: true,
    request: search.extend({ locations: z.array(z.looseObject({})) }),
    response: noTraces,
  }),
} as const;
