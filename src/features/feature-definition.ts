import type { EventFieldName, HoneypotEvent } from '../data/index.js';

/** How `payload_length` counts a missing or empty payload: 0, or 3 as pandas does when it writes it as the text `nan`. */
export type EmptyAs = 'zero' | 'nan';

/** Which `all` a feature is in: that of every log, or only that of logs in event form. By name it may be asked of any. */
export type FeatureSet = 'every-log' | 'event-form';

/** What a feature is made from and what it means; the docs are generated from these. */
export interface FeatureDescription {
  readonly name: string;
  readonly type: 'numeric' | 'categorical';
  /** The event fields the feature is read from; all of them must have the role `feature`, or `time` for the time of day. */
  readonly columns: readonly string[];
  /** Whether the value may be missing (NaN; null in a row of features). */
  readonly mayBeMissing: boolean;
  /** Whether every value is a whole number. */
  readonly isInteger: boolean;
  readonly set: FeatureSet;
  readonly description: string;
}

/** A numeric feature's reader returns NaN for a missing value and undefined for one that is present but not valid. */
export interface NumericDefinition extends FeatureDescription {
  readonly type: 'numeric';
  readonly read: (event: HoneypotEvent, emptyAs: EmptyAs) => number | undefined;
}

/** A categorical feature's reader returns the category's text, or null for a missing value. */
export interface CategoricalDefinition extends FeatureDescription {
  readonly type: 'categorical';
  readonly read: (event: HoneypotEvent) => string | null;
}

/** A feature with the code that reads it from an event. */
export type FeatureDefinition = NumericDefinition | CategoricalDefinition;

/** A feature without its name, which is its key in a list. */
export type Unnamed = Numeric | Omit<CategoricalDefinition, 'name'>;

/** Returns a maker of whole, never missing features of these columns. */
export const numeric =
  (columns: readonly EventFieldName[]) =>
  (description: string, read: NumericDefinition['read']): Numeric => ({
    type: 'numeric',
    columns,
    mayBeMissing: false,
    isInteger: true,
    set: 'every-log',
    description,
    read,
  });

/** Returns a categorical feature that is what `read` makes of a field's text; where that is empty, it is missing. */
export const category = (
  field: EventFieldName,
  description: string,
  read: (text: string) => string | null,
): Omit<CategoricalDefinition, 'name'> => ({
  type: 'categorical',
  columns: [field],
  mayBeMissing: true,
  isInteger: false,
  set: 'every-log',
  description,
  read: (event) => {
    const text = textOf(event, field).trim();
    return text === '' ? null : read(text) || null;
  },
});

/** Returns the text of a field, empty where there is none. */
export function textOf(event: HoneypotEvent, field: EventFieldName): string {
  const value = event.fields[field];
  return typeof value === 'string' ? value : '';
}

/** Returns a part as a share of a whole, 0 of nothing. */
export const share = (count: number, length: number): number => (length === 0 ? 0 : count / length);

/** A numeric feature without its name. */
export type Numeric = Omit<NumericDefinition, 'name'>;

/** Returns a numeric feature whose values are not whole. */
export const fraction = (definition: Numeric): Numeric => ({ ...definition, isInteger: false });

/** Returns a function that keeps what it found of the last text: features of one event read one text, one after another. */
export function rememberLast<Facts>(measure: (text: string) => Facts): (text: string) => Facts {
  let last = '';
  let facts = measure(last);
  return (text) => {
    if (text !== last) {
      facts = measure(text);
      last = text;
    }
    return facts;
  };
}
