import type { EventFieldName, EventFields } from '../../data/index.js';
import type { BuiltSamples, SampleBuilder } from './built-samples.js';
import { ColumnBuilder } from './column-builder.js';
import { type EventMatcher, eventMatcher } from './event-condition.js';
import type { LabelSource } from './label-source.js';
import { SAMPLE_COLUMNS } from './sample-columns.js';
import { HISTORY_FIELDS, SampleHistory } from './sample-history.js';
import type { SampleSpec } from './sample-spec.js';
import { SESSION_FEATURES } from './session-features.js';
import { SessionWindow, WINDOW_FIELDS } from './session-window.js';

interface OpenSession {
  readonly window: SessionWindow;
  readonly identity: readonly (number | string | null)[];
  readonly history: readonly number[];
  readonly place: { readonly position: number; readonly line: number };
  isOpen: boolean;
  label: string | undefined;
  labelInWindow: boolean;
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
  readonly #sessions = new Map<string, OpenSession>();
  #position = 0;
  #withoutSession = 0;

  constructor({ where, until, maxSeconds, history = true }: SampleSpec, label: LabelSource | undefined) {
    this.#where = where === undefined ? undefined : eventMatcher(where, 'sample.where');
    this.#until = until === undefined ? undefined : eventMatcher(until, 'sample.until');
    this.#maxMs = (maxSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    this.#label = label;
    this.#history = history ? new SampleHistory(['source']) : undefined;
  }

  get fields(): readonly EventFieldName[] {
    const own: readonly EventFieldName[] = ['session', 'source.ip', 'observer.name', 'log.line'];
    const matchers = [this.#where, this.#until, this.#label?.labeller];
    return [
      ...own,
      ...WINDOW_FIELDS,
      ...HISTORY_FIELDS,
      ...matchers.flatMap((matcher) => matcher?.fields ?? []),
    ];
  }

  see(event: EventFields): void {
    const position = this.#position++;
    if (this.#where?.matches(event) === false) return;
    // The history is of all events, so that a source is known by more than its sessions.
    this.#history?.observe(event, position);
    if (event.session === undefined) {
      this.#withoutSession++;
      return;
    }
    const session = this.#sessionOf(event, position);
    const { window } = session;
    const isBeyond = (event['@timestamp'] as number) - window.startMs > this.#maxMs;
    if (session.isOpen && (isBeyond || this.#until?.matches(event) === true)) session.isOpen = false;
    const label = this.#label?.labeller.labelOf(event);
    session.label ??= label;
    if (!session.isOpen) return;
    if (label !== undefined) session.labelInWindow = true;
    window.see(event);
  }

  finish(file: string): BuiltSamples {
    const features = SESSION_FEATURES.map(({ read: _read, ...column }) => column);
    const label = this.#label;
    const columns = [...SAMPLE_COLUMNS, ...features, ...(this.#history?.columns ?? [])];
    const builder = new ColumnBuilder(label === undefined ? columns : [...columns, label.column]);
    const counts = { unlabelled: 0, labelInWindow: 0 };
    for (const session of this.#sessions.values()) {
      const cells = [
        ...session.identity,
        ...SESSION_FEATURES.map(({ read }) => read(session.window)),
        ...session.history,
      ];
      const own = label?.cellOf(session.label);
      if (label !== undefined && own === undefined) {
        counts.unlabelled++;
        continue;
      }
      if (session.labelInWindow) counts.labelInWindow++;
      builder.add(own === undefined ? cells : [...cells, own], session.place);
    }
    return {
      table: builder.finish(file, '@timestamp'),
      ...counts,
      withoutSession: this.#withoutSession,
      unmatched: label?.labeller.unmatched() ?? 0,
    };
  }

  #sessionOf(event: EventFields, position: number): OpenSession {
    const sensor = String(event['observer.name'] ?? '');
    // Two sensors may give the same name to a session of theirs.
    const key = `${sensor}\0${event.session}`;
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const startMs = event['@timestamp'] as number;
    const session: OpenSession = {
      window: new SessionWindow(startMs),
      identity: [startMs, sensor, String(event.session), (event['source.ip'] as string | undefined) ?? null],
      history: this.#history?.cells() ?? [],
      place: { position, line: Number(event['log.line'] ?? 0) },
      isOpen: true,
      label: undefined,
      labelInWindow: false,
    };
    this.#sessions.set(key, session);
    return session;
  }
}
