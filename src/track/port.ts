import type { DatasetFilter, LoggedModelOrder, Page, SearchQuery } from '../mlflow/index.js';

/** MLflow's run states. */
export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';
/** MLflow's life cycle of experiments and runs. */
export type LifecycleStage = 'active' | 'deleted';
/** Which life cycle a search sees. */
export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';

/** A group of runs, as MLflow stores it. Times are epoch milliseconds. */
export interface Experiment {
  readonly experimentId: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycleStage: LifecycleStage;
  readonly creationTime: number;
  readonly lastUpdateTime: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** The facts of a run that are not metrics, params or tags. */
export interface RunInfo {
  readonly runId: string;
  readonly runName: string;
  readonly experimentId: string;
  readonly userId: string;
  readonly status: RunStatus;
  readonly startTime: number;
  /** null until the run ends. */
  readonly endTime: number | null;
  readonly artifactUri: string;
  readonly lifecycleStage: LifecycleStage;
}

/** One point of a metric. NaN and ±Infinity are allowed; MLflow's stores give ±Infinity back as ±1.7976931348623157e308. */
export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly step: number;
  /** The logged model that was measured; kept with the model, and not given back with the run's points. */
  readonly modelId?: string;
  /** The data set it was measured on; kept with the model. */
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}

/** A point that belongs to a logged model, and the run that measured it. */
export interface ModelMetric extends Metric {
  readonly runId: string;
}

/** A link from a run to a logged model it made. */
export interface ModelOutput {
  readonly modelId: string;
  readonly step: number;
}

/** A data set a run used. `source`, `schema` and `profile` are text (JSON by MLflow's habit). */
export interface DatasetInput {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema?: string;
  readonly profile?: string;
  /** MLflow writes the tag `mlflow.data.context` (training, evaluation). */
  readonly tags: Readonly<Record<string, string>>;
}

/** A run with everything logged to it but artifacts; `metrics` holds the latest point of each key. */
export interface Run {
  readonly info: RunInfo;
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly datasets: readonly DatasetInput[];
  /** Ids (`m-…`) of the logged models the run read. */
  readonly modelInputs: readonly string[];
  /** The logged models the run made, in the order it made them. */
  readonly modelOutputs: readonly ModelOutput[];
}

/** What is written in one call: all of it or none. */
export interface LogBatch {
  readonly metrics?: readonly Metric[];
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Whether the files of a logged model are there. */
export type LoggedModelStatus = 'UNSPECIFIED' | 'PENDING' | 'READY' | 'UPLOAD_FAILED';

/** MLflow 3's logged model: a model with its own artifacts, made by a run or without one. */
export interface LoggedModel {
  readonly modelId: string;
  readonly experimentId: string;
  readonly name: string;
  /** '' when no run made it. */
  readonly sourceRunId: string;
  readonly modelType: string;
  readonly artifactUri: string;
  readonly status: LoggedModelStatus;
  readonly creationTime: number;
  readonly lastUpdatedTime: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: readonly ModelMetric[];
}

/** A file or folder below an artifact root; `path` is relative to the root, with `/`. `sizeBytes` is null for a folder. */
export interface ArtifactEntry {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly sizeBytes: number | null;
}

/** A search of runs, in MLflow's language. */
export interface RunQuery extends SearchQuery {
  readonly experimentIds: readonly string[];
  /** Default ACTIVE_ONLY. */
  readonly viewType?: ViewType;
}

/** A search of logged models that are not deleted. */
export interface LoggedModelQuery extends Omit<SearchQuery, 'orderBy'> {
  readonly experimentIds: readonly string[];
  readonly orderBy?: readonly LoggedModelOrder[];
  /** Metrics that the filter names must have been logged on one of these; without such a filter, any metric must. */
  readonly datasets?: readonly DatasetFilter[];
}

/** A data set that runs of an experiment used; `context` (training, evaluation) is absent when none was given. */
export interface DatasetSummary {
  readonly experimentId: string;
  readonly name: string;
  readonly digest: string;
  readonly context?: string;
}

/**
 * Experiments, runs, metrics, params, tags, data sets, logged models and their artifacts, in MLflow's terms.
 * Errors: NOT_FOUND for an id or name that does not exist, ALREADY_EXISTS for a taken name, INVALID_PARAMETER for
 * what MLflow refuses with INVALID_PARAMETER_VALUE, CONFLICT for a param written twice with another value or a write
 * to a deleted run, UNAVAILABLE when the store cannot be reached, PERMISSION_DENIED for 401 and 403.
 */
export interface TrackingStore {
  /** The store's address as MLflow spells it: `sqlite:///phantomnet.db`, `http://127.0.0.1:5000`. */
  readonly uri: string;
  /** `artifactLocation` is kept as it is; without one the store chooses a place of its own. */
  createExperiment(
    name: string,
    tags?: Readonly<Record<string, string>>,
    artifactLocation?: string,
  ): Promise<Experiment>;
  getExperiment(experimentId: string): Promise<Experiment>;
  /** Returns the experiment, deleted ones too, or undefined. */
  getExperimentByName(name: string): Promise<Experiment | undefined>;
  renameExperiment(experimentId: string, newName: string): Promise<void>;
  /** Newest first unless ordered otherwise. */
  searchExperiments(query: SearchQuery & { readonly viewType?: ViewType }): Promise<Page<Experiment>>;
  deleteExperiment(experimentId: string): Promise<void>;
  restoreExperiment(experimentId: string): Promise<void>;
  setExperimentTag(experimentId: string, key: string, value: string): Promise<void>;
  deleteExperimentTag(experimentId: string, key: string): Promise<void>;

