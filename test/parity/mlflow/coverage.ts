import { readFileSync } from 'node:fs';
import type { Answered } from './sequence.js';

/** Every route of MLflow's server, as `METHOD /path`; of a pair /api and /ajax-api only /api. See endpoints.py. */
export const endpoints = JSON.parse(
  readFileSync(new URL('./endpoints.json', import.meta.url), 'utf8'),
) as readonly string[];

/** Files of MLflow's pages, which are no calls. */
const PAGES = ['GET /', 'GET /static-files/<path:path>', 'GET /build/<path:filename>'];
/** Routes that MLflow declares and answers with 404, as ours does. */
const DECLARED_ONLY = ['GET /api/2.0/mlflow/get-online-trace-details', 'GET /api/2.0/mlflow/unified-traces'];
/** Routes that take no parameter, or one that is hardly wrong. */
const CANNOT_BE_WRONG = [
  'GET /health',
  'GET /version',
  'GET /api/3.0/mlflow/server-info',
  'GET /api/2.0/mlflow/traces',
  'POST /graphql',
];
/** Routes that MLflow refuses however they are called, where the artifacts are on its own disk. */
const CANNOT_BE_RIGHT = [
  'POST /api/2.0/mlflow/artifacts/presigned-download-url',
  'POST /api/2.0/mlflow/artifacts/presigned-upload-url',
  'POST /api/2.0mlflow/experiments/search-datasets',
];

/** The endpoints that no step calls: those the server does not have. */
export function uncalled(steps: readonly { readonly endpoint: string }[]): string[] {
  const left = new Set([...steps.map(({ endpoint }) => endpoint), ...PAGES, ...DECLARED_ONLY]);
  return endpoints.filter((endpoint) => !left.has(endpoint));
}

/** The called endpoints with fewer than one good and three bad answers of MLflow, with how many they have. */
export function thinlyCalled(answered: readonly Answered[]): string[] {
  return endpoints.flatMap((endpoint) => {
    const statuses = answered.filter(({ step }) => step.endpoint === endpoint).map(({ raw }) => raw.status);
    if (statuses.length === 0 || CANNOT_BE_WRONG.includes(endpoint)) return [];
    const good = statuses.filter((status) => status < 400 || status === 501).length;
    const bad = statuses.length - good;
    return (good >= 1 || CANNOT_BE_RIGHT.includes(endpoint)) && bad >= 3
      ? []
      : [`${endpoint}: ${good} good, ${bad} bad`];
  });
}
