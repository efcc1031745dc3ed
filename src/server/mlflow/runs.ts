import { PhantomNetError } from '../../core/index.js';
import { trackingEndpoints } from '../../mlflow/index.js';
import { type Route, route } from '../http/route.js';
import { checkTakesWrites, toUniqueRecordAfter } from './runs-pairs.js';
import { newRunToWire, runInfoToWire, runToWire } from './runs-to-wire.js';
import { toSearchQuery } from './search-query.js';

/** The calls on runs themselves. */
export const runRoutes: readonly Route[] = [
  route(trackingEndpoints.createRun, async (request, { tracking }) => {
    const { experiment_id: experimentId, run_name: runName } = request;
    if (experimentId === '') {
      throw new PhantomNetError('INVALID_PARAMETER', 'experiment_id: expected the id of an experiment', {
        hint: 'give the experiment that the run belongs to',
        details: { mlflowCode: 'BAD_REQUEST' },
      });
    }
    const check = () => checkTakesWrites(tracking, experimentId);
    const run = await tracking.createRun({
      experimentId,
      userId: request.user_id,
      startTime: request.start_time,
      tags: await toUniqueRecordAfter(check, request.tags, 'BAD_REQUEST'),
      ...(runName === '' ? {} : { runName }),
    });
    return { run: newRunToWire(run) };
  }),
  route(trackingEndpoints.getRun, async ({ run_id }, { tracking }) => ({
    run: runToWire(await tracking.getRun(run_id)),
  })),
  route(trackingEndpoints.updateRun, async ({ run_id, status, end_time, run_name }, { tracking }) => {
    const info = await tracking.updateRun(run_id, {
      ...(status === undefined ? {} : { status }),
      ...(end_time === undefined ? {} : { endTime: end_time }),
      ...(run_name === undefined ? {} : { runName: run_name }),
    });
    return { run_info: runInfoToWire(info) };
  }),
  route(trackingEndpoints.deleteRun, async ({ run_id }, { tracking }) => {
    await tracking.deleteRun(run_id);
    return {};
  }),
  route(trackingEndpoints.restoreRun, async ({ run_id }, { tracking }) => {
    await tracking.restoreRun(run_id);
    return {};
  }),
  route(trackingEndpoints.searchRuns, async (request, { tracking }) => {
    const { items, nextPageToken } = await tracking.searchRuns({
      ...toSearchQuery(request),
      experimentIds: request.experiment_ids,
      ...(request.run_view_type === undefined ? {} : { viewType: request.run_view_type }),
    });
    return {
      runs: items.length === 0 ? undefined : items.map(runToWire),
      next_page_token: nextPageToken,
    };
  }),
];
