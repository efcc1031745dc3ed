import { abortWhenInterrupted } from '../core/index.js';

/**
 * Runs `body` with a signal that aborts with CANCELLED at the first SIGINT, SIGTERM or SIGHUP, so that it can remove what it has
 * begun; a second one ends the process at once. Returns what it returns.
 */
export async function untilInterrupted<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, stop } = abortWhenInterrupted('start it again when you are ready: nothing is left of it');
  try {
    return await body(signal);
  } finally {
    stop();
  }
}
