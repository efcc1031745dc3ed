import type { Audit, LabelInWindow, Verdict } from '../audit/index.js';
import { given } from '../core/index.js';
import { isEventFile } from '../ingest/index.js';
import { auditSamples, blocking } from './audit-experiment.js';
import { refuseClasses } from './check-config.js';
import {
  type ExperimentConfig,
  type ExperimentConfigInput,
  experimentConfigSchema,
  parseConfig,
} from './config.js';
import type { LabelledSamples } from './fit-detector.js';
import { settleRecipe } from './fit-features.js';
import { type LabelledData, readLabelled, readLabelledData } from './labelled-data.js';
import { dataPath, type SampleData, settleTableFormat } from './read-data.js';
import { recipeOf } from './recipe.js';
import type { OnRead } from './sample-data.js';
import { countSamples } from './samples.js';
import { requireSampleRule, requireTwoClasses } from './sensor-logs.js';

/** What the audits found in a file: what `audit` prints as JSON. */
export interface AuditReport {
  readonly file: string;
  /** The file whose rows test, where one was named. */
  readonly test: string | null;
  readonly label: string;
  readonly classes: readonly (number | string)[];
  readonly rows: number;
  /** Which columns the audits were asked about: every one, as if a model read it, or those that the config names as features. */
  readonly asked: 'columns-read' | 'every-column';
  /** The worst of all verdicts. */
  readonly verdict: Verdict;
  /** Whether no audit blocks but those that are allowed to. */
  readonly passed: boolean;
  /** Names of the audits that block and are allowed to. */
  readonly allowed: readonly string[];
  readonly audits: readonly Audit[];
}

/**
 * Returns what the audits say of a labelled file, and of a test file or split where the config names one. Where it names no
 * features they are asked what would be if every column were used. A CSV file that is none of events is a table of rows.
 * `onRead` is told how much of logs is read so far. Throws BAD_DATA and NOT_FOUND as reading and labelling do.
 */
export async function auditFile(input: ExperimentConfigInput, onRead?: OnRead): Promise<AuditReport> {
  const parsed = parseConfig(experimentConfigSchema, input, 'config');
  refuseClasses(parsed.label);
  const config = await settleFormat({ ...parsed, data: await settleTableFormat(parsed.data) });
  const rows = await readRows(config, onRead);
  const { train, test } = rows;
  const recipe = settleRecipe(recipeOf(config), train);
  const asked = config.features.names === 'all' ? 'every-column' : 'columns-read';
  const { audits } = auditSamples(config, recipe, rows, asked);
  const blocked = blocking(audits, config);
  return {
    file: dataPath(config.data),
    test: config.data.test ?? null,
    label: config.label.target,
    classes: (test ?? train).labels.classes,
    rows: countSamples(train.samples) + (test === undefined ? 0 : countSamples(test.samples)),
    asked,
    passed: blocked.length === 0,
    allowed: audits.flatMap((one) => (one.verdict === 'block' && !blocked.includes(one) ? one.name : [])),
    verdict: worstOf(audits),
    audits,
  };
}

async function settleFormat(config: ExperimentConfig): Promise<ExperimentConfig> {
  const { format } = config.data;
  const path = dataPath(config.data);
  if (config.sample !== undefined || format !== undefined || path === '-') return config;
  await requireSampleRule(config);
  if (await isEventFile(path)) return config;
  return { ...config, data: { ...config.data, format: 'table' } };
}

/** Labelled samples with how they were made, and those that test where that is settled. */
interface ReadRows {
  readonly train: LabelledSamples & Pick<SampleData, 'sampling'>;
  readonly test: LabelledSamples | undefined;
  readonly labelInWindow: LabelInWindow | undefined;
}

async function readRows(config: ExperimentConfig, onRead?: OnRead): Promise<ReadRows> {
  if (config.data.test !== undefined || config.split.method !== undefined)
    return withSampling(await readLabelledData(config, recipeOf(config), onRead));
  const { source, all, labelInWindow, datasets } = await readLabelled(config, onRead);
  // Of a table the audits say what one class comes to; of logs nothing says yet what the classes are.
  if (datasets.length > 0) requireTwoClasses(all, config, datasets);
  return { train: { ...all, ...given({ sampling: source.sampling }) }, test: undefined, labelInWindow };
}

function withSampling({ source, train, test, labelInWindow }: LabelledData): ReadRows {
  return { train: { ...train, ...given({ sampling: source.sampling }) }, test, labelInWindow };
}

function worstOf(audits: readonly Audit[]): Verdict {
  const verdicts = audits.map(({ verdict }) => verdict);
  return (
    (['block', 'warn', 'pass'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'not-applicable'
  );
}
