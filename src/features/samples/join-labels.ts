import { PhantomNetError } from '../../core/index.js';
import type { EventFieldName, EventFields } from '../../data/index.js';
import { type EventMatcher, eventFieldNamed, eventMatcher } from './event-condition.js';
import { type EventLabeller, type GivenLabel, LabelClasses } from './event-labeller.js';
import type { LabelJoin, LabelRule } from './sample-spec.js';

/** The labels that events hold under the same values, in the order of their times. */
interface Held {
  readonly timesMs: number[];
  readonly labels: string[];
  readonly isSeen: boolean[];
  isTaken: boolean;
}

/** Gives events the label that another one holds: of those with the same values the nearest in time, the earlier of two. */
export class JoinLabeller implements EventLabeller {
  readonly needsPass = true;
  readonly fields: readonly EventFieldName[];
  readonly otherwise: string | undefined;
  readonly #holders: EventMatcher;
  readonly #on: readonly EventFieldName[];
  readonly #take: EventFieldName;
  readonly #withinMs: number;
  readonly #classes: LabelClasses;
  readonly #held = new Map<string, Held>();
  /** When events came whose class is none of those that are kept, by the same values. */
  readonly #leftOut = new Map<string, number[]>();

  constructor(join: LabelJoin, classes: LabelRule['classes']) {
    this.#holders = eventMatcher(join.events, 'label.join.events');
    this.#on = join.on.map((name) => eventFieldNamed(name, 'label.join.on'));
    if (join.on.length === 0) throw joinsAll();
    this.#take = eventFieldNamed(join.take, 'label.join.take');
    this.#withinMs = (join.withinSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    this.#classes = new LabelClasses(classes);
    this.otherwise = this.#classes.of(join.otherwise) ?? join.otherwise;
    this.fields = [...this.#holders.fields, ...this.#on, this.#take, '@timestamp'];
  }

  learn(event: EventFields, { isSeen }: { readonly isSeen: boolean }): void {
    if (!this.holds(event)) return;
    const key = this.#keyOf(event);
    const value = event[this.#take];
    if (key === undefined || value === undefined || value === null) return;
    const label = this.#classes.of(value);
    if (label === undefined) {
      const times = this.#leftOut.get(key) ?? [];
      times.push(event['@timestamp'] as number);
      this.#leftOut.set(key, times);
      return;
    }
    const held = this.#held.get(key) ?? { timesMs: [], labels: [], isSeen: [], isTaken: false };
    held.timesMs.push(event['@timestamp'] as number);
    held.labels.push(label);
    held.isSeen.push(isSeen);
    this.#held.set(key, held);
  }

  labelOf(event: EventFields): GivenLabel | undefined {
    const key = this.#keyOf(event);
    const held = key === undefined ? undefined : this.#held.get(key);
    if (held === undefined) return undefined;
    const timeMs = event['@timestamp'] as number;
    const at = nearest(held.timesMs, timeMs);
    const heldMs = held.timesMs[at]!;
    if (Math.abs(heldMs - timeMs) > this.#withinMs) return undefined;
    held.isTaken = true;
    return { label: held.labels[at]!, heldMs: held.isSeen[at] ? heldMs : undefined };
  }

  leavesOut(event: EventFields): boolean {
    const key = this.#keyOf(event);
    const times = key === undefined ? undefined : this.#leftOut.get(key);
    if (times === undefined) return false;
    const timeMs = event['@timestamp'] as number;
    return Math.abs(times[nearest(times, timeMs)]! - timeMs) <= this.#withinMs;
  }

  holds(event: EventFields): boolean {
    return this.#holders.matches(event);
  }

  unmatched(): number {
    let count = 0;
    for (const { isTaken, labels } of this.#held.values()) if (!isTaken) count += labels.length;
    return count;
  }

  unseenClasses(): readonly string[] {
    return this.#classes.unseen();
  }

  #keyOf(event: EventFields): string | undefined {
    const values = this.#on.map((field) => event[field]);
    return values.some((value) => value === undefined || value === null) ? undefined : JSON.stringify(values);
  }
}

function joinsAll(): PhantomNetError {
  return new PhantomNetError('INVALID_CONFIG', 'label.join.on: no field says which events belong together', {
    hint: 'name one that both have, such as session or source.ip',
    details: { key: 'label.join.on' },
  });
}

/** Returns where the time is that is nearest to `timeMs`, the first of equally near ones. O(log n): a source may hold many. */
function nearest(timesMs: readonly number[], timeMs: number): number {
  const after = firstFrom(timesMs, timeMs);
  if (after === 0) return 0;
  const before = firstFrom(timesMs, timesMs[after - 1]!);
  return after < timesMs.length && timesMs[after]! - timeMs < timeMs - timesMs[before]! ? after : before;
}

/** Returns where the first time from `timeMs` on is; times rise. */
function firstFrom(timesMs: readonly number[], timeMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timesMs[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
