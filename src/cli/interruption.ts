import { PhantomNetError } from '../core/index.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `body` with a signal that aborts with CANCELLED at the first SIGINT or SIGTERM, so that it can remove what it has
 * begun; a second one ends the process at once. Returns what it returns.
 */
export async function untilInterrupted<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    for (const name of SIGNALS) process.removeListener(name, onSignal);
  };
  const onSignal = (name: NodeJS.Signals) => {
    // Without our listener the next signal does what it does by default: end the process.
    stop();
    controller.abort(
      new PhantomNetError('CANCELLED', `interrupted by ${name}`, {
        hint: 'start it again when you are ready: nothing is left of it',
        details: { signal: name },
      }),
    );
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await body(controller.signal);
  } finally {
    stop();
  }
}
