import { closest, distance } from 'fastest-levenshtein';

/** Returns `did you mean 'x'?` for the candidate nearest to `given`, or undefined when none is near (distance above 2 and a third of the length). */
export function didYouMean(given: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0 || given.length > 200) return undefined;
  const best = closest(given, candidates);
  return distance(given, best) <= Math.max(2, Math.floor(given.length / 3))
    ? `did you mean '${best}'?`
    : undefined;
}
