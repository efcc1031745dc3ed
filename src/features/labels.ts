import { didYouMean, invalidParameter, PhantomNetError, show } from '../core/index.js';
import {
  eventFieldName,
  fieldSpellings,
  fieldText,
  type HoneypotEvent,
  isEventForm,
  type Labels,
} from '../data/index.js';

/** The events that the week-6 rule calls an attack. */
export const ATTACK_EVENTS: readonly string[] = [
  'login_failed',
  'sqli_attempt',
  'command',
  'connect',
  'mail_from',
  'rcpt_to',
  'data',
];

/** The name of the binary label that is made from the field `event.action`. */
export const IS_ATTACK = 'is_attack';

/** Class codes are 16 bits wide. */
const MAX_CLASSES = 65_535;

/** Which label to give. */
export interface LabelOptions {
  /** `is_attack` (the default), or the name of a field or week-6 column. */
  readonly label?: string;
  /** The events that are attacks, for `is_attack`; default ATTACK_EVENTS. */
  readonly attackEvents?: readonly string[];
}

/** How many samples a class has. */
export interface ClassCount {
  readonly class: number | string;
  readonly count: number;
}

/**
 * Returns the label that `options.label` names, of each event.
 * Throws as isAttackLabels and columnLabels do.
 */
export function labelEvents(events: readonly HoneypotEvent[], options: LabelOptions = {}): Labels {
  const { label = IS_ATTACK, attackEvents = ATTACK_EVENTS } = options;
  return label === IS_ATTACK ? isAttackLabels(events, { attackEvents }) : columnLabels(events, label);
}

/**
 * Returns 1 for each event whose `event.action` is one of `attackEvents`, else 0; the classes are always [0, 1].
 * Throws BAD_DATA, with file and line, where it is missing, and INVALID_PARAMETER for an empty list.
 */
export function isAttackLabels(
  events: readonly HoneypotEvent[],
  options: { readonly attackEvents?: readonly string[] } = {},
): Labels {
  const { attackEvents = ATTACK_EVENTS } = options;
  if (attackEvents.length === 0) invalidParameter('attackEvents', 'at least one event name', attackEvents);
  const attacks = new Set(attackEvents);
  const codes = Uint16Array.from(events, (event) => (attacks.has(labelText(event, 'event.action')) ? 1 : 0));
  return { classes: [0, 1], codes };
}

/**
 * Returns the text of `column`, a field or week-6 column, as a multiclass label; classes are sorted by text (UTF-16 code
 * units).
 * Throws BAD_DATA, with file and line, where the column is missing and for more than 65,535 classes, and NOT_FOUND for a
 * column that the events do not have.
 */
export function columnLabels(events: readonly HoneypotEvent[], column: string): Labels {
  return codesOf(
    events.map((event) => labelText(event, column)),
    column,
  );
}

/**
 * Returns labels coded by `classes`, by default those that occur, sorted by text (UTF-16 code units). Throws BAD_DATA,
 * naming the column, for more than 65,535 classes.
 */
export function codesOf(
  labels: readonly (number | string)[],
  column: string,
  classes: Labels['classes'] = [...new Set(labels)].sort(),
): Labels {
  if (classes.length > MAX_CLASSES)
    throw new PhantomNetError(
      'BAD_DATA',
      `label: column ${show(column)} has ${classes.length} classes, at most ${MAX_CLASSES} are possible`,
      { hint: 'choose a column with few values', details: { column, classes: classes.length } },
    );
  const codes = new Map(classes.map((label, code) => [label, code]));
  return { classes, codes: Uint16Array.from(labels, (label) => codes.get(label)!) };
}

/** Returns the number of samples of every class, in the order of the classes. */
export function countClasses(labels: Labels): ClassCount[] {
  const counts = new Array<number>(labels.classes.length).fill(0);
  for (const code of labels.codes) counts[code] = counts[code]! + 1;
  return labels.classes.map((label, code) => ({ class: label, count: counts[code]! }));
}

function labelText(event: HoneypotEvent, column: string): string {
  const field = eventFieldName(column);
  if (!Object.hasOwn(event.fields, field) && !isEventForm(event.fields)) noColumn(event, column);
  const value = event.fields[field];
  if (value !== null && value !== undefined) return fieldText(field, value);
  throw new PhantomNetError(
    'BAD_DATA',
    `${event.file} line ${event.line}: column ${show(column)} is missing, and the label is made from it`,
    {
      hint: 'fill the column in, or leave the row out',
      details: { file: event.file, line: event.line, column },
    },
  );
}

function noColumn(event: HoneypotEvent, column: string): never {
  const columns = Object.keys(event.fields);
  const names = columns.flatMap(fieldSpellings);
  throw new PhantomNetError('NOT_FOUND', `label: no column ${show(column)} in ${event.file}`, {
    hint: didYouMean(column, [...names, IS_ATTACK]) ?? `choose ${IS_ATTACK} or one of ${columns.join(', ')}`,
    details: { column, file: event.file, line: event.line },
  });
}
