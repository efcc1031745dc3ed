import { takeLabels } from '../data/index.js';
import { capSourceShare, type SuspectLabel, suspectLabels } from '../train/index.js';
import type { ExperimentConfig } from './config.js';
import { crossValidationFolds } from './cross-validation-folds.js';
import { crossValidate, type FitWatch, type LabelledSamples, type Recipe } from './fit-detector.js';
import { countSamples, samplePlace, takeSamples } from './samples.js';
import { sampleGroups } from './split-columns.js';

/** Artifact of a run that lists the training rows that were set aside. */
export const QUARANTINE_FILE = 'quarantine.json';

/** A training row that was set aside, and where it stands in its file. */
interface QuarantinedRow extends Omit<SuspectLabel, 'row'> {
  readonly file: string;
  readonly line: number;
}

/** What the defences did to the training rows. */
export interface DefenceReport {
  /** Rows of sources that had more than their share, which were left out. */
  readonly capped: number;
  /** Rows that were set aside: every one of them. */
  readonly quarantined: readonly QuarantinedRow[];
  /** How many sources the quarantine leaves, where none of so few can be capped at its share. */
  readonly tooFewSources?: number;
}

/** Training rows after the defences; no test row is ever looked at. */
interface Defended {
  readonly train: LabelledSamples;
  readonly report: DefenceReport | null;
}

/**
 * Returns the training rows that the config's defences leave: no source with more than its share, and none whose label
 * models of other sources contradict. Without defences all of them. Deterministic. Cost: that of one cross-validation,
 * where rows are quarantined.
 */
export async function defendTraining(
  config: ExperimentConfig,
  recipe: Recipe,
  train: LabelledSamples,
  watch: FitWatch,
): Promise<Defended> {
  const { defences } = config;
  if (defences === undefined) return { train, report: null };
  const { maxSourceShare: maxShare = 1, groupBy, quarantine } = defences;
  const nTrain = countSamples(train.samples);
  const kept = capped(config, train);
  if (quarantine === undefined)
    return { train: kept, report: { capped: nTrain - countSamples(kept.samples), quarantined: [] } };
  const suspects = await suspectsIn(config, recipe, kept, watch);
  const aside = new Set(suspects.map(({ row }) => row));
  const left = Array.from(kept.labels.codes.keys()).filter((row) => !aside.has(row));
  const quarantined = suspects.map(({ row, ...suspect }) => ({
    ...samplePlace(kept.samples, row),
    ...suspect,
  }));
  const rest = take(kept, left);
  const nSources = new Set(Array.from(sampleGroups(rest.samples, groupBy))).size;
  // Whose rows are all set aside must not be able to stop the training.
  const isTooFew = nSources * maxShare * (1 + 1e-12) < 1;
  // Without the rows of others a source may have more than its share again.
  const last = isTooFew ? rest : capped(config, rest);
  const nCapped = nTrain - quarantined.length - countSamples(last.samples);
  const report = { capped: nCapped, quarantined, ...(isTooFew ? { tooFewSources: nSources } : {}) };
  return { train: last, report };
}

/** Returns the rows without those by which a source has more than its share, where the config caps it. */
function capped({ defences, split }: ExperimentConfig, data: LabelledSamples): LabelledSamples {
  const { maxSourceShare: maxShare, groupBy } = defences!;
  if (maxShare === undefined) return data;
  const groups = sampleGroups(data.samples, groupBy);
  return take(data, capSourceShare(groups, { maxShare, randomState: split.randomState }));
}

/** Scores every row by a model of other sources, so that a flood of wrong labels does not vouch for itself. */
async function suspectsIn(
  config: ExperimentConfig,
  recipe: Recipe,
  data: LabelledSamples,
  watch: FitWatch,
): Promise<SuspectLabel[]> {
  const { quarantine, groupBy } = config.defences!;
  const { folds } = config.crossValidation;
  const made = crossValidationFolds(data, {
    ...config,
    split: { ...config.split, groupBy },
    crossValidation: { ...config.crossValidation, folds: folds || 5, repeats: 1, method: 'stratified-group' },
  });
  const nClasses = data.labels.classes.length;
  const scores = new Float64Array(data.labels.codes.length * nClasses);
  await crossValidate(recipe, data, {
    ...watch,
    folds: made,
    onScored: ({ test }, scored) => {
      test.forEach((row, i) => {
        scores.set(scored.scores.subarray(i * nClasses, (i + 1) * nClasses), row * nClasses);
      });
    },
  });
  return suspectLabels({ labels: data.labels, scores }, { level: quarantine! });
}

function take({ samples, labels }: LabelledSamples, rows: ArrayLike<number>): LabelledSamples {
  return { samples: takeSamples(samples, rows), labels: takeLabels(labels, rows) };
}

/** Returns what the defences did, in words. */
export function defenceNotes(report: DefenceReport | null): string[] {
  if (report === null) return [];
  const notes: string[] = [];
  if (report.capped > 0)
    notes.push(`${report.capped} training rows of sources beyond their share were left out`);
  if (report.quarantined.length > 0)
    notes.push(
      `${report.quarantined.length} training rows, whose label models of other sources contradict, were set aside: they are listed in ${QUARANTINE_FILE}; folds, thresholds and calibration do not see them either, and so promise more than new rows will keep`,
    );
  if (report.tooFewSources !== undefined)
    notes.push(
      `after that the training rows are of ${report.tooFewSources} sources, too few for each to have at most its share`,
    );
  return notes;
}
