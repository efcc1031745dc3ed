import type { EventFieldName, EventFields, Table, TableColumn } from '../../data/index.js';
import { ColumnBuilder } from './column-builder.js';
import { type EventMatcher, eventMatcher } from './event-condition.js';
import type { EventLabeller } from './label-rules.js';
import type { SampleSpec } from './sample-spec.js';
import { SESSION_FEATURES } from './session-features.js';
import { SessionWindow, WINDOW_FIELDS } from './session-window.js';

/** Samples made of events, and what was left out. */
export interface BuiltSamples {
  readonly table: Table;
  /** Samples that have no label. */
  readonly unlabelled: number;
  /** Events that belong to no session. */
  readonly withoutSession: number;
  /** Sessions in whose window an event lies that gave the label: the window would tell it. */
  readonly labelInWindow: number;
  /** Events that hold a label of no sample. */
  readonly unmatched: number;
}

/** Columns of every sample that are no features. */
export const SAMPLE_COLUMNS: readonly TableColumn[] = [
  {
    name: '@timestamp',
    role: 'time',
    type: 'numeric',
    isInteger: true,
    reason: 'when the sample began; orders samples',
  },
  identifier('observer.name', 'names a sensor'),
  identifier('session', 'names a session'),
  identifier('source.ip', 'names a sender; a model that reads it remembers senders, not attacks'),
];

function identifier(name: string, reason: string): TableColumn {
  return { name, reason, role: 'identifier', type: 'categorical', isInteger: false };
}

/** Returns the column of a label. */
export function labelColumn(name: string): TableColumn {
  return {
    name,
    role: 'label-defining',
    type: 'categorical',
    isInteger: false,
    reason: 'it is the label',
  };
}

interface OpenSession {
  readonly window: SessionWindow;
  readonly identity: readonly (number | string)[];
  readonly place: { readonly position: number; readonly line: number };
  isOpen: boolean;
  label: string | undefined;
  labelInWindow: boolean;
}

/** Makes one sample of each session, from its first event to where its window closes. Events come in the order of time. */
export class SessionSamples {
  readonly #until: EventMatcher | undefined;
  readonly #where: EventMatcher | undefined;
  readonly #maxMs: number;
  readonly #labeller: EventLabeller | undefined;
  readonly #sessions = new Map<string, OpenSession>();
  #position = 0;
  #withoutSession = 0;

  constructor({ where, until, maxSeconds }: SampleSpec, labeller: EventLabeller | undefined) {
    this.#where = where === undefined ? undefined : eventMatcher(where, 'sample.where');
    this.#until = until === undefined ? undefined : eventMatcher(until, 'sample.until');
    this.#maxMs = (maxSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    this.#labeller = labeller;
  }

  /** The fields that events must come with. */
  get fields(): readonly EventFieldName[] {
    const own: EventFieldName[] = ['session', 'source.ip', 'observer.name', 'log.line', ...WINDOW_FIELDS];
    const matchers = [this.#where, this.#until, this.#labeller];
    return [...new Set([...own, ...matchers.flatMap((matcher) => matcher?.fields ?? [])])];
  }

  see(event: EventFields): void {
    const position = this.#position++;
    if (this.#where?.matches(event) === false) return;
    if (event.session === undefined) {
      this.#withoutSession++;
      return;
    }
    const session = this.#sessionOf(event, position);
    const { window } = session;
    const isBeyond = (event['@timestamp'] as number) - window.startMs > this.#maxMs;
    if (session.isOpen && (isBeyond || this.#until?.matches(event) === true)) session.isOpen = false;
    const label = this.#labeller?.labelOf(event);
    session.label ??= label;
    if (!session.isOpen) return;
    if (label !== undefined) session.labelInWindow = true;
    window.see(event);
  }

  finish(place: { readonly file: string }, label: string | undefined): BuiltSamples {
    const columns = [...SAMPLE_COLUMNS, ...SESSION_FEATURES.map(({ read: _read, ...column }) => column)];
    if (label !== undefined) columns.push(labelColumn(label));
    const builder = new ColumnBuilder(columns);
    const counts = { unlabelled: 0, labelInWindow: 0 };
    for (const session of this.#sessions.values()) {
      const own = session.label ?? this.#labeller?.otherwise;
      if (label !== undefined && own === undefined) {
        counts.unlabelled++;
        continue;
      }
      if (session.labelInWindow) counts.labelInWindow++;
      const features = SESSION_FEATURES.map(({ read }) => read(session.window));
      builder.add([...session.identity, ...features, ...(label === undefined ? [] : [own!])], session.place);
    }
    return {
      table: builder.finish({ ...place, name: 'sessions' }, '@timestamp'),
      ...counts,
      withoutSession: this.#withoutSession,
      unmatched: this.#labeller?.unmatched() ?? 0,
    };
  }

  #sessionOf(event: EventFields, position: number): OpenSession {
    const sensor = String(event['observer.name'] ?? '');
    // Two sensors may give the same name to a session of theirs.
    const key = `${sensor}\0${event.session}`;
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const startMs = event['@timestamp'] as number;
    const identity = [startMs, sensor, String(event.session), String(event['source.ip'] ?? '')];
    const place = { position, line: Number(event['log.line'] ?? 0) };
    const window = new SessionWindow(startMs);
    const session = { window, identity, place, isOpen: true, label: undefined, labelInWindow: false };
    this.#sessions.set(key, session);
    return session;
  }
}
