import {
  AUDIT_NAMES,
  type Audit,
  type AuditInput,
  type AuditName,
  type Finding,
  notApplicable,
} from './audit.js';
import { auditConflictingLabels } from './conflicting-labels.js';
import { auditDeclaredRoles } from './declared-roles.js';
import { auditExactDuplicates, exactCopies } from './exact-duplicates.js';
import { auditFunctionalDependence } from './functional-dependence.js';
import { auditLabelInWindow } from './label-in-window.js';
import { auditNearDuplicates, nearCopies } from './near-duplicates.js';
import { auditClassRatio, auditSourceConcentration, auditUnseenClasses } from './population.js';
import { Prepared } from './prepared.js';
import { auditScoreCeiling } from './score-ceiling.js';
import { withoutCopies } from './score-without-copies.js';
import { auditSensorShortcut } from './sensor-shortcut.js';
import { auditSeparatesAlone } from './separates-alone.js';
import { auditOneClassTest, auditOneSensorTest, auditSmallTest } from './test-slices.js';

/** What the audits found before training, and how to have them look at a score. */
export interface DataAudit {
  /** Every audit, in the order of AUDIT_NAMES; of the score there is none yet. */
  readonly audits: readonly Audit[];
  /**
   * Returns every audit again, now that a model has scored the test rows: those of copies say what the score is without
   * them, and a score above the ceiling is told. `isRight` is 1 for each test row, in the order of the split, that is right.
   */
  withScore(isRight: Uint8Array): Audit[];
}

/**
 * Returns every audit of labelled rows: what in the data would make a score too good to be true, before a model is fitted.
 * An audit that the input has nothing for is `not-applicable`. Only training rows are asked how columns and label go
 * together. Throws INVALID_PARAMETER for a column with more or fewer values than there are labels. Deterministic for a
 * `randomState`. Cost O(rows × columns × log rows).
 *
 * @example
 * ```ts
 * const { audits } = auditData({
 *   label: 'bad',
 *   labels: { classes: [0, 1], codes: Uint16Array.from({ length: 80 }, (_, i) => i % 2) },
 *   columns: [{ name: 'leak', role: 'feature', reason: 'a number', values: Float64Array.from({ length: 80 }, (_, i) => i % 2) }],
 * });
 * audits.filter((audit) => audit.verdict === 'block').map((audit) => audit.columns.join()); // ['leak']
 * ```
 */
export function auditData(input: AuditInput): DataAudit {
  const data = new Prepared(input);
  const exact = exactCopies(data);
  const near = nearCopies(data, exact);
  const found: Record<AuditName, Finding> = {
    'declared-roles': auditDeclaredRoles(data),
    'label-in-window': auditLabelInWindow(data),
    'separates-alone': auditSeparatesAlone(data),
    'functional-dependence': auditFunctionalDependence(data),
    'exact-duplicates': auditExactDuplicates(data, exact),
    'near-duplicates': auditNearDuplicates(data, near),
    'conflicting-labels': auditConflictingLabels(data),
    'unseen-classes': auditUnseenClasses(data),
    'small-test': auditSmallTest(data),
    'one-class-test': auditOneClassTest(data),
    'one-sensor-test': auditOneSensorTest(data),
    'sensor-shortcut': auditSensorShortcut(data),
    'source-concentration': auditSourceConcentration(data),
    'class-ratio': auditClassRatio(data),
    'score-above-ceiling': notApplicable('there is no score yet'),
  };
  return {
    audits: inOrder(found),
    withScore: (isRight) =>
      inOrder({
        ...found,
        'exact-duplicates': withoutCopies(found['exact-duplicates'], { isRight, copies: [exact] }),
        'near-duplicates': withoutCopies(found['near-duplicates'], { isRight, copies: [exact, near] }),
        'score-above-ceiling': auditScoreCeiling(data, isRight),
      }),
  };
}

function inOrder(found: Readonly<Record<AuditName, Finding>>): Audit[] {
  return AUDIT_NAMES.map((name) => ({ name, ...found[name] }));
}
