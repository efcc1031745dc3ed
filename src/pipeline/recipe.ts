import { IS_ATTACK } from '../features/index.js';
import { tableSource } from '../ingest/index.js';
import type { ExperimentConfig } from './config.js';
import { isByGroup } from './cross-validation-folds.js';
import type { Recipe } from './fit-detector.js';
import { DEFAULT_GROUP_BY } from './split-columns.js';

/** Returns what a config asks to be trained, before the data is read. */
export function recipeOf(config: ExperimentConfig): Recipe {
  return {
    estimator: config.estimator.name,
    params: config.estimator.params,
    maxMemoryBytes: config.estimator.maxMemoryBytes,
    equalSources: config.defences?.equalSources === true ? config.defences.groupBy : undefined,
    features: config.features,
    encodeBy: groupedBy(config),
    table: tableSource(config.data.format),
    labelColumn: labelColumn(config),
    randomState: config.split.randomState,
  };
}

/** What the split or the folds keep whole. */
function groupedBy({ split, crossValidation }: ExperimentConfig): string | undefined {
  const isGrouped = [split.method, crossValidation.method].some(
    (name) => name !== undefined && isByGroup(name),
  );
  return isGrouped ? (split.groupBy ?? DEFAULT_GROUP_BY) : undefined;
}

/** The label is_attack of events and of declared tables is made by a rule; else it is a column. */
function labelColumn({ data, label, sample }: ExperimentConfig): string | undefined {
  const isColumn = label.target !== IS_ATTACK || data.format === 'table' || sample !== undefined;
  return isColumn ? label.target : undefined;
}
