import { PhantomNetError, show } from '../core/index.js';
import type { TableSource } from '../data/index.js';
import { checkTableLabel } from '../features/index.js';
import { isTableFormat } from '../ingest/index.js';
import type { ExperimentConfig } from './config.js';
import { type Recipe, resolveParams } from './fit-detector.js';
import { checkFeatures } from './fit-features.js';
import { hasLabelRule } from './sample-data.js';

/** Throws INVALID_PARAMETER for what cannot be done, before anything is read. */
export function checkConfig(config: ExperimentConfig, recipe: Recipe): void {
  if (config.sample !== undefined) checkSampleConfig(config);
  else checkRowConfig(config, recipe);
  for (const estimator of config.baselines) resolveParams({ ...recipe, estimator, params: {} });
}

/** Samples are made of events: what they have is known once they are made, but for how they are labelled. */
function checkSampleConfig({ data, label }: ExperimentConfig): void {
  if (isTableFormat(data.format))
    refuse('sample', `${data.format} rows are samples already`, 'leave sample out, or the format');
  if (label.attackEvents !== undefined)
    refuse(
      'label.attackEvents',
      'samples of events have a label rule of their own',
      'write it as label.when, as in { event.action: [login_failed, command] }',
    );
  if (!hasLabelRule(label))
    refuse(
      'label',
      'samples of events need a rule that says their label',
      'give label.when (a condition), label.field (a field of the event) or label.join (a field of another event)',
    );
}

function checkRowConfig({ data, label }: ExperimentConfig, recipe: Recipe): void {
  if (hasLabelRule(label))
    refuse(
      'label',
      'a label rule is for samples that are made of events',
      'give sample.unit: event or session',
    );
  refuseClasses(label);
  if (data.format !== 'table') checkFeatures(recipe);
  if (isTableFormat(data.format)) checkTableConfig({ data, label }, recipe.table);
  else if (data.roles !== undefined) noRoles();
}

/** Throws INVALID_PARAMETER for classes of a label that no rule makes: nothing would read them. */
export function refuseClasses(label: ExperimentConfig['label']): void {
  if (label.classes === undefined || hasLabelRule(label)) return;
  refuse(
    'label.classes',
    `label.classes: ${show(label.target)} is a column, whose values are the classes as they are`,
    'leave classes out and put the classes together in the file, or make samples of events by a label rule (docs/how-to/label-events.md)',
  );
}

function noRoles(): never {
  refuse(
    'data.roles',
    'roles: the columns of events have roles of their own',
    'leave --role out, or read the file as rows of any columns with --format table',
  );
}

/** Of a table whose columns are told from its rows, the label is looked for once they are read. */
function checkTableConfig(
  { data, label }: Pick<ExperimentConfig, 'data' | 'label'>,
  table: TableSource | undefined,
): void {
  if (table !== undefined) checkTableLabel(table, label.target);
  if (table !== undefined && data.roles !== undefined) noRoles();
  if (label.attackEvents === undefined) return;
  refuse(
    'label.attackEvents',
    `attackEvents: ${data.format} rows are no events`,
    'leave --attack-events out: what is an attack is told by the label of each row',
  );
}

function refuse(parameter: string, message: string, hint: string): never {
  throw new PhantomNetError('INVALID_PARAMETER', message, { hint, details: { parameter } });
}
