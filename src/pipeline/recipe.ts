import { IS_ATTACK } from '../features/index.js';
import { tableSource } from '../ingest/index.js';
import type { ExperimentConfig } from './config.js';
import type { Recipe } from './fit-detector.js';

/** Returns what a config asks to be trained, before the data is read. */
export function recipeOf(config: ExperimentConfig): Recipe {
  return {
    estimator: config.estimator.name,
    params: config.estimator.params,
    maxMemoryBytes: config.estimator.maxMemoryBytes,
    equalSources: config.defences?.equalSources === true ? config.defences.groupBy : undefined,
    features: config.features,
    table: tableSource(config.data.format),
    labelColumn: labelColumn(config),
    randomState: config.split.randomState,
  };
}

/** The label is_attack of events and of declared tables is made by a rule; else it is a column. */
function labelColumn({ data, label, sample }: ExperimentConfig): string | undefined {
  const isColumn = label.target !== IS_ATTACK || data.format === 'table' || sample !== undefined;
  return isColumn ? label.target : undefined;
}
