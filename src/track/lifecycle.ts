import { setTimeout as pause } from 'node:timers/promises';
import { abortWhenInterrupted, PhantomNetError } from '../core/index.js';
import type { Run, RunStatus, TrackingStore } from './port.js';
import { type RunOptions, startRun } from './start-run.js';

/** The tag that says why a run failed or was killed. */
export const STATUS_REASON_TAG = 'phantomnet.statusReason';

/** What the body of a run gets. */
export interface ActiveRun {
  readonly run: Run;
  /** Aborts when the process is told to end; its reason is the CANCELLED error that `withRun` will throw. */
  readonly signal: AbortSignal;
}

/** How long a body may take to notice the abort before its run is given up on. */
const GRACE_MS = 5_000;
const MAX_REASON_LENGTH = 500;

/**
 * Runs `body` inside a run and returns what it returns. The run is FINISHED when it returns, FAILED when it throws
 * (rethrown; the first line of the message goes to the tag `phantomnet.statusReason`), KILLED on SIGINT, SIGTERM and SIGHUP,
 * where CANCELLED is thrown once the run is marked and the body had up to 5 s to stop; the caller then ends the process.
 * A second signal ends the process at once. Resumes the run of MLFLOW_RUN_ID when there is one: its status is
 * then that of this body alone, so a FINISHED run becomes FAILED when the body throws, as in MLflow, and keeps all it had
 * logged; a param it has with another value is refused with CONFLICT. When closing the run
 * fails after the body failed, the body's error is thrown and the other is a process warning.
 *
 * @example
 * ```ts
 * const store = await openTrackingStore({ uri: 'sqlite:///example.db' });
 * const runId = await withRun(store, { runName: 'forest' }, async ({ run }) => {
 *   await store.logBatch(run.info.runId, { params: { nEstimators: '200' } });
 *   return run.info.runId;
 * });
 * (await store.getRun(runId)).info.status; // 'FINISHED'
 * await store.close();
 * ```
 */
export async function withRun<T>(
  store: TrackingStore,
  options: RunOptions,
  body: (active: ActiveRun) => Promise<T>,
): Promise<T> {
  const interruption = listenForSignals();
  try {
    const run = await startRun(store, options);
    const close = (status: RunStatus, reason?: string) => closeRun(store, run.info.runId, { status, reason });
    // An async wrapper, so that a body that throws before it awaits is caught too.
    const work = (async () => {
      interruption.signal.throwIfAborted();
      return body({ run, signal: interruption.signal });
    })();
    let value: T;
    try {
      value = await Promise.race([work, interruption.asRejection]);
    } catch (error) {
      const isKilled = interruption.signal.aborted || isCancelled(error);
      await close(isKilled ? 'KILLED' : 'FAILED', reasonOf(error)).catch((cause: unknown) =>
        warnNotClosed(run.info.runId, cause),
      );
      if (interruption.signal.aborted) await settled(work);
      throw error;
    }
    await close('FINISHED');
    // A signal that came while the run was closed changes nothing about it, but must not be lost.
    interruption.signal.throwIfAborted();
    return value;
  } finally {
    interruption.stop();
  }
}

interface Interruption {
  readonly signal: AbortSignal;
  /** Rejects with the reason when the signal aborts; never resolves. */
  readonly asRejection: Promise<never>;
  stop(): void;
}

function listenForSignals(): Interruption {
  const { signal, stop } = abortWhenInterrupted(
    'start it again when you are ready: the run is kept as KILLED',
  );
  const asRejection = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), {
      once: true,
    });
  });
  // Nobody waits for it while the run starts and closes.
  asRejection.catch(() => undefined);
  return { signal, asRejection, stop };
}

async function closeRun(
  store: TrackingStore,
  runId: string,
  { status, reason }: { readonly status: RunStatus; readonly reason: string | undefined },
): Promise<void> {
  // The status first: a run that says it is running and is not is worse than one without its reason.
  await store.updateRun(runId, { status, endTime: Date.now() });
  if (reason !== undefined) await store.logBatch(runId, { tags: { [STATUS_REASON_TAG]: reason } });
}

/** Waits for work to end either way, but not for ever. */
async function settled(work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const ended = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([ended, pause(GRACE_MS, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}

function isCancelled(error: unknown): boolean {
  return error instanceof PhantomNetError && error.code === 'CANCELLED';
}

/** The first line of the message alone: stacks name folders, and details may hold values of events. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : 'something that is not an error was thrown';
  const line = message.split('\n', 1)[0]?.trim() ?? '';
  return line === '' ? 'no message' : line.slice(0, MAX_REASON_LENGTH);
}

function warnNotClosed(runId: string, cause: unknown): void {
  const message = cause instanceof Error ? cause.message : String(cause);
  process.emitWarning(
    `run ${runId} could not be closed and may still say RUNNING: ${message}`,
    'PhantomNetWarning',
  );
}
