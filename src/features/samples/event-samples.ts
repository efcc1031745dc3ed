import { PhantomNetError } from '../../core/index.js';
import {
  EVENT_FIELDS,
  type EventField,
  type EventFieldName,
  type EventFields,
  type EventValue,
  type HoneypotEvent,
  parsePayloadStatistics,
  type TableColumn,
} from '../../data/index.js';
import { CATALOGUE } from '../catalogue.js';
import type { FeatureDefinition } from '../feature-definition.js';
import type { BuiltSamples, SampleBuilder } from './built-samples.js';
import { ColumnBuilder, placeOfEvent, type SamplePlace } from './column-builder.js';
import { type EventMatcher, eventMatcher } from './event-condition.js';
import type { LabelSource } from './label-source.js';
import { SAMPLE_COLUMNS, withLabel } from './sample-columns.js';
import { HISTORY_FIELDS, SampleHistory } from './sample-history.js';
import type { SampleSpec } from './sample-spec.js';
import type { SampleState } from './sample-state.js';

const NUMBERS: ReadonlySet<string> = new Set(['port', 'integer', 'number']);
const SAMPLE_NAMES: ReadonlySet<string> = new Set(SAMPLE_COLUMNS.map(({ name }) => name));

/** Fields that are columns as they are: all but those every sample has, and long texts, of which features are made. */
const TEXTS: ReadonlySet<string> = new Set([
  'payload',
  'payload.statistics',
  'process.command_line',
  'url.original',
  'event.original',
  'event.hash',
  'log.file.path',
  'log.line',
  'credential.text',
  'credential.hmac',
  'event.id',
]);
const PLAIN: readonly (EventField & { readonly name: EventFieldName })[] = EVENT_FIELDS.filter(
  ({ name }) => !SAMPLE_NAMES.has(name) && !TEXTS.has(name),
);

const PLAIN_COLUMNS: readonly TableColumn[] = PLAIN.map(({ name, type, role, description }) => ({
  name,
  role,
  reason: description,
  type: NUMBERS.has(type) ? 'numeric' : 'categorical',
  // A duration in nanoseconds is a measure: nothing hangs on its last digits, which single precision has not.
  isInteger: type !== 'number' && NUMBERS.has(type) && name !== 'event.duration',
}));

const MADE: readonly FeatureDefinition[] = [...CATALOGUE.values()];
const MADE_COLUMNS: readonly TableColumn[] = MADE.map(({ name, type, isInteger, description }) => ({
  ...{ name, type, isInteger },
  role: 'feature',
  reason: description,
}));

/**
 * Makes one sample of each event: its fields, the features that are made of them, and what came before it from its source
 * and in its session. Events come in the order of time.
 */
export class EventSamples implements SampleBuilder {
  readonly #where: EventMatcher | undefined;
  readonly #label: LabelSource | undefined;
  readonly #history: SampleHistory | undefined;
  readonly #builder: ColumnBuilder;
  readonly #plain: readonly TableColumn[];
  readonly #late = new Set<number>();
  #position = 0;
  readonly #counts = { unlabelled: 0, labelInWindow: 0 };

