import type { EventFieldName, EventFields } from '../../data/index.js';
import type { LabelRule } from './sample-spec.js';

/** A label, and when the event came that holds it, where that is another one. */
export interface GivenLabel {
  readonly label: string;
  /** Only where that event is one that features are made of. */
  readonly heldMs?: number | undefined;
}

/** Says the label of events one by one; a session's is put together of those of its events. */
export interface EventLabeller {
  /** The fields it reads. */
  readonly fields: readonly EventFieldName[];
  /** Whether `learn` must see all events before the first is labelled: events take the labels of others. */
  readonly needsPass: boolean;
  /** Takes an event that may hold the label of others. `isSeen`: features are made of it too. */
  learn(event: EventFields, options: { readonly isSeen: boolean }): void;
  /** Returns the label an event gives its sample, undefined for none. */
  labelOf(event: EventFields): GivenLabel | undefined;
  /** Whether what gives a sample of this event its label is of a class that is left out; asked where `labelOf` gave none. */
  leavesOut?(event: EventFields): boolean;
  /** Whether it is this event that a label is read from. */
  holds(event: EventFields): boolean;
  /** How far a label goes: a session has that of its events which goes furthest. Without it, the first. */
  readonly rank?: ((label: string) => number) | undefined;
  /** The label of a sample none of whose events gave one; undefined leaves the sample out. */
  readonly otherwise: string | undefined;
  /** Events that hold a label of no sample. */
  unmatched(): number;
  /** Texts that label.classes names and no value was; asked at the end. */
  unseenClasses?(): readonly string[];
}

/** What a labeller has that reads the label from the event itself. */
export const NO_PASS = { needsPass: false, learn: () => undefined, unmatched: () => 0 } as const;

/** The classes of a label's values; notes which texts came. */
export class LabelClasses {
  readonly #classes: LabelRule['classes'];
  readonly #unseen: Set<string>;

  constructor(classes: LabelRule['classes']) {
    this.#classes = classes;
    this.#unseen = new Set(Object.keys(classes ?? {}));
  }

  /** Returns what `classOf` does. */
  of(value: EventFields[EventFieldName]): string | undefined {
    if (this.#unseen.size > 0) this.#unseen.delete(String(value));
    return classOf(value, this.#classes);
  }

  /** Returns the texts that no value was. */
  unseen(): readonly string[] {
    return [...this.#unseen];
  }
}

/** Returns the class that a value of the label's field is, undefined for none. */
export function classOf(
  value: EventFields[EventFieldName],
  classes: LabelRule['classes'],
): string | undefined {
  if (value === null || value === undefined) return undefined;
  const text = String(value);
  if (classes === undefined) return text;
  return Object.hasOwn(classes, text) ? classes[text] : undefined;
}