  createRun(options: {
    readonly experimentId: string;
    /** Made up (adjective-animal-number) when absent, as MLflow does. */
    readonly runName?: string;
    readonly startTime?: number;
    readonly userId?: string;
    readonly tags?: Readonly<Record<string, string>>;
  }): Promise<Run>;
  getRun(runId: string): Promise<Run>;
  updateRun(
    runId: string,
    change: { readonly status?: RunStatus; readonly endTime?: number; readonly runName?: string },
  ): Promise<RunInfo>;
  deleteRun(runId: string): Promise<void>;
  restoreRun(runId: string): Promise<void>;
  /** Newest start first unless ordered otherwise, ties by id. */
  searchRuns(query: RunQuery): Promise<Page<Run>>;
  /** Any size: the store splits it into what its wire allows (1,000 metrics, 100 params, 100 tags a request). */
  logBatch(runId: string, batch: LogBatch): Promise<void>;
  deleteTag(runId: string, key: string): Promise<void>;
  /** All points of a metric, by (step, timestamp) ascending. */
  getMetricHistory(runId: string, key: string): Promise<Metric[]>;
  /**
   * All points by (timestamp, step, value) ascending as JSON objects of MLflow's wire, separated by commas; '' for none,
   * undefined for more than `most`. Numbers have 17 digits, which tell every double from its neighbours. For a server,
   * which need not look at them.
   */
  getMetricHistoryText(runId: string, key: string, most: number): Promise<string | undefined>;
  /** The points by (timestamp, step, value) ascending, none for an unknown run; all of them without `maxResults`. */
  getMetricHistoryPage(
    runId: string,
    key: string,
    page: { readonly maxResults?: number | undefined; readonly pageToken?: string | undefined },
  ): Promise<Page<Metric>>;
  /**
   * At most `maxResults` points of a metric of each run in turn, by (step, timestamp, value): the first of each of as
   * many equal parts, and the last of all. `steps` are the first and the last step that count.
   */
  sampleMetricHistory(
    runIds: readonly string[],
    key: string,
    options: { readonly maxResults: number; readonly steps?: readonly [first: number, last: number] },
  ): Promise<(Metric & { readonly runId: string })[]>;
  /** Links data sets, and logged models that were read, to a run. */
  logInputs(runId: string, datasets: readonly DatasetInput[], modelIds?: readonly string[]): Promise<void>;
  /** Links logged models to the run that made them. Throws ALREADY_EXISTS for one that is linked. */
  logOutputs(runId: string, models: readonly ModelOutput[]): Promise<void>;
  /** Adds a model of MLflow 2's kind, described by the JSON of its MLmodel, to the run's tag `mlflow.log-model.history`. */
  recordLoggedModel(runId: string, modelJson: string): Promise<void>;
  /** The data sets that runs of 1 to 20 experiments used, each once for every context; at most 1,000. */
  searchDatasets(experimentIds: readonly string[]): Promise<DatasetSummary[]>;

