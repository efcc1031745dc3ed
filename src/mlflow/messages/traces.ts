import { z } from 'zod';
import { endpoint } from './endpoint.js';

const noTraces = z.object({ traces: z.array(z.never()).optional(), next_page_token: z.string().optional() });
const anything = z.looseObject({});

/** The calls on traces that ordinary training code makes; there are none to be found. */
export const traceEndpoints = {
  searchTraces: endpoint({
    method: 'GET',
    path: '2.0/mlflow/traces',
    permission: 'read',
    isIdempotent: true,
    request: anything,
    response: noTraces,
  }),
  searchTracesV3: endpoint({
    method: 'POST',
    path: '3.0/mlflow/traces/search',
    permission: 'read',
    isIdempotent: true,
    request: anything,
    response: noTraces,
  }),
} as const;
