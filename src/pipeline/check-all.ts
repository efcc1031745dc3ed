import { PhantomNetError } from '../core/index.js';

/** Throws for what is not as it must be. */
export type Check = () => void;

/** More would fill a screen; all are in the details. */
const MOST_TOLD = 10;

/**
 * Does every check. Throws the one error that they throw; of several an INVALID_CONFIG that tells them, each once and
 * with its hint, and has them all in `details.problems`. A defect is thrown at once.
 */
export function checkAll(checks: readonly Check[]): void {
  const problems = new Map<string, PhantomNetError>();
  for (const check of checks) {
    try {
      check();
    } catch (error) {
      if (!(error instanceof PhantomNetError)) throw error;
      if (!problems.has(error.message)) problems.set(error.message, error);
    }
  }
  const [first] = problems.values();
  if (first === undefined) return;
  if (problems.size === 1) throw first;
  const found = [...problems.values()];
  const told = found
    .slice(0, MOST_TOLD)
    .map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`));
  const left = found.length - told.length;
  throw new PhantomNetError(
    'INVALID_CONFIG',
    `${found.length} things of the search cannot be: ${told.join('; ')}${left > 0 ? `; and ${left} more` : ''}`,
    {
      hint: 'mend each as it says beside it',
      details: {
        ...first.details,
        problems: found.map(({ message, hint, details }) => ({ message, hint, details })),
      },
    },
  );
}
