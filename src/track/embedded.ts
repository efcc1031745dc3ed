import { type MlflowDatabase, openMlflowDatabase } from '../storage/index.js';
import { openArtifacts, servedArtifacts } from './embedded-artifacts.js';
import * as batch from './embedded-batch.js';
import * as experiments from './embedded-experiments.js';
import * as inputs from './embedded-inputs.js';
import { recordLoggedModel } from './embedded-log-model.js';
import { metricHistoryPage, metricHistoryText } from './embedded-metric-pages.js';
import { metricHistory, sampleHistory } from './embedded-metrics.js';
import * as models from './embedded-models.js';
import { purgeLoggedModel, purgeRun } from './embedded-purge.js';
import { type RecoveredRun, recoverDeadRuns } from './embedded-recovery.js';
import { requireRun } from './embedded-run-state.js';
import * as runs from './embedded-runs.js';
import { searchDatasets } from './embedded-search-datasets.js';
import { searchExperiments } from './embedded-search-experiments.js';
import { searchLoggedModels } from './embedded-search-models.js';
import { searchRuns } from './embedded-search-runs.js';
import type {
  ArtifactStore,
  DatasetInput,
  LogBatch,
  LoggedModelQuery,
  LoggedModelStatus,
  Metric,
  ModelOutput,
  RunQuery,
  ServedArtifacts,
  TrackingStore,
} from './port.js';

/** Where an embedded store keeps what it is given. */
interface EmbeddedOptions {
  /** `sqlite:///relative.db` or `sqlite:////absolute/path.db`. */
  readonly uri: string;
  /** Folder of the artifacts of new experiments; default: the folder `artifacts` beside the database. */
  readonly artifactRoot?: string;
  /** What new experiments record as their artifact root, where clients reach it in another way than by its path. */
  readonly artifactRootUri?: string;
}

/** A tracking store in one SQLite file of this machine. */
export interface EmbeddedTracking extends TrackingStore {
  /** The runs whose process was found dead when the store was opened; they are KILLED now. */
  readonly recoveredRuns: readonly RecoveredRun[];
}

/**
 * Opens the tracking store in an SQLite file, in the schema of MLflow 3.17, creating it when there is none, and sets
 * runs of dead local processes to KILLED. Throws what `openMlflowDatabase` throws.
 */
