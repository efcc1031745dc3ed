import type { EventFieldName, EventFields } from '../../data/index.js';
import type { BuiltSamples, SampleBuilder } from './built-samples.js';
import { ColumnBuilder, placeOfEvent, type SamplePlace } from './column-builder.js';
import { type EventMatcher, eventMatcher } from './event-condition.js';
import type { LabelSource } from './label-source.js';
import { SAMPLE_COLUMNS, withLabel } from './sample-columns.js';
import { HISTORY_FIELDS, SampleHistory } from './sample-history.js';
import type { SampleSpec } from './sample-spec.js';
import type { SampleState } from './sample-state.js';
import { SESSION_FEATURES } from './session-features.js';
import { SessionWindow, WINDOW_FIELDS } from './session-window.js';

interface Session {
  readonly startMs: number;
  /** What was seen so far; gone once the window has closed, and its features are settled. */
  window: SessionWindow | undefined;
  features: readonly (number | string | null)[];
  readonly identity: readonly (number | string | null)[];
  readonly history: readonly number[];
  readonly place: SamplePlace;
  label: string | undefined;
  labelInWindow: boolean;
  isAmbiguous: boolean;
  /** Whether what gives an event of it a label is of a class that is left out. */
  isLeftOut: boolean;
  /** Whether it has an event that ends its window. */
  isEnded: boolean;
}

/**
 * Makes one sample of each session: what was seen from its first event to where its window closes, and what came from its
 * source before it. Its label may come from any of its events. Events come in the order of time.
 */
export class SessionSamples implements SampleBuilder {
  readonly #until: EventMatcher | undefined;
  readonly #where: EventMatcher | undefined;
  readonly #maxMs: number;
  readonly #label: LabelSource | undefined;
  readonly #history: SampleHistory | undefined;
  readonly #state: SampleState | undefined;
  readonly #sessions = new Map<string, Session>();
  /** Sessions that had their sample in an earlier file. */
  readonly #continued = new Set<string>();
  readonly #late = new Set<number>();
  #position = 0;
  #withoutSession = 0;

  constructor(
    { where, until, maxSeconds, history = true }: SampleSpec,
    label: LabelSource | undefined,
    state?: SampleState,
  ) {
    this.#where = where === undefined ? undefined : eventMatcher(where, 'sample.where');
    this.#until = until === undefined ? undefined : eventMatcher(until, 'sample.until');
    this.#maxMs = (maxSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    this.#label = label;
    this.#history = history ? new SampleHistory(['source'], state) : undefined;
    this.#state = state;
  }