  /** Creates a PENDING logged model and, unless `isOutput` is false, links it to its run's outputs. */
  createLoggedModel(options: {
    readonly experimentId: string;
    /** Made up when absent. */
    readonly name?: string;
    readonly modelType?: string;
    readonly sourceRunId?: string;
    readonly isOutput?: boolean;
    readonly params?: Readonly<Record<string, string>>;
    readonly tags?: Readonly<Record<string, string>>;
  }): Promise<LoggedModel>;
  getLoggedModel(modelId: string, options?: { readonly allowDeleted?: boolean }): Promise<LoggedModel>;
  finalizeLoggedModel(modelId: string, status: LoggedModelStatus): Promise<LoggedModel>;
  /** Throws ALREADY_EXISTS for a param that the model has. */
  logLoggedModelParams(modelId: string, params: Readonly<Record<string, string>>): Promise<void>;
  /** Newest first unless ordered otherwise; a page token belongs to experiments, filter and order. */
  searchLoggedModels(query: LoggedModelQuery): Promise<Page<LoggedModel>>;
  setLoggedModelTags(modelId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  deleteLoggedModelTag(modelId: string, key: string): Promise<void>;
  /** Marks the logged model deleted; its artifacts stay. */
  deleteLoggedModel(modelId: string): Promise<void>;
  /** Removes the logged model and its artifacts for good (used by gc). */
  purgeLoggedModel(modelId: string): Promise<void>;
  /** Removes a deleted run and its artifacts for good (used by gc). Throws CONFLICT for an active run. UNSUPPORTED where the wire has no such call. */
  purgeRun(runId: string): Promise<void>;

  /** The artifact store below an artifact uri this store handed out (of a run, a logged model or a model version). */
  artifacts(artifactUri: string): ArtifactStore;
  /**
   * The files that a server of this store gives out and takes: below its artifact root, or below a uri that resolves
   * inside of it. Throws INVALID_PARAMETER for a uri that does not, UNSUPPORTED for a store that is on a server itself.
   */
  servedArtifacts(artifactUri?: string): ServedArtifacts;
  close(): Promise<void>;
}

/** Files below one artifact root. Paths are relative with `/`; one that leaves the root is INVALID_PARAMETER. */
export interface ArtifactStore {
  /** Writes one file atomically: it is there whole or not at all. */
  put(path: string, data: Uint8Array | string): Promise<void>;
  /** Uploads a local file, or a folder with all below it, under `path` ('' is the root). */
  upload(localPath: string, path?: string): Promise<void>;
  /** Throws NOT_FOUND when there is no such file. */
  get(path: string): Promise<Uint8Array>;
  /** The entries directly below `path` (default the root), sorted by path; empty when there is none. */
  list(path?: string): Promise<ArtifactEntry[]>;
  /** Removes everything below the root. */
  removeAll(): Promise<void>;
}

/** A file that is open for reading. */
export interface ArtifactFile {
  readonly sizeBytes: number;
  /** When it was written, in epoch milliseconds. */
  readonly modifiedMs: number;
  /** Gives the bytes from `startByte` up to, not including, `endByte`; a chunk is valid until the next is asked for. */
  chunks(startByte: number, endByte: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** An artifact store through which files of any size pass. */
export interface ServedArtifacts extends ArtifactStore {
  /** Opens a file to be read piece by piece; the caller closes it. Throws NOT_FOUND when there is no such file. */
  open(path: string): Promise<ArtifactFile>;
  /** Writes one file as `put` does. When the chunks fail, or `signal` is aborted before the end, nothing is left of it. */
  write(
    path: string,
    chunks: AsyncIterable<Uint8Array>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<void>;
  /** Removes a file, or a folder with all below it; does nothing when there is none. */
  remove(path: string): Promise<void>;
  /** Removes what uploads left that were killed hours ago, and returns how many there were; `signal` ends it early. */
  removeAbandonedUploads(signal?: AbortSignal): Promise<number>;
}
