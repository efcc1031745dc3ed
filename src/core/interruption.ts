import { PhantomNetError } from './errors.js';

/** A terminal that is closed sends the last. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Returns a signal that aborts with CANCELLED, with this hint, at the first SIGINT, SIGTERM or SIGHUP; a second one ends the
 * process at once. `stop` gives the signals back to the process.
 */
export function abortWhenInterrupted(hint: string): {
  readonly signal: AbortSignal;
  readonly stop: () => void;
} {
  const controller = new AbortController();
  const stop = () => {
    for (const name of SIGNALS) process.removeListener(name, onSignal);
  };
  const onSignal = (name: NodeJS.Signals) => {
    // Without our listener the next signal does what it does by default: end the process.
    stop();
    controller.abort(
      new PhantomNetError('CANCELLED', `interrupted by ${name}`, { hint, details: { signal: name } }),
    );
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return { signal: controller.signal, stop };
}
