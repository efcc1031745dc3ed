import type { LabelInWindow } from '../audit/index.js';
import { didYouMean, given, PhantomNetError, show } from '../core/index.js';
import type { Split } from '../data/index.js';
import { columnNotes, roundingNotes } from '../features/index.js';
import type { ExperimentConfig } from './config.js';
import { requireColumns } from './event-input.js';
import { type LabelledSamples, type Recipe, takeLabelled } from './fit-detector.js';
import { eventColumns, presentFeatures, tableColumns } from './fit-features.js';
import { extendLabels, labelNotes, labelSamples, unseenClassNotes } from './label-samples.js';
import { readData, type SampleData } from './read-data.js';
import { type OnRead, readSampleData } from './sample-data.js';
import { countSamples, isTable } from './samples.js';
import { datasetsOf, honeypotNotes, joinNotes, requireSampleRule, requireTwoClasses } from './sensor-logs.js';
import { type SplitFacts, splitSamples } from './split-samples.js';

/** Labelled samples with those that train and those that test. */
export interface LabelledData {
  readonly source: SampleData;
  /** The file the test samples came from, where it is another one. */
  readonly testSource: SampleData | undefined;
  /** All samples of `source`. */
  readonly all: LabelledSamples;
  readonly train: LabelledSamples;
  /** The labels have the classes of the training samples first, then those without a training sample. */
  readonly test: LabelledSamples;
  /** How the two were chosen. */
  readonly split: SplitFacts;
  /** Warnings of the data and labels. */
  readonly notes: readonly string[];
  /** How many samples know of the event that gave their label, where they are made of events. */
  readonly labelInWindow: LabelInWindow | undefined;
}

/** The samples of one file with their labels, before they are split. */
interface LabelledSource extends Pick<LabelledData, 'source' | 'all' | 'notes' | 'labelInWindow'> {
  /** The logs that the events come from. */
  readonly datasets: readonly string[];
}

/**
 * Reads and labels the file or files that the config names and chooses the test samples: those of its test file, else by
 * the split it asks for. Throws BAD_DATA and NOT_FOUND as reading, labelling and splitting do.
 */
export async function readLabelledData(
  config: ExperimentConfig,
  recipe: Recipe,
  onRead?: OnRead,
): Promise<LabelledData> {
  const read = await readLabelled(config, onRead);
  const { source, all, labelInWindow } = read;
  requireTwoClasses(all, config, read.datasets);
  const notes = [...read.notes, ...valueNotes(recipe, source)];
  if (config.data.test !== undefined) return withTestFile(config, recipe, { ...read, notes, onRead });
  const split = splitSamples(all, config.split);
  return {
    ...{ source, testSource: undefined, all, notes, labelInWindow },
    ...sidesOf(all, split),
    split: split.facts,
  };
}

/**
 * Reads and labels the file that the config names. Throws NOT_FOUND for a role of no column, and BAD_DATA, saying what can be learnt from it, for the log of a
 * sensor without a rule for its samples.
 */
export async function readLabelled(config: ExperimentConfig, onRead?: OnRead): Promise<LabelledSource> {
  const { sample, label, data } = config;
  await requireSampleRule(config);
  const made = sample === undefined ? undefined : await readSampleData(data, { sample, label, onRead });
  const source = made ?? (await readData(data, { label: label.target }));
  const { samples } = source;
  checkRoles(data, source);
  const all = { samples, labels: labelSamples(samples, label) };
  const datasets = made?.datasets ?? datasetsOf(samples);
  const notes = [
    ...(made?.notes ?? []),
    ...labelNotes(label, samples),
    ...honeypotNotes(label, datasets),
    ...joinNotes(label, all.labels),
  ];
  return { source, all, notes, datasets, labelInWindow: made?.labelInWindow };
}

/** Throws NOT_FOUND for a role of a column that is not there: passed over, a misspelt one would stay a feature. */
function checkRoles({ roles = {} }: ExperimentConfig['data'], { samples, path }: SampleData): void {
  if (!isTable(samples)) return;
  const columns = samples.source.columns.map(({ name }) => name);
  const absent = Object.keys(roles).find((name) => !columns.includes(name));
  if (absent === undefined) return;
  throw new PhantomNetError('NOT_FOUND', `roles: no column ${show(absent)} in ${path}`, {
    hint: didYouMean(absent, columns) ?? `give --role (data.roles) one of its columns: ${columns.join(', ')}`,
    details: { parameter: 'data.roles', column: absent, columns },
  });
}

function sidesOf(all: LabelledSamples, split: Split): Pick<LabelledData, 'train' | 'test'> {
  return { train: takeLabelled(all, split.train), test: takeLabelled(all, split.test) };
}

async function withTestFile(
  { data, label, sample }: ExperimentConfig,
  recipe: Recipe,
  { source, all, notes, labelInWindow, onRead }: LabelledSource & { readonly onRead: OnRead | undefined },
): Promise<LabelledData> {
  const columns = isTable(source.samples) ? source.samples.source.columns : undefined;
  const asked = { ...data, path: data.test };
  const made = sample === undefined ? undefined : await readSampleData(asked, { sample, label, onRead });
  const testSource =
    made ?? (await readData(asked, { rejectsFile: 'append', label: label.target, ...given({ columns }) }));
  const { samples } = testSource;
  if (!isTable(samples)) {
    const features = presentFeatures(recipe, source.samples);
    requireColumns(eventColumns({ ...recipe, features }), samples, testSource.report.format);
  }
  const { classes } = all.labels;
  const labels = extendLabels(labelSamples(samples, label), classes, label.target);
  const same = 'the test file is the training file: these numbers say nothing of new data';
  return {
    ...{ source, testSource, all, labelInWindow: both(labelInWindow, made?.labelInWindow) },
    train: all,
    test: { samples, labels },
    split: { method: 'file', testSize: countSamples(samples) },
    notes: [
      ...notes,
      ...(made?.notes ?? []).map((note) => `test file: ${note}`),
      ...(testSource.digest === source.digest ? [same] : valueNotes(recipe, testSource)),
      ...unseenClassNotes(labels, classes.length),
    ],
  };
}

/** Returns the sum of the counts of two files; undefined where there are none. */
function both(train: LabelInWindow | undefined, test: LabelInWindow | undefined): LabelInWindow | undefined {
  if (train === undefined || test === undefined) return undefined;
  return { unit: train.unit, samples: train.samples + test.samples, of: train.of + test.of };
}

/** Features of events count characters and are far below what single precision holds; columns of a table may be anything. */
function valueNotes(recipe: Recipe, { samples }: SampleData): string[] {
  if (!isTable(samples)) return [];
  const columns = tableColumns(recipe, samples.source);
  const notes = samples.source.name === 'table' ? columnNotes(samples, columns) : [];
  return [...notes, ...roundingNotes(samples, columns)];
}
