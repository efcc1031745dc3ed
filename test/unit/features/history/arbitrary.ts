import fc from 'fast-check';
import { compareEvents, type HistoryEvent } from '#src/features/index.js';

const one = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** Times between events, the edges of bursts, windows and memory among them. */
const pause = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 3000 }) },
  one(0, 999, 1000, 1001, 9999, 10_000, 59_999, 60_000, 600_000, 3_599_999, 3_600_000, 40_000_000),
  one(86_399_999, 86_400_000),
);

const fields = fc.record({
  pause,
  sensor: one('a', 'b', 'c'),
  source: one('192.0.2.1', '192.0.2.2', '2001:db8::1'),
  session: one(null, 's1', 's2', 's3'),
  destinationPort: one(null, 22, 23, 80, 443),
  user: one(null, 'root', 'admin', ''),
  action: one(null, 'connect', 'login', 'command'),
  outcome: one(null, 'success' as const, 'failure' as const),
  bytes: one(null, 0, 17, 4096),
});

/** Returns events in order, from 1970 or from times that 32 bits of milliseconds come round at. */
export function eventsInOrder(maxLength: number): fc.Arbitrary<HistoryEvent[]> {
  const start = one(0, 1_700_000_000_000, 2 ** 32 - 5000, -5000);
  return fc.tuple(start, fc.array(fields, { minLength: 1, maxLength })).map(([from, drafts]) => {
    let timeMs = from;
    return drafts
      .map(({ pause: wait, ...rest }, position) => {
        timeMs += wait;
        return { timeMs, position, ...rest };
      })
      .sort(compareEvents);
  });
}
