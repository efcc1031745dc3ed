/**
 * Takes labelled raw rows by column, with the role of each column and how the rows are split, and gives verdicts on them:
 * block, warn, pass or not applicable, each with its evidence and what to do.
 * Never reads a file, never trains, never changes or drops a row.
 */
export {
  AUDIT_NAMES,
  type Audit,
  type AuditColumn,
  type AuditInput,
  type AuditName,
  type LabelInWindow,
  type Verdict,
} from './audit.js';
export { auditData, type DataAudit } from './audit-data.js';
export { binomialUpperTail } from './binomial.js';
