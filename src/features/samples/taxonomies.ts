import { didYouMean, PhantomNetError, show } from '../../core/index.js';
import {
  ATTACK_STAGES,
  ATTACK_TECHNIQUES,
  type AttackTechnique,
  attackTechnique,
  TECHNIQUE_FIELDS,
} from './attack-techniques.js';
import { classOf, type EventLabeller, NO_PASS } from './event-labeller.js';
import type { LabelRule, Taxonomy } from './sample-spec.js';

/** Returns the name of an attack's technique as a class: `T1105 Ingress Tool Transfer`. */
function techniqueClass({ id, name }: Pick<AttackTechnique, 'id' | 'name'>): string {
  return `${id} ${name}`;
}

/** Returns what labels events by what they show of an attack, and sessions by the furthest of it. */
export function byTaxonomy(taxonomy: Taxonomy, classes: LabelRule['classes']): EventLabeller {
  const isStage = taxonomy === 'session-stage';
  const names = isStage
    ? ATTACK_STAGES.map((stage) => stage as string)
    : ATTACK_TECHNIQUES.map(techniqueClass);
  for (const name of Object.keys(classes ?? {}))
    if (!names.includes(name)) throw unknownName(taxonomy, name, names);
  // Classes that are put together go as far as the furthest of them.
  const ranks = new Map(names.map((name, rank) => [classOf(name, classes) ?? name, rank]));
  const labelOf = (technique: AttackTechnique | undefined) => {
    if (technique === undefined) return undefined;
    const label = classOf(isStage ? technique.stage : techniqueClass(technique), classes);
    return label === undefined ? undefined : { label };
  };
  return {
    ...NO_PASS,
    fields: TECHNIQUE_FIELDS,
    labelOf: (event) => labelOf(attackTechnique(event)),
    holds: (event) => labelOf(attackTechnique(event)) !== undefined,
    rank: (label) => ranks.get(label)!,
    otherwise: undefined,
  };
}

function unknownName(taxonomy: Taxonomy, name: string, names: readonly string[]): PhantomNetError {
  // A technique is often named by its id alone.
  const whole = names.find((known) => known.startsWith(`${name} `));
  const near = whole === undefined ? didYouMean(name, names) : `did you mean '${whole}'?`;
  return new PhantomNetError('INVALID_CONFIG', `label.classes: ${taxonomy} has no ${show(name)}`, {
    hint: near ?? `it has ${names.join(', ')}`,
    details: { key: 'label.classes' },
  });
}
