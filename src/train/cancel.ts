import { setImmediate } from 'node:timers/promises';
import { PhantomNetError } from '../core/index.js';

/** Returns the error of a fit that its caller stopped. */
export function cancelled(signal: AbortSignal): PhantomNetError {
  return new PhantomNetError('CANCELLED', 'the fit was cancelled', {
    hint: 'start it again when it is wanted',
    cause: signal.reason,
  });
}

/** Lets timers and input run, then throws CANCELLED when the caller stopped the fit. */
export async function breathe(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw cancelled(signal);
}

/** Time that is worked before timers and input may run. */
const WORK_MS = 5;

/** Returns what does `breathe` where some milliseconds have been worked since it last did. */
export function breather(signal?: AbortSignal): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < WORK_MS) return;
    await breathe(signal);
    since = performance.now();
  };
}
