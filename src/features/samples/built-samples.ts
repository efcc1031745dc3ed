import type { EventFieldName, EventFields, Table } from '../../data/index.js';

/** Samples made of events, and what was left out. */
export interface BuiltSamples {
  readonly table: Table;
  /** Samples that have no label, and were left out. */
  readonly unlabelled: number;
  /** Events that belong to no session, and were left out. */
  readonly withoutSession: number;
  /** Sessions in whose window an event lies that gave the label: their features may tell it. */
  readonly labelInWindow: number;
  /** Events that hold a label of no sample. */
  readonly unmatched: number;
}

/** Takes events in the order of time and makes samples of them. */
export interface SampleBuilder {
  /** The fields that events must come with. */
  readonly fields: readonly EventFieldName[];
  see(event: EventFields): void;
  /** Returns the samples, by the time they began. */
  finish(file: string): BuiltSamples;
}
