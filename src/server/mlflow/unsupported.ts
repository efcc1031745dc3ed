import { PhantomNetError } from '../../core/index.js';
import { unsupportedCalls } from '../../mlflow/index.js';
import type { RawRoute } from '../http/route.js';

/** The calls of MLflow's that answer NOT_IMPLEMENTED, with what is missing and why, whatever their request holds. */
export const unsupportedRoutes: readonly RawRoute[] = unsupportedCalls.map(
  ({ method, path, missing, reason }) => ({
    method,
    path,
    permission: 'read',
    handle: () => {
      throw new PhantomNetError('UNSUPPORTED', `this server does not have ${missing}`, {
        hint: reason,
        details: { missing },
      });
    },
  }),
);
