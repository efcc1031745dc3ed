import { PhantomNetError } from '../../core/index.js';
import type { EventFieldName, EventFields } from '../../data/index.js';
import { type EventMatcher, eventFieldNamed, eventMatcher } from './event-condition.js';
import type { LabelJoin, LabelRule } from './sample-spec.js';

/** Says the label of events one by one; a session's is put together of those of its events. */
export interface EventLabeller {
  /** The fields it reads. */
  readonly fields: readonly EventFieldName[];
  /** Whether `learn` must see all events before the first is labelled. */
  readonly needsPass: boolean;
  /** Takes an event that may hold the label of others. */
  learn(event: EventFields): void;
  /** Returns the label an event gives its sample, undefined for none. */
  labelOf(event: EventFields): string | undefined;
  /** The label of a sample none of whose events gave one; undefined leaves the sample out. */
  readonly otherwise: string | undefined;
  /** Events that hold a label of no sample. */
  unmatched(): number;
}

/** Returns what labels events by a rule. Throws INVALID_CONFIG, naming the key, for a rule that says nothing or too much. */
export function eventLabeller(rule: LabelRule): EventLabeller {
  const given = (['when', 'field', 'join'] as const).filter((key) => rule[key] !== undefined);
  if (given.length !== 1)
    throw new PhantomNetError(
      'INVALID_CONFIG',
      given.length === 0
        ? 'label: no rule says what it is'
        : `label: ${given.join(' and ')} both say what it is`,
      {
        hint: 'give one of label.when (a condition), label.field (a field of the event) and label.join (a field of another event)',
        details: { key: 'label', given },
      },
    );
  if (rule.when !== undefined) return byCondition(eventMatcher(rule.when, 'label.when'));
  if (rule.join !== undefined) return new JoinLabeller(rule.join, rule.classes);
  return byField(eventFieldNamed(rule.field!, 'label.field'), rule.classes);
}

const NO_PASS = { needsPass: false, learn: () => undefined, unmatched: () => 0 } as const;

function byCondition({ fields, matches }: EventMatcher): EventLabeller {
  return { ...NO_PASS, fields, labelOf: (event) => (matches(event) ? '1' : undefined), otherwise: '0' };
}

function byField(field: EventFieldName, classes: LabelRule['classes']): EventLabeller {
  const labelOf = (event: EventFields) => classOf(event[field], classes);
  return { ...NO_PASS, fields: [field], labelOf, otherwise: undefined };
}

function classOf(value: EventFields[EventFieldName], classes: LabelRule['classes']): string | undefined {
  if (value === null || value === undefined) return undefined;
  const text = String(value);
  if (classes === undefined) return text;
  return Object.hasOwn(classes, text) ? classes[text] : undefined;
}

/** One label that events hold under the same values, in the order of their times. */
interface Held {
  readonly timesMs: number[];
  readonly labels: string[];
  isTaken: boolean;
}

class JoinLabeller implements EventLabeller {
  readonly needsPass = true;
  readonly fields: readonly EventFieldName[];
  readonly otherwise: string | undefined;
  readonly #holders: EventMatcher;
  readonly #on: readonly EventFieldName[];
  readonly #take: EventFieldName;
  readonly #withinMs: number;
  readonly #classes: LabelRule['classes'];
  readonly #held = new Map<string, Held>();

  constructor(join: LabelJoin, classes: LabelRule['classes']) {
    this.#holders = eventMatcher(join.events, 'label.join.events');
    this.#on = join.on.map((name) => eventFieldNamed(name, 'label.join.on'));
    this.#take = eventFieldNamed(join.take, 'label.join.take');
    this.#withinMs = (join.withinSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    this.#classes = classes;
    this.otherwise = join.otherwise;
    this.fields = [...this.#holders.fields, ...this.#on, this.#take, '@timestamp'];
  }

  learn(event: EventFields): void {
    if (!this.#holders.matches(event)) return;
    const key = this.#keyOf(event);
    const label = classOf(event[this.#take], this.#classes);
    if (key === undefined || label === undefined) return;
    const held = this.#held.get(key) ?? { timesMs: [], labels: [], isTaken: false };
    held.timesMs.push(event['@timestamp'] as number);
    held.labels.push(label);
    this.#held.set(key, held);
  }

  labelOf(event: EventFields): string | undefined {
    const key = this.#keyOf(event);
    const held = key === undefined ? undefined : this.#held.get(key);
    if (held === undefined) return undefined;
    const timeMs = event['@timestamp'] as number;
    let nearest = 0;
    for (let i = 1; i < held.timesMs.length; i++)
      if (Math.abs(held.timesMs[i]! - timeMs) < Math.abs(held.timesMs[nearest]! - timeMs)) nearest = i;
    if (Math.abs(held.timesMs[nearest]! - timeMs) > this.#withinMs) return undefined;
    held.isTaken = true;
    return held.labels[nearest];
  }

  unmatched(): number {
    let count = 0;
    for (const { isTaken, labels } of this.#held.values()) if (!isTaken) count += labels.length;
    return count;
  }

  #keyOf(event: EventFields): string | undefined {
    const values = this.#on.map((field) => event[field]);
    return values.some((value) => value === undefined || value === null) ? undefined : JSON.stringify(values);
  }
}
