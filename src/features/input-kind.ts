import { PhantomNetError, show } from '../core/index.js';
import { EVENT_FIELDS, eventFieldName, type FeatureSpec } from '../data/index.js';
import { CATALOGUE } from './catalogue.js';
import type { FeaturePipeline } from './pipeline.js';

/** A batch is of raw events or of rows of the model's features, never of both. */
export type InputKind = 'events' | 'rows';

/** A record with one of these fields is a raw event; no feature has such a name. */
const EVENT_MARKS: ReadonlySet<string> = new Set([
  'honeypot_type',
  'event',
  'data',
  ...EVENT_FIELDS.map(({ name }) => name).filter((name) => name.includes('.') || name === '@timestamp'),
  'payload',
]);

/** Features whose name is no column too, as port and method are. */
const FEATURES_ONLY = new Set([...CATALOGUE.keys()].filter((name) => eventFieldName(name) === name));

/** Returns what a value is, for a message: never the text itself, which may hold a secret. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'text' : show(value);
}

/** Returns a record's own fields. Throws BAD_DATA, naming the row, for anything but a JSON object. */
export function fieldsOf(record: unknown, row: number): Readonly<Record<string, unknown>> {
  if (record !== null && typeof record === 'object' && !Array.isArray(record))
    return record as Readonly<Record<string, unknown>>;
  throw new PhantomNetError('BAD_DATA', `row ${row}: expected an object, got ${kindOf(record)}`, {
    hint: 'give a list of objects: [{"payload_length": 120}]',
    details: { row },
  });
}

/**
 * Returns what a batch of parsed JSON records is: raw events have a field honeypot_type, event or data, or one of the event
 * form such as event.action; everything else is taken as rows of features (an empty batch too). `pipeline` is undefined
 * for a model that takes rows only, and then `features` may have such a name. Throws BAD_DATA, naming row and field, for a
 * batch or a record of both, and for raw events where there is no pipeline.
 */
export function inputKindOf(
  records: readonly unknown[],
  pipeline: FeaturePipeline | undefined,
  features: readonly FeatureSpec[] = [],
): InputKind {
  let batch: InputKind | undefined;
  const own = new Set(pipeline === undefined ? features.map(({ name }) => name) : []);
  records.forEach((record, row) => {
    const fields = fieldsOf(record, row);
    const mark = Object.keys(fields).find((field) => EVENT_MARKS.has(field) && !own.has(field));
    const kind: InputKind = mark === undefined ? 'rows' : 'events';
    if (mark !== undefined && pipeline === undefined)
      fail(row, mark, `is a field of a raw event, and this model takes only rows of its features`);
    const feature = Object.keys(fields).find((field) => FEATURES_ONLY.has(field));
    if (mark !== undefined && feature !== undefined)
      fail(row, feature, `is a feature, but field ${show(mark)} makes the row a raw event`);
    if (batch !== undefined && batch !== kind)
      fail(
        row,
        mark ?? Object.keys(fields)[0] ?? '',
        `makes it one of ${kind}, but row 0 is one of ${batch}`,
      );
    batch = kind;
  });
  return batch ?? 'rows';
}

function fail(row: number, field: string, what: string): never {
  throw new PhantomNetError('BAD_DATA', `row ${row}: field ${show(field)} ${what}`, {
    hint: 'give only raw events or only rows of the features that the signature names',
    details: { row, field },
  });
}
