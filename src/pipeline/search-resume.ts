import { PhantomNetError } from '../core/index.js';
import { type Run, STATUS_REASON_TAG, type TrackingStore } from '../track/index.js';
import type { LabelledData } from './labelled-data.js';

/** Tag of a search's run: the digest of its plan. */
const SEARCH_TAG = 'phantomnet.search';

/** Returns the tags that tell whether two searches are the same: plan and data. */
export function searchTags(
  digest: string,
  { source, testSource }: Pick<LabelledData, 'source' | 'testSource'>,
): Record<string, string> {
  return {
    [SEARCH_TAG]: digest,
    'phantomnet.dataDigest': source.digest,
    ...(testSource === undefined ? {} : { 'phantomnet.testDataDigest': testSource.digest }),
  };
}

/**
 * Throws CONFLICT unless a run is a search of this plan that did not end: one that failed, was killed or, on a server, whose
 * process may have died unseen.
 */
export function requireUnfinished({ info, tags }: Run, digest: string, { uri }: TrackingStore): void {
  const { runId, status, lifecycleStage } = info;
  const hint = 'name an unfinished search of this config and data, or leave --resume out to start a new one';
  const refuse = (what: string): never => {
    throw new PhantomNetError('CONFLICT', `run ${runId} ${what}`, { hint, details: { runId, status } });
  };
  if (tags[SEARCH_TAG] === undefined) refuse('is no search');
  if (lifecycleStage === 'deleted') refuse('is deleted');
  if (status === 'FINISHED') refuse('is a search that has finished');
  // An embedded store has set it to KILLED if its process was gone.
  if (status === 'RUNNING' && uri.startsWith('sqlite:')) refuse('is a search that is still running');
  if (tags[SEARCH_TAG] !== digest)
    refuse('searched by another config, or with another version of PhantomNet');
}

/** Throws CONFLICT unless a search was begun on this data. */
export function requireSameData({ info, tags }: Run, expected: Readonly<Record<string, string>>): void {
  const { runId } = info;
  if (Object.entries(expected).every(([key, value]) => tags[key] === value)) return;
  throw new PhantomNetError('CONFLICT', `run ${runId} searched other data`, {
    hint: 'resume it with the file that it was started with, or leave --resume out to start a new search',
    details: { runId },
  });
}

/** Returns the error that ended a search; of one that was interrupted it says how the search goes on. */
export function resumable(error: unknown, runId: string | undefined): unknown {
  if (!(error instanceof PhantomNetError && error.code === 'CANCELLED') || runId === undefined) return error;
  return new PhantomNetError('CANCELLED', error.message, {
    hint: `go on with --resume ${runId}: the run is kept as KILLED`,
    details: { ...error.details, runId },
  });
}

/** Takes the reason off a run that goes on: why it had stopped is no longer why it is as it is. */
export async function clearReason(tracking: TrackingStore, { info, tags }: Run): Promise<void> {
  if (tags[STATUS_REASON_TAG] !== undefined) await tracking.deleteTag(info.runId, STATUS_REASON_TAG);
}
