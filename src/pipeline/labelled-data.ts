import { given } from '../core/index.js';
import type { Split } from '../data/index.js';
import { columnNotes, roundingNotes } from '../features/index.js';
import type { ExperimentConfig } from './config.js';
import { requireColumns } from './event-input.js';
import { type LabelledSamples, type Recipe, takeLabelled } from './fit-detector.js';
import { eventColumns, presentFeatures, tableColumns } from './fit-features.js';
import { extendLabels, labelNotes, labelSamples, unseenClassNotes } from './label-samples.js';
import { readData, type SampleData } from './read-data.js';
import { readSampleData } from './sample-data.js';
import { countSamples, isTable } from './samples.js';
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
}

/**
 * Reads and labels the file or files that the config names and chooses the test samples: those of its test file, else by
 * the split it asks for. Throws BAD_DATA and NOT_FOUND as reading, labelling and splitting do.
 */
export async function readLabelledData(config: ExperimentConfig, recipe: Recipe): Promise<LabelledData> {
  const { sample, label } = config;
  const source =
    sample === undefined
      ? { ...(await readData(config.data, { label: label.target })), notes: [] }
      : await readSampleData(config.data, { sample, label });
  const all = { samples: source.samples, labels: labelSamples(source.samples, label) };
  const notes = [...source.notes, ...labelNotes(label, source.samples), ...valueNotes(recipe, source)];
  if (config.data.test !== undefined) return withTestFile(config, recipe, { source, all, notes });
  const split = splitSamples(all, config.split);
  return {
    ...{ source, testSource: undefined, all, notes },
    ...sidesOf(all, split),
    split: split.facts,
  };
}

function sidesOf(all: LabelledSamples, split: Split): Pick<LabelledData, 'train' | 'test'> {
  return { train: takeLabelled(all, split.train), test: takeLabelled(all, split.test) };
}

async function withTestFile(
  { data, label, sample }: ExperimentConfig,
  recipe: Recipe,
  { source, all, notes }: Pick<LabelledData, 'source' | 'all' | 'notes'>,
): Promise<LabelledData> {
  const columns = isTable(source.samples) ? source.samples.source.columns : undefined;
  const asked = { ...data, path: data.test };
  const testSource =
    sample === undefined
      ? await readData(asked, { rejectsFile: 'append', label: label.target, ...given({ columns }) })
      : await readSampleData(asked, { sample, label });
  const { samples } = testSource;
  if (!isTable(samples)) {
    const features = presentFeatures(recipe, source.samples);
    requireColumns(eventColumns({ ...recipe, features }), samples, testSource.report.format);
  }
  const { classes } = all.labels;
  const labels = extendLabels(labelSamples(samples, label), classes, label.target);
  const same = 'the test file is the training file: these numbers say nothing of new data';
  return {
    ...{ source, testSource, all },
    train: all,
    test: { samples, labels },
    split: { method: 'file', testSize: countSamples(samples) },
    notes: [
      ...notes,
      ...(testSource.digest === source.digest ? [same] : valueNotes(recipe, testSource)),
      ...unseenClassNotes(labels, classes.length),
    ],
  };
}

/** Features of events count characters and are far below what single precision holds; columns of a table may be anything. */
function valueNotes(recipe: Recipe, { samples }: SampleData): string[] {
  if (!isTable(samples)) return [];
  const columns = tableColumns(recipe, samples.source);
  const notes = samples.source.name === 'table' ? columnNotes(samples, columns) : [];
  return [...notes, ...roundingNotes(samples, columns)];
}
