import type { EventFieldName, EventFields, Table } from '../../data/index.js';

/** Samples made of events, and what was left out. */
export interface BuiltSamples {
  readonly table: Table;
  /** Samples that have no label, and were left out. */
  readonly unlabelled: number;
  /** Events that belong to no session, and were left out. */
  readonly withoutSession: number;
  /** Samples whose features are made of the very event that gave the label, too: they may tell it. */
  readonly labelInWindow: number;
  /** Sessions whose events gave more than one label, where none goes further than another: the first was taken. */
  readonly ambiguous: number;
  /** Of sessions whose window an event ends, how many of each class have such an event; empty where none is named. */
  readonly ended: readonly {
    readonly label: number | string;
    readonly sessions: number;
    readonly of: number;
  }[];
  /** Texts that label.classes names and no event has. */
  readonly unseenClasses: readonly string[];
  /** Events that hold a label of no sample. */
  readonly unmatched: number;
  /** Positions of samples that came too late to be put in order, and have the history as it was. */
  readonly late: ReadonlySet<number>;
  /** Sessions that began in an earlier file, where they had their sample. */
  readonly continued: number;
  /** What the samples of the next file go on from; undefined where no state was given. */
  readonly state: Uint8Array | undefined;
}

/** Takes events in the order of time and makes samples of them. */
export interface SampleBuilder {
  /** The fields that events must come with. */
  readonly fields: readonly EventFieldName[];
  /** Takes an event that may hold the label of others; all of them where `needsPass`, before the first is seen. */
  learn(event: EventFields): void;
  see(event: EventFields): void;
  /** Returns the samples, by the time they began. */
  finish(file: string): BuiltSamples;
}
