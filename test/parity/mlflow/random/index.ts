import fc from 'fast-check';
import { compareAnswers, runSequence, showCall } from '../sequence.js';
import { isAgainstItself, type ServerPair } from '../servers.js';
import { sequence, UNMADE } from './sequences.js';

let made = 0;

/** Sends a random sequence to both servers, in a name space of its own, and returns what differs. */
export async function trySequence(
  { mlflow, other }: ServerPair,
  steps: Parameters<typeof runSequence>[1],
): Promise<string[]> {
  made += 1;
  const values = { ...UNMADE, n: `random ${made}` };
  const [theirs, ours] = await Promise.all([
    runSequence(mlflow, steps, values),
    runSequence(other, steps, values),
  ]);
  return compareAnswers(theirs, ours, { isItself: isAgainstItself() });
}

/** Tries `count` sequences; throws with the seed and the shortest one that differs. */
export async function trySequences(
  servers: ServerPair,
  { count, seed }: { count: number; seed: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(sequence, async (steps) => {
      const [first] = await trySequence(servers, steps);
      if (first === undefined) return;
      throw new Error([...steps.map(({ call }) => showCall(call)), `differ at: ${first}`].join('\n'));
    }),
    { numRuns: count, seed, endOnFailure: false },
  );
}