  get fields(): readonly EventFieldName[] {
    const own: readonly EventFieldName[] = [
      'session',
      'source.ip',
      'observer.name',
      'log.line',
      'log.file.path',
    ];
    const matchers = [this.#where, this.#until, this.#label?.labeller];
    return [
      ...own,
      ...WINDOW_FIELDS,
      ...HISTORY_FIELDS,
      ...matchers.flatMap((matcher) => matcher?.fields ?? []),
    ];
  }

  learn(event: EventFields): void {
    this.#label?.labeller.learn(event, { isSeen: this.#where?.matches(event) !== false });
  }

  see(event: EventFields): void {
    const position = this.#position++;
    if (this.#where?.matches(event) === false) return;
    const key = keyOf(event);
    if (key === undefined) this.#withoutSession++;
    else if (this.#state?.sessions.see(key, event['@timestamp'] as number) === true) this.#continued.add(key);
    const take = (): void => {
      if (key !== undefined && !this.#continued.has(key))
        this.#take(event, this.#sessionOf(key, event, position));
    };
    // The history is of all events that count, so that a source is known by more than its sessions.
    if (this.#history === undefined) take();
    else this.#history.observe(event, take);
  }

  #take(event: EventFields, session: Session): void {
    const isBeyond = (event['@timestamp'] as number) - session.startMs > this.#maxMs;
    session.isEnded ||= this.#until?.matches(event) === true;
    if (isBeyond || session.isEnded) close(session);
    if (this.#label !== undefined) this.#takeLabel(event, session, this.#label.labeller);
    session.window?.see(event);
  }

  #takeLabel(event: EventFields, session: Session, labeller: LabelSource['labeller']): void {
    const given = labeller.labelOf(event);
    if (given === undefined) {
      session.isLeftOut ||= labeller.leavesOut?.(event) === true;
      return;
    }
    const { label, heldMs } = given;
    const { rank } = labeller;
    const isFurther = rank !== undefined && session.label !== undefined && rank(label) > rank(session.label);
    if (session.label === undefined || isFurther) {
      session.label = label;
      session.labelInWindow = false;
    } else if (rank === undefined) session.isAmbiguous ||= session.label !== label;
    // That a session began tells nothing: all do.
    if (session.label !== label || rank?.(label) === 0) return;
    // Also known is what another event said before the session began.
    const isPast = this.#history !== undefined && heldMs !== undefined && heldMs < session.startMs;
    session.labelInWindow ||= isPast || (session.window !== undefined && labeller.holds(event));
  }

  finish(file: string): BuiltSamples {
    const state = this.#history?.finish();
    const features = SESSION_FEATURES.map(({ read: _read, ...column }) => column);
    const label = this.#label;
    const columns = [...SAMPLE_COLUMNS, ...features, ...(this.#history?.columns ?? [])];
    const builder = new ColumnBuilder(withLabel(columns, label));
    const counts = { unlabelled: 0, labelInWindow: 0, ambiguous: 0 };
    const ended = new Map<number | string, { sessions: number; of: number }>();
    for (const session of this.#sessions.values()) {
      close(session);
      const cells = [...session.identity, ...session.features, ...session.history];
      const isLeftOut = session.label === undefined && session.isLeftOut;
      const own = isLeftOut ? undefined : label?.cellOf(session.label);
      if (label !== undefined && own === undefined) {
        counts.unlabelled++;
        continue;
      }
      if (own !== undefined && this.#until !== undefined) {
        const ofClass = ended.get(own) ?? { sessions: 0, of: 0 };
        ended.set(own, { sessions: ofClass.sessions + Number(session.isEnded), of: ofClass.of + 1 });
      }
      if (session.labelInWindow) counts.labelInWindow++;
      if (session.isAmbiguous) counts.ambiguous++;
      builder.add(own === undefined ? cells : [...cells, own], session.place);
    }
    return {
      table: builder.finish(file, '@timestamp'),
      ...counts,
      ended: [...ended].map(([label, ofClass]) => ({ label, ...ofClass })),
      withoutSession: this.#withoutSession,
      unseenClasses: label?.labeller.unseenClasses?.() ?? [],
      unmatched: label?.labeller.unmatched() ?? 0,
      late: this.#late,
      continued: this.#continued.size,
      state,
    };
  }

  #sessionOf(key: string, event: EventFields, position: number): Session {
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    if (this.#history?.isLate === true) this.#late.add(position);
    const startMs = event['@timestamp'] as number;
    const session: Session = {
      startMs,
      window: new SessionWindow(startMs),
      features: [],
      identity: [
        startMs,
        sensorOf(event),
        String(event.session),
        (event['source.ip'] as string | undefined) ?? null,
      ],
      history: this.#history?.cells() ?? [],
      place: placeOfEvent(event, position),
      label: undefined,
      labelInWindow: false,
      isAmbiguous: false,
      isLeftOut: false,
      isEnded: false,
    };
    this.#sessions.set(key, session);
    return session;
  }
}

const sensorOf = (event: EventFields): string => String(event['observer.name'] ?? '');

/** Returns what tells a session from all others; undefined for an event of none. */
function keyOf(event: EventFields): string | undefined {
  if (event.session === undefined || event.session === null) return undefined;
  // Two sensors may give the same name to a session of theirs.
  return `${sensorOf(event)}\0${event.session}`;
}

/** Makes the features of a session whose window is open: closed, it needs no memory of what it saw. */
function close(session: Session): void {
  const { window } = session;
  if (window === undefined) return;
  session.features = SESSION_FEATURES.map(({ read }) => read(window));
  session.window = undefined;
}
