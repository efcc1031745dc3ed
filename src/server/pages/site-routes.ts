import { send } from '../http/answer.js';
import { METRICS_TYPE, type Meter } from '../http/meter.js';
import type { AnyRoute, RawRoute } from '../http/route.js';
import { homeRoute } from './home.js';
import { serverInfoRoute } from './server-info.js';

/** The MLflow whose API the server speaks: clients read it to know what they may ask. */
export const SPOKEN_MLFLOW = '3.17.2';

/** What the server's own pages tell of it. */
interface About {
  readonly staticPrefix: string;
  readonly meter: Meter;
}

/** The calls that are not MLflow's API: health, version, metrics, and the page at the root. */
export function siteRoutes({ staticPrefix, meter }: About): readonly AnyRoute[] {
  const metrics: RawRoute = {
    method: 'GET',
    path: '/metrics',
    permission: 'read',
    handle: ({ response }) => send(response, 200, { type: METRICS_TYPE, body: meter.text() }),
  };
  return [
    text('/health', 'OK'),
    text('/version', SPOKEN_MLFLOW),
    serverInfoRoute,
    metrics,
    homeRoute({ staticPrefix, spokenMlflow: SPOKEN_MLFLOW }),
  ];
}

function text(path: string, body: string): RawRoute {
  return {
    method: 'GET',
    path,
    permission: 'open',
    handle: ({ response }) => send(response, 200, { type: 'text/plain; charset=utf-8', body }),
  };
}
