import type { EventCondition } from './event-condition.js';

/** The ways to name what an attack is: by ATT&CK technique, or by how far it has come. */
export const TAXONOMIES = ['attack-technique', 'session-stage'] as const;

/** A way to name what an attack is. */
export type Taxonomy = (typeof TAXONOMIES)[number];

/** What one sample is, and which events it is made of. */
export interface SampleSpec {
  /** `event`: each event is a sample; `session`: each session is one. */
  readonly unit: 'event' | 'session';
  /** The events that count; all where absent. */
  readonly where?: EventCondition | undefined;
  /** Sessions: features are made of the events before the first of these, which is not seen. */
  readonly until?: EventCondition | undefined;
  /** Sessions: features are made of the first seconds only. */
  readonly maxSeconds?: number | undefined;
  /** Whether samples also have what came before them from their source; true by default. */
  readonly history?: boolean | undefined;
}

/** How the label of a sample is made. One of `when`, `field`, `join` and `taxonomy` says it. */
export interface LabelRule {
  /** The label is 1 where the event, or any event of the session, fulfils this, else 0. */
  readonly when?: EventCondition | undefined;
  /** The label is the text of this field; a sample without one has no label and is left out, counted. */
  readonly field?: string | undefined;
  /** The label is a field of another event with the same values, such as an alert of the same flow. */
  readonly join?: LabelJoin | undefined;
  /** The label is what the event shows of an attack, a session's the furthest of it. */
  readonly taxonomy?: Taxonomy | undefined;
  /** Texts of `field`, `join` or `taxonomy` that stand for a class; with it, all other texts are left out, counted. */
  readonly classes?: Readonly<Record<string, string>> | undefined;
}

/** Where a label is taken from that another event holds. */
export interface LabelJoin {
  /** The events that hold the label. */
  readonly events: EventCondition;
  /** Fields that both must have with the same value, such as event.id or source.ip. */
  readonly on: readonly string[];
  /** How far apart in time the two may be, in seconds; any time where absent. */
  readonly withinSeconds?: number | undefined;
  /** The field of those events that is the label. */
  readonly take: string;
  /** The label of a sample that no such event belongs to; without it the sample is left out, counted. */
  readonly otherwise?: string | undefined;
}
