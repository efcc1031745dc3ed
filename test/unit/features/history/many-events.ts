import { Xoshiro128 } from '#src/core/index.js';
import type { HistoryEvent } from '#src/features/index.js';

/** How many events there are, of how many sources and users, and how far apart. */
export interface ManyOptions {
  readonly sources: number;
  readonly users: number;
  /** The longest time between two events. */
  readonly stepMs: number;
  readonly seed: number;
  readonly startMs?: number;
}

/** Returns events in order, drawn from a seed. */
export function manyEvents(
  count: number,
  { sources, users, stepMs, seed, startMs = 1_700_000_000_000 }: ManyOptions,
): HistoryEvent[] {
  const random = new Xoshiro128(seed);
  const draw = (below: number): number => random.nextUint32() % below;
  let timeMs = startMs;
  return Array.from({ length: count }, (_, position) => {
    timeMs += draw(stepMs);
    const source = draw(sources);
    return {
      timeMs,
      sensor: `sensor-${draw(3)}`,
      position,
      source: `192.0.2.${source}`,
      session: draw(4) === 0 ? null : `${source}-${Math.floor(position / 200)}`,
      destinationPort: draw(1000),
      user: `user-${draw(users)}`,
      action: ['connect', 'login', 'command'][draw(3)]!,
      outcome: ([null, 'failure', 'success'] as const)[draw(3)]!,
      bytes: draw(2000),
    };
  });
}
