import type { EventFieldName, EventFields, EventValue, Table } from '#src/data/index.js';
import {
  type BuiltSamples,
  createLabelSource,
  createSampleBuilder,
  type LabelRule,
  type SampleSpec,
} from '#src/features/index.js';

/** An event of sensor s1 and session a from 192.0.2.1 at so many seconds, but for what is given. */
export function eventAt(seconds: number, given: EventFields = {}): EventFields {
  return {
    '@timestamp': seconds * 1000,
    'event.dataset': 'cowrie',
    'event.action': 'cowrie.session.connect',
    'event.category': 'session',
    'observer.name': 's1',
    session: 'a',
    'source.ip': '192.0.2.1',
    ...given,
  };
}

/** A log-in try, which fails unless it is said to succeed. */
export function loginAt(seconds: number, given: EventFields = {}): EventFields {
  const outcome = given['event.outcome'] ?? 'failure';
  return eventAt(seconds, {
    'event.action': `cowrie.login.${outcome === 'success' ? 'success' : 'failed'}`,
    'event.category': 'authentication',
    'event.outcome': outcome,
    ...given,
  });
}

/** A command that was typed. */
export function commandAt(seconds: number, line: string, given: EventFields = {}): EventFields {
  return eventAt(seconds, {
    'event.action': 'cowrie.command.input',
    'event.category': 'process',
    'process.command_line': line,
    ...given,
  });
}

/** Builds samples of events as they come, after they were learnt from where the label needs it. */
export function build(
  spec: SampleSpec,
  events: readonly EventFields[],
  rule?: LabelRule,
  target = 'y',
): BuiltSamples {
  const label = rule === undefined ? undefined : createLabelSource(target, rule);
  const builder = createSampleBuilder(spec, label);
  if (label?.labeller.needsPass === true) for (const event of events) builder.learn(event);
  for (const event of events) builder.see(event);
  return builder.finish('events.parquet');
}

/** The cells of a column. */
export function column({ values }: Table, name: string): (number | string | null)[] {
  const cells = values.get(name);
  if (cells === undefined) throw new Error(`no column ${name} in ${[...values.keys()].join(', ')}`);
  return [...cells];
}

/** The features of a row by name. */
export function featuresOf(table: Table, row: number): Record<string, number | string | null> {
  const features = table.source.columns.filter(({ role }) => role === 'feature');
  return Object.fromEntries(features.map(({ name }) => [name, table.values.get(name)![row]!]));
}

/** Values of the fields that an event may have. */
export type Given = Partial<Record<EventFieldName, EventValue>>;
