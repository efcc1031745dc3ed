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
import { ColumnBuilder } from './column-builder.js';
import { type EventMatcher, eventMatcher } from './event-condition.js';
import type { LabelSource } from './label-source.js';
import { SAMPLE_COLUMNS } from './sample-columns.js';
import { HISTORY_FIELDS, SampleHistory } from './sample-history.js';
import type { SampleSpec } from './sample-spec.js';

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

/** Returns the columns of an event; what the label is read from, and what is made of that, defines the label. */
function columnsBeside(label: LabelSource | undefined): TableColumn[] {
  // A joined label is read from another event.
  const read: ReadonlySet<string> = new Set(label?.labeller.needsPass === false ? label.labeller.fields : []);
  const defining = (column: TableColumn, sources: readonly string[]): TableColumn =>
    sources.some((name) => read.has(name))
      ? { ...column, role: 'label-defining', reason: 'the label is made of it' }
      : column;
  return [
    ...PLAIN_COLUMNS.map((column) => defining(column, [column.name])),
    ...MADE_COLUMNS.map((column, i) => defining(column, MADE[i]!.columns)),
  ];
}

/**
 * Makes one sample of each event: its fields, the features that are made of them, and what came before it from its source
 * and in its session. Events come in the order of time.
 */
export class EventSamples implements SampleBuilder {
  readonly #where: EventMatcher | undefined;
  readonly #label: LabelSource | undefined;
  readonly #history: SampleHistory | undefined;
  readonly #builder: ColumnBuilder;
  #position = 0;
  #unlabelled = 0;

  constructor({ where, history = true }: SampleSpec, label: LabelSource | undefined) {
    this.#where = where === undefined ? undefined : eventMatcher(where, 'sample.where');
    this.#label = label;
    this.#history = history ? new SampleHistory(['source', 'session']) : undefined;
    const columns = [...SAMPLE_COLUMNS, ...columnsBeside(label), ...(this.#history?.columns ?? [])];
    this.#builder = new ColumnBuilder(label === undefined ? columns : [...columns, label.column]);
  }

  get fields(): readonly EventFieldName[] {
    const made = MADE.flatMap(({ columns }) => columns as readonly EventFieldName[]);
    const own: readonly EventFieldName[] = ['log.line', 'log.file.path', 'payload.statistics', 'session'];
    const matchers = [this.#where, this.#label?.labeller].flatMap((matcher) => matcher?.fields ?? []);
    return [...own, ...PLAIN.map(({ name }) => name), ...made, ...HISTORY_FIELDS, ...matchers];
  }

  see(event: EventFields): void {
    const position = this.#position++;
    this.#history?.observe(event, position);
    if (this.#where?.matches(event) === false) return;
    const label = this.#label?.cellOf(this.#label.labeller.labelOf(event));
    if (this.#label !== undefined && label === undefined) {
      this.#unlabelled++;
      return;
    }
    const line = Number(event['log.line'] ?? 0);
    const whole = asEvent(event, { position, line });
    const cells: (number | string | null)[] = [
      event['@timestamp'] as number,
      ...SAMPLE_COLUMNS.slice(1).map(({ name }) => textOf(event[name as EventFieldName])),
      ...PLAIN.map(({ name }, i) => cellOf(event[name], PLAIN_COLUMNS[i]!.type)),
      ...MADE.map((definition) => madeCell(definition, whole)),
      ...(this.#history?.cells() ?? []),
    ];
    this.#builder.add(label === undefined ? cells : [...cells, label], { position, line });
  }

  finish(file: string): BuiltSamples {
    return {
      table: this.#builder.finish(file, '@timestamp'),
      unlabelled: this.#unlabelled,
      withoutSession: 0,
      labelInWindow: 0,
      unmatched: this.#label?.labeller.unmatched() ?? 0,
    };
  }
}

function asEvent(
  fields: EventFields,
  { position, line }: { readonly position: number; readonly line: number },
): HoneypotEvent {
  const statistics = fields['payload.statistics'];
  const payload = typeof statistics === 'string' ? parsePayloadStatistics(statistics) : undefined;
  return {
    ...{ position, line, payload: payload ?? null },
    file: String(fields['log.file.path'] ?? ''),
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
