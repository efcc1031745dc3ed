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
  readonly description: string;
  /** Where the bytes are: `models:/m-…` or an artifact uri. */
  readonly source: string;
  /** The run that made it; '' when unknown. */
  readonly runId: string;
  /** The logged model it was made from; '' when none. */
  readonly modelId: string;
  readonly status: 'PENDING_REGISTRATION' | 'FAILED_REGISTRATION' | 'READY';
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
  updateRegisteredModel(name: string, change: { readonly description: string }): Promise<void>;
  deleteRegisteredModel(name: string): Promise<void>;
  setRegisteredModelTags(name: string, tags: Readonly<Record<string, string>>): Promise<void>;

  createModelVersion(options: {
    readonly name: string;
    readonly source: string;
    readonly runId?: string;
    readonly modelId?: string;
    readonly description?: string;
    readonly tags?: Readonly<Record<string, string>>;
  }): Promise<ModelVersion>;
  getModelVersion(name: string, version: string): Promise<ModelVersion>;
  /** Last updated first unless ordered otherwise; deleted versions and MLflow's prompts are left out. */
  searchModelVersions(query: SearchQuery): Promise<Page<ModelVersion>>;
  updateModelVersion(name: string, version: string, change: { readonly description: string }): Promise<void>;
  /** Throws INVALID_PARAMETER as MLflow does where it refuses. */
  deleteModelVersion(name: string, version: string): Promise<void>;
  transitionStage(
    name: string,
    version: string,
    stage: Stage,
    options: { readonly archiveExisting: boolean },
  ): Promise<ModelVersion>;
  /** The newest version of each named stage that has one. */
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
