import { compareEvents, type HistoryEvent } from './event.js';
import type { EventHistory } from './history.js';

/**
 * Returns the features of events from a replay in order (time, sensor, position): rows of `history.width` numbers,
 * row-major, in the order the events are given in. The history takes them in, so that scoring can go on where training
 * ended. Events that nothing orders are taken as they are given. Cost O(n log n).
 *
 * @example
 * ```ts
 * const events = [{ timeMs: 9000, position: 1 }, { timeMs: 0, position: 0 }].map((order) => ({
 *   ...order, sensor: 'ssh-1', source: '192.0.2.1', session: null, destinationPort: 22, user: null, action: 'connect', outcome: null,
 * }));
 * const history = new EventHistory();
 * const rows = replayHistory(events, history);
 * const at = describeHistoryFeatures().findIndex(({ name }) => name === 'source_events_10s');
 * [rows[at], rows[history.width + at]]; // [1, 0]
 * ```
 */
export function replayHistory(events: readonly HistoryEvent[], history: EventHistory): Float32Array {
  const rows = new Float32Array(events.length * history.width);
  const order = Uint32Array.from(events.keys()).sort(
    (a, b) => compareEvents(events[a]!, events[b]!) || a - b,
  );
  for (const i of order) history.observe(events[i]!, rows, i * history.width);
  return rows;
}