export async function openEmbeddedTracking(options: EmbeddedOptions): Promise<EmbeddedTracking> {
  const db = await openMlflowDatabase(options);
  try {
    return new SqliteTracking(db, await recoverDeadRuns(db));
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** Async methods around synchronous SQL: what one of them does is never interleaved with another. */
class SqliteTracking implements EmbeddedTracking {
  readonly uri: string;
  readonly recoveredRuns: readonly RecoveredRun[];
  readonly #db: MlflowDatabase;

  constructor(db: MlflowDatabase, recoveredRuns: readonly RecoveredRun[]) {
    this.#db = db;
    this.uri = db.uri;
    this.recoveredRuns = recoveredRuns;
  }

  async createExperiment(
    name: string,
    tags: Readonly<Record<string, string>> = {},
    artifactLocation?: string,
  ) {
    return this.#db.write(() => experiments.createExperiment(this.#db, name, { tags, artifactLocation }));
  }
  async getExperiment(experimentId: string) {
    return experiments.requireExperiment(this.#db, experimentId);
  }
  async getExperimentByName(name: string) {
    return experiments.getExperimentByName(this.#db, name);
  }
  async searchExperiments(query: Parameters<TrackingStore['searchExperiments']>[0]) {
    return searchExperiments(this.#db, query);
  }
  async deleteExperiment(experimentId: string) {
    await this.#db.write(() => experiments.moveExperiment(this.#db, experimentId, 'deleted'));
  }
  async restoreExperiment(experimentId: string) {
    await this.#db.write(() => experiments.moveExperiment(this.#db, experimentId, 'active'));
  }

  async renameExperiment(experimentId: string, newName: string) {
    await this.#db.write(() => experiments.renameExperiment(this.#db, experimentId, newName));
  }
  async setExperimentTag(experimentId: string, key: string, value: string) {
    await this.#db.write(() => experiments.setExperimentTag(this.#db, experimentId, [key, value]));
  }
  async deleteExperimentTag(experimentId: string, key: string) {
    await this.#db.write(() => experiments.deleteExperimentTag(this.#db, experimentId, key));
  }

  async createRun(options: Parameters<TrackingStore['createRun']>[0]) {
    return this.#db.write(() => runs.createRun(this.#db, options));
  }
  async getRun(runId: string) {
    return runs.getRun(this.#db, runId);
  }
  async updateRun(runId: string, change: Parameters<TrackingStore['updateRun']>[1]) {
    return this.#db.write(() => runs.updateRun(this.#db, runId, change));
  }
  async deleteRun(runId: string) {
    await this.#db.write(() => runs.moveRun(this.#db, runId, 'deleted'));
  }
  async restoreRun(runId: string) {
    await this.#db.write(() => runs.moveRun(this.#db, runId, 'active'));
  }
  async searchRuns(query: RunQuery) {
    return searchRuns(this.#db, query);
  }
  async logBatch(runId: string, entries: LogBatch) {
    await this.#db.write(() => batch.logBatch(this.#db, runId, entries), { checksReferences: true });
  }
  async deleteTag(runId: string, key: string) {
    await this.#db.write(() => batch.deleteTag(this.#db, runId, key));
  }
  async getMetricHistory(runId: string, key: string) {
    requireRun(this.#db, runId);
    return metricHistory(this.#db, runId, key);
  }
  async getMetricHistoryText(runId: string, key: string, most: number) {
    return metricHistoryText(this.#db, { runId, key }, most);
  }
  async getMetricHistoryPage(
    runId: string,
    key: string,
    page: Parameters<TrackingStore['getMetricHistoryPage']>[2],
  ) {
    return metricHistoryPage(this.#db, { runId, key }, page);
  }
  async sampleMetricHistory(
    runIds: readonly string[],
    key: string,
    options: Parameters<TrackingStore['sampleMetricHistory']>[2],
  ) {
    const ofRuns = new Map<string, readonly Metric[]>();
    for (const runId of new Set(runIds)) {
      ofRuns.set(runId, sampleHistory(this.#db, { runId, key }, options));
      // A long series takes a good part of a second, and others wait.
      await new Promise((next) => setImmediate(next));
    }
    return runIds.flatMap((runId) => ofRuns.get(runId)!.map((point) => ({ ...point, runId })));
  }
  async logInputs(runId: string, datasets: readonly DatasetInput[], modelIds: readonly string[] = []) {
    await this.#db.write(() => inputs.logInputs(this.#db, runId, { datasets, modelIds }));
  }
  async logOutputs(runId: string, models: readonly ModelOutput[]) {
    await this.#db.write(() => inputs.logOutputs(this.#db, runId, models));
  }
  async recordLoggedModel(runId: string, modelJson: string) {
    await this.#db.write(() => recordLoggedModel(this.#db, runId, modelJson));
  }

  async searchDatasets(experimentIds: readonly string[]) {
    return searchDatasets(this.#db, experimentIds);
  }

  async createLoggedModel(options: Parameters<TrackingStore['createLoggedModel']>[0]) {
    return this.#db.write(() => models.createLoggedModel(this.#db, options));
  }
  async getLoggedModel(modelId: string, options?: { readonly allowDeleted?: boolean }) {
    return models.getLoggedModel(this.#db, modelId, options);
  }
  async searchLoggedModels(query: LoggedModelQuery) {
    return searchLoggedModels(this.#db, query);
  }
  async finalizeLoggedModel(modelId: string, status: LoggedModelStatus) {
    return this.#db.write(() => models.finalizeLoggedModel(this.#db, modelId, status));
  }
  async setLoggedModelTags(modelId: string, tags: Readonly<Record<string, string>>) {
    await this.#db.write(() => models.setLoggedModelTags(this.#db, modelId, tags));
  }
  async logLoggedModelParams(modelId: string, params: Readonly<Record<string, string>>) {
    await this.#db.write(() => models.logLoggedModelParams(this.#db, modelId, params));
  }
  async deleteLoggedModelTag(modelId: string, key: string) {
    await this.#db.write(() => models.deleteLoggedModelTag(this.#db, modelId, key));
  }
  async deleteLoggedModel(modelId: string) {
    await this.#db.write(() => models.deleteLoggedModel(this.#db, modelId));
  }
  async purgeLoggedModel(modelId: string) {
    await purgeLoggedModel(this.#db, modelId);
  }
  async purgeRun(runId: string) {
    await purgeRun(this.#db, runId);
  }

  artifacts(artifactUri: string): ArtifactStore {
    return openArtifacts(this.#db, artifactUri);
  }
  servedArtifacts(artifactUri?: string): ServedArtifacts {
    return servedArtifacts(this.#db, artifactUri);
  }
  async close() {
    await this.#db.close();
  }
}
