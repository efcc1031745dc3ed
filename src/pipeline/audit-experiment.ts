import { type Audit, auditData, type DataAudit, type LabelInWindow } from '../audit/index.js';
import { PhantomNetError } from '../core/index.js';
import { auditInput } from './audit-input.js';
import type { ExperimentConfig } from './config.js';
import type { LabelledSamples, Recipe, Scored } from './fit-detector.js';
import { eventColumns, fitPipeline, tableColumns } from './fit-features.js';
import { isTable } from './samples.js';

/** Tag of a run that names the audits it was allowed to fail. */
export const ALLOWED_TAG = 'phantomnet.audit.allowed';
/** Artifact of a run that holds what its audits found. */
export const AUDIT_FILE = 'audit.json';

/** Labelled samples, with those that test where that is settled. */
interface AuditedRows {
  readonly train: LabelledSamples;
  readonly test: LabelledSamples | undefined;
  /** Of samples made of events. */
  readonly labelInWindow?: LabelInWindow | undefined;
}

/**
 * Returns what the audits say of labelled samples, asked about the columns that the recipe reads, or about every column of
 * the data: what if it were used?
 */
export function auditSamples(
  config: ExperimentConfig,
  recipe: Recipe,
  { train, test, labelInWindow }: AuditedRows,
  asked: 'columns-read' | 'every-column' = 'columns-read',
): DataAudit {
  const { samples } = train;
  const columns = isTable(samples)
    ? tableColumns(recipe, samples.source).map(({ name }) => name)
    : eventColumns(recipe);
  const pipeline = isTable(samples) ? undefined : fitPipeline(recipe, samples);
  return auditData(
    auditInput(train, {
      label: config.label.target,
      used: asked === 'every-column' ? undefined : columns,
      // Samples of events know what came before them.
      reach: recipe.sampling === undefined ? 'row' : 'history',
      baseRate: config.audit.baseRate,
      randomState: config.split.randomState,
      test,
      labelInWindow,
      features: pipeline && ((rows) => pipeline.transform(isTable(rows) ? [] : rows)),
    }),
  );
}

/** Returns what the audits say once a model has scored the test rows. */
export function auditScored(audit: DataAudit, { yTrue, yPred }: Scored): Audit[] {
  return audit.withScore(Uint8Array.from(yTrue, (code, i) => (code === yPred[i] ? 1 : 0)));
}

/** Returns the audits that block and are not allowed to. */
export function blocking(audits: readonly Audit[], { audit }: Pick<ExperimentConfig, 'audit'>): Audit[] {
  return audits.filter(({ name, verdict }) => verdict === 'block' && !audit.allow.includes(name));
}

/** Throws CHECK_FAILED, with audit, columns, evidence and fix, where an audit blocks that is not allowed to. */
export function checkAudits(audits: readonly Audit[], config: ExperimentConfig): void {
  const blocked = blocking(audits, config);
  if (blocked.length === 0) return;
  const told = blocked.map(({ name, evidence }) => `audit ${name}: ${evidence.words}`);
  const allow = blocked.map(({ name }) => `--allow ${name}`).join(' ');
  throw new PhantomNetError('CHECK_FAILED', `stopped before training: ${told.join('; ')}`, {
    hint: `${blocked.map(({ fix }) => fix).join('; ')}; to train all the same, ${allow}`,
    details: { audits: blocked },
  });
}

/** Returns a warning for each audit that warns, or blocks; one that was allowed to says so. */
export function auditNotes(audits: readonly Audit[], { audit }: Pick<ExperimentConfig, 'audit'>): string[] {
  return audits.flatMap(({ name, verdict, evidence }) => {
    const isAllowed = audit.allow.includes(name);
    if (verdict === 'block')
      return [`audit ${name}${isAllowed ? ', which was allowed' : ' blocks'}: ${evidence.words}`];
    return verdict === 'warn' ? [`audit ${name}: ${evidence.words}`] : [];
  });
}

/** Returns how many audits warn or block, in words. */
export function auditCount(audits: readonly Audit[], config: Pick<ExperimentConfig, 'audit'>): string {
  const nNotes = auditNotes(audits, config).length;
  return nNotes === 1 ? '1 warning' : `${nNotes} warnings`;
}
