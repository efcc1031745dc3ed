import type { Page, SearchQuery } from '../mlflow/index.js';

/** MLflow's model stages. */
export const STAGES = ['None', 'Staging', 'Production', 'Archived'] as const;
/** One of MLflow's model stages. */
export type Stage = (typeof STAGES)[number];

/** A name under which versions of a model are kept. */
export interface RegisteredModel {
  readonly name: string;
  readonly description: string;
  readonly creationTime: number;
  readonly lastUpdatedTime: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Version by alias. */
  readonly aliases: Readonly<Record<string, string>>;
  /** The newest version of each stage that has one. */
  readonly latestVersions: readonly ModelVersion[];
}

/** One version of a registered model. */
export interface ModelVersion {
  readonly name: string;
  /** A whole number from 1 as text, as MLflow's wire has it. */
  readonly version: string;
  readonly stage: Stage;
  /** undefined when none was ever given, which MLflow tells apart from ''. */
  readonly description: string | undefined;
  /** Where the bytes are: `models:/m-…` or an artifact uri. */
  readonly source: string;
  /** The run that made it; '' when unknown. */
  readonly runId: string;
  /** Where people look at that run; '' when unknown. */
  readonly runLink: string;
  /** The logged model it was made from; '' when none. */
  readonly modelId: string;
  /** Who made it; '' when unknown. */
  readonly userId: string;
  readonly status: 'PENDING_REGISTRATION' | 'FAILED_REGISTRATION' | 'READY';
  /** Why it has this status; '' when nothing is to be said. */
  readonly statusMessage: string;
  readonly creationTime: number;
  readonly lastUpdatedTime: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: readonly string[];
}

/**
 * Registered models, versions, stages, aliases and tags, in MLflow's terms.
 * Errors as in the tracking store: NOT_FOUND, ALREADY_EXISTS, INVALID_PARAMETER, UNAVAILABLE, PERMISSION_DENIED.
 */
export interface RegistryStore {
  readonly uri: string;
  createRegisteredModel(
    name: string,
    options?: { readonly description?: string; readonly tags?: Readonly<Record<string, string>> },
  ): Promise<RegisteredModel>;
  /** Throws NOT_FOUND when there is none. */
  getRegisteredModel(name: string): Promise<RegisteredModel>;
  /** By name unless ordered otherwise; MLflow's prompts are left out unless the filter asks for them. */
  searchRegisteredModels(query: SearchQuery): Promise<Page<RegisteredModel>>;
  updateRegisteredModel(name: string, change: { readonly description: string }): Promise<RegisteredModel>;
  /** Versions, stages, tags and aliases follow. Throws ALREADY_EXISTS when the new name is taken. */
  renameRegisteredModel(name: string, newName: string): Promise<RegisteredModel>;
  deleteRegisteredModel(name: string): Promise<void>;
  setRegisteredModelTags(name: string, tags: Readonly<Record<string, string>>): Promise<void>;
  deleteRegisteredModelTag(name: string, key: string): Promise<void>;

  createModelVersion(options: {
    readonly name: string;
    readonly source: string;
    readonly runId?: string;
    readonly runLink?: string;
    /** The logged model it is made from, when the source does not name it. */
    readonly modelId?: string;
    readonly description?: string;
    readonly tags?: Readonly<Record<string, string>>;
  }): Promise<ModelVersion>;
  getModelVersion(name: string, version: string): Promise<ModelVersion>;
  /** Last updated first unless ordered otherwise; deleted versions and MLflow's prompts are left out. */
  searchModelVersions(query: SearchQuery): Promise<Page<ModelVersion>>;
  /** Replaces the description; one that is not given is taken away. */
  updateModelVersion(
    name: string,
    version: string,
    change: { readonly description?: string },
  ): Promise<ModelVersion>;
  /** Throws INVALID_PARAMETER as MLflow does where it refuses. */
  deleteModelVersion(name: string, version: string): Promise<void>;
  transitionStage(
    name: string,
    version: string,
    stage: Stage,
    options: { readonly archiveExisting: boolean },
  ): Promise<ModelVersion>;
  /** The newest version of each named stage (default all) that has one. */
  getLatestVersions(name: string, stages?: readonly Stage[]): Promise<ModelVersion[]>;
  setAlias(name: string, alias: string, version: string): Promise<void>;
  deleteAlias(name: string, alias: string): Promise<void>;
  getVersionByAlias(name: string, alias: string): Promise<ModelVersion>;
  setModelVersionTags(name: string, version: string, tags: Readonly<Record<string, string>>): Promise<void>;
  deleteModelVersionTag(name: string, version: string, key: string): Promise<void>;
  /** The artifact uri of the version's files, resolved to what a tracking store's `artifacts` takes. */
  getDownloadUri(name: string, version: string): Promise<string>;
  close(): Promise<void>;
}