  constructor(
    { where, until, maxSeconds, history = true }: SampleSpec,
    label: LabelSource | undefined,
    state?: SampleState,
  ) {
    if (until !== undefined || maxSeconds !== undefined)
      throw forSessions(until === undefined ? 'maxSeconds' : 'until');
    this.#where = where === undefined ? undefined : eventMatcher(where, 'sample.where');
    this.#label = label;
    this.#history = history ? new SampleHistory(['source', 'session'], state) : undefined;
    this.#plain = PLAIN_COLUMNS.filter(
      ({ name }) => name !== label?.column.name || !isOfLabel([name], label),
    );
    const own = [...this.#plain, ...MADE_COLUMNS].map((column) => withRole(column, label));
    this.#builder = new ColumnBuilder(
      withLabel([...SAMPLE_COLUMNS, ...own, ...(this.#history?.columns ?? [])], label),
    );
  }

  get fields(): readonly EventFieldName[] {
    const made = MADE.flatMap(({ columns }) => columns as readonly EventFieldName[]);
    const own: readonly EventFieldName[] = ['log.line', 'log.file.path', 'payload.statistics', 'session'];
    const matchers = [this.#where, this.#label?.labeller].flatMap((matcher) => matcher?.fields ?? []);
    return [...own, ...PLAIN.map(({ name }) => name), ...made, ...HISTORY_FIELDS, ...matchers];
  }

  learn(event: EventFields): void {
    this.#label?.labeller.learn(event, { isSeen: this.#where?.matches(event) !== false });
  }

  see(event: EventFields): void {
    const position = this.#position++;
    if (this.#where?.matches(event) === false) return;
    const take = (): void => this.#take(event, position);
    if (this.#history === undefined) take();
    else this.#history.observe(event, take);
  }

  #take(event: EventFields, position: number): void {
    if (this.#history?.isLate === true) this.#late.add(position);
    const source = this.#label;
    // An event that holds the label of others is no sample itself.
    if (source?.labeller.needsPass === true && source.labeller.holds(event)) return;
    const given = source?.labeller.labelOf(event);
    const isLeftOut = given === undefined && source?.labeller.leavesOut?.(event) === true;
    const label = isLeftOut ? undefined : source?.cellOf(given?.label);
    if (source !== undefined && label === undefined) {
      this.#counts.unlabelled++;
      return;
    }
    const isKnown = given?.heldMs !== undefined && given.heldMs <= (event['@timestamp'] as number);
    if (isKnown && this.#history !== undefined) this.#counts.labelInWindow++;
    this.#add(event, position, label);
  }

  #add(event: EventFields, position: number, label: number | string | undefined): void {
    const place = placeOfEvent(event, position);
    const whole = asEvent(event, place);
    const cells: (number | string | null)[] = [
      event['@timestamp'] as number,
      ...SAMPLE_COLUMNS.slice(1).map(({ name }) => textOf(event[name as EventFieldName])),
      ...this.#plain.map(({ name, type }) => cellOf(event[name as EventFieldName], type)),
      ...MADE.map((definition) => madeCell(definition, whole)),
      ...(this.#history?.cells() ?? []),
    ];
    this.#builder.add(label === undefined ? cells : [...cells, label], place);
  }

  finish(file: string): BuiltSamples {
    const state = this.#history?.finish();
    return {
      table: this.#builder.finish(file, '@timestamp'),
      ...this.#counts,
      withoutSession: 0,
      ambiguous: 0,
      ended: [],
      unseenClasses: this.#label?.labeller.unseenClasses?.() ?? [],
      unmatched: this.#label?.labeller.unmatched() ?? 0,
      late: this.#late,
      continued: 0,
      state,
    };
  }
}

function forSessions(key: string): PhantomNetError {
  return new PhantomNetError('INVALID_CONFIG', `sample.${key}: an event has no window`, {
    hint: `leave ${key} out, or give sample.unit: session`,
    details: { key: `sample.${key}` },
  });
}

/** Whether a label is read from one of these fields of the event itself. */
function isOfLabel(fields: readonly string[], label: LabelSource | undefined): boolean {
  if (label === undefined || label.labeller.needsPass) return false;
  return fields.some((field) => label.labeller.fields.includes(field as EventFieldName));
}

/** Returns a column, which is no feature where the label is read from what it is made of. */
function withRole(column: TableColumn, label: LabelSource | undefined): TableColumn {
  const fields = CATALOGUE.get(column.name)?.columns ?? [column.name];
  if (!isOfLabel(fields, label)) return column;
  return { ...column, role: 'label-defining', reason: `the label is made of ${fields.join(', ')}` };
}

function asEvent(fields: EventFields, place: SamplePlace): HoneypotEvent {
  const statistics = fields['payload.statistics'];
  const payload = typeof statistics === 'string' ? parsePayloadStatistics(statistics) : undefined;
  return {
    ...place,
    payload: payload ?? null,
    fields: fields as HoneypotEvent['fields'],
  };
}

function madeCell(definition: FeatureDefinition, event: HoneypotEvent): number | string | null {
  return definition.type === 'numeric'
    ? (definition.read(event, 'zero') ?? Number.NaN)
    : definition.read(event);
}

const textOf = (value: EventValue | undefined): string | null =>
  value === undefined || value === null ? null : String(value);

function cellOf(value: EventValue | undefined, type: TableColumn['type']): number | string | null {
  if (type === 'categorical') return textOf(value);
  return typeof value === 'number' ? value : Number.NaN;
}
