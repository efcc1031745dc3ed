import { PhantomNetError } from '../core/index.js';

/** Throws for what is not as it must be. */
export type Check = () => void;

/** More would fill a screen; all are in the details. */
const MOST_TOLD = 10;

/**
 * Does every check. Throws the one error that they throw; of several an INVALID_CONFIG that tells them all, each once, with
 * message and hint in `details.problems`. A defect is thrown at once.
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
  const told = [...problems.keys()];
  const left = told.length - MOST_TOLD;
  const more = left > 0 ? `; and ${left} more` : '';
  throw new PhantomNetError(
    'INVALID_CONFIG',
    `${told.length} things of the search cannot be: ${told.slice(0, MOST_TOLD).join('; ')}${more}`,
    {
      hint: first.hint === undefined ? 'mend them one by one' : `of the first: ${first.hint}`,
      cause: first,
      details: {
        ...first.details,
        problems: Array.from(problems.values(), ({ message, hint, details }) => ({ message, hint, details })),
      },
    },
  );
}
