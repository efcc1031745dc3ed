import type { SearchReport } from '#src/pipeline/index.js';

/** Returns a search without what differs from one start to the next. */
export function searchFigures({ trials, winner, nReused: _, ...rest }: SearchReport) {
  const figure = (trial: SearchReport['winner']) => ({ ...trial, runId: '', seconds: 0, isReused: false });
  return { ...rest, trials: trials.map(figure), winner: figure(winner) };
}
