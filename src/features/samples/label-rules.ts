import { PhantomNetError } from '../../core/index.js';
import type { EventFieldName, EventFields } from '../../data/index.js';
import { type EventMatcher, eventFieldNamed, eventMatcher } from './event-condition.js';
import { type EventLabeller, LabelClasses, NO_PASS } from './event-labeller.js';
import { JoinLabeller } from './join-labels.js';
import type { LabelRule } from './sample-spec.js';
import { byTaxonomy } from './taxonomies.js';

const RULES = ['when', 'field', 'join', 'taxonomy'] as const;
const HINT =
  'give one of label.when (a condition), label.field (a field of the event), label.join (a field of another event) and label.taxonomy (attack-technique, session-stage)';

/** Returns what labels events by a rule. Throws INVALID_CONFIG, naming the key, for a rule that says nothing or too much. */
export function eventLabeller(rule: LabelRule): EventLabeller {
  const given = RULES.filter((key) => rule[key] !== undefined);
  if (given.length === 0) throw invalidRule('no rule says what it is', HINT, given);
  if (given.length > 1) throw invalidRule(`${given.join(' and ')} both say what it is`, HINT, given);
  if (rule.classes !== undefined && rule.when !== undefined)
    throw invalidRule('a condition makes the classes 0 and 1, so classes say nothing', 'leave classes out', [
      'when',
      'classes',
    ]);
  if (rule.taxonomy !== undefined) return byTaxonomy(rule.taxonomy, rule.classes);
  if (rule.when !== undefined) return byCondition(eventMatcher(rule.when, 'label.when'));
  if (rule.join !== undefined) return new JoinLabeller(rule.join, rule.classes);
  return byField(eventFieldNamed(rule.field!, 'label.field'), new LabelClasses(rule.classes));
}

function invalidRule(message: string, hint: string, given: readonly string[]): PhantomNetError {
  return new PhantomNetError('INVALID_CONFIG', `label: ${message}`, {
    hint,
    details: { key: 'label', given },
  });
}

function byCondition({ fields, matches }: EventMatcher): EventLabeller {
  const labelOf = (event: EventFields) => (matches(event) ? { label: '1' } : undefined);
  return { ...NO_PASS, fields, labelOf, holds: matches, otherwise: '0' };
}

function byField(field: EventFieldName, classes: LabelClasses): EventLabeller {
  const labelOf = (event: EventFields) => {
    const label = classes.of(event[field]);
    return label === undefined ? undefined : { label };
  };
  // A label that somebody gave the record is no part of what was seen.
  const isGiven = field === 'label' || field === 'label.detail';
  const holds = (event: EventFields) => !isGiven && labelOf(event) !== undefined;
  const unseenClasses = () => classes.unseen();
  return { ...NO_PASS, fields: [field], labelOf, holds, otherwise: undefined, unseenClasses };
}
