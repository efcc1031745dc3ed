import type { SearchQuery } from '../mlflow/index.js';
import { type MlflowDatabase, openMlflowDatabase } from '../storage/index.js';
import * as aliases from './embedded-aliases.js';
import { getDownloadUri } from './embedded-lineage.js';
import * as models from './embedded-models.js';
import { requireModel, requireVersion } from './embedded-rows.js';
import { searchRegisteredModels } from './embedded-search-models.js';
import { searchModelVersions } from './embedded-search-versions.js';
import * as stages from './embedded-stages.js';
import * as versions from './embedded-versions.js';
import type { RegistryStore, Stage } from './port.js';

/**
 * Opens the registry in an SQLite file, in the schema of MLflow 3.17, creating it when there is none; the tracking store
 * of the same uri is the same file. Throws what `openMlflowDatabase` throws.
 */
export async function openEmbeddedRegistry(options: {
  /** `sqlite:///relative.db` or `sqlite:////absolute/path.db`. */
  readonly uri: string;
  /** Folder of the artifacts of new experiments; default: the folder `artifacts` beside the database. */
  readonly artifactRoot?: string;
  /** What new experiments record as their artifact root, where clients reach it in another way than by its path. */
  readonly artifactRootUri?: string;
}): Promise<RegistryStore> {
  return new SqliteRegistry(await openMlflowDatabase(options));
}

/** Async methods around synchronous SQL: what one of them does is never interleaved with another. */
class SqliteRegistry implements RegistryStore {
  readonly uri: string;
  readonly #db: MlflowDatabase;

  constructor(db: MlflowDatabase) {
    this.#db = db;
    this.uri = db.uri;
  }

  async createRegisteredModel(
    name: string,
    options: Parameters<RegistryStore['createRegisteredModel']>[1] = {},
  ) {
    return this.#db.write(() => models.createRegisteredModel(this.#db, name, options));
  }
  async getRegisteredModel(name: string) {
    return this.#db.sql.snapshot(() => requireModel(this.#db, name));
  }
  async searchRegisteredModels(query: SearchQuery) {
    return searchRegisteredModels(this.#db, query);
  }
  async updateRegisteredModel(name: string, change: { readonly description: string }) {
    return this.#db.write(() => models.updateRegisteredModel(this.#db, name, change.description));
  }
  async renameRegisteredModel(name: string, newName: string) {
    return this.#db.write(() => models.renameRegisteredModel(this.#db, name, newName));
  }
  async deleteRegisteredModel(name: string) {
    await this.#db.write(() => models.deleteRegisteredModel(this.#db, name));
  }
  async setRegisteredModelTags(name: string, tags: Readonly<Record<string, string>>) {
    await this.#db.write(() => models.setRegisteredModelTags(this.#db, name, tags));
  }
  async deleteRegisteredModelTag(name: string, key: string) {
    await this.#db.write(() => models.deleteRegisteredModelTag(this.#db, name, key));
  }

  async createModelVersion(options: Parameters<RegistryStore['createModelVersion']>[0]) {
    return this.#db.write(() => versions.createModelVersion(this.#db, options));
  }
  async getModelVersion(name: string, version: string) {
    // One statement, so no snapshot.
    return requireVersion(this.#db, name, version);
  }
  async searchModelVersions(query: SearchQuery) {
    return searchModelVersions(this.#db, query);
  }
  async updateModelVersion(name: string, version: string, change: { readonly description?: string }) {
    return this.#db.write(() => versions.updateModelVersion(this.#db, { name, version }, change.description));
  }
  async deleteModelVersion(name: string, version: string) {
    await this.#db.write(() => versions.deleteModelVersion(this.#db, name, version));
  }
  async transitionStage(
    name: string,
    version: string,
    stage: Stage,
    options: { readonly archiveExisting: boolean },
  ) {
    return this.#db.write(() => stages.transitionStage(this.#db, { name, version }, { stage, ...options }));
  }
  async getLatestVersions(name: string, wanted?: readonly Stage[]) {
    return this.#db.sql.snapshot(() => stages.getLatestVersions(this.#db, name, wanted));
  }
  async setAlias(name: string, alias: string, version: string) {
    await this.#db.write(() => aliases.setAlias(this.#db, { name, version }, alias));
  }
  async deleteAlias(name: string, alias: string) {
    await this.#db.write(() => aliases.deleteAlias(this.#db, name, alias));
  }
  async getVersionByAlias(name: string, alias: string) {
    return this.#db.sql.snapshot(() => aliases.getVersionByAlias(this.#db, name, alias));
  }
  async setModelVersionTags(name: string, version: string, tags: Readonly<Record<string, string>>) {
    await this.#db.write(() => versions.setModelVersionTags(this.#db, { name, version }, tags));
  }
  async deleteModelVersionTag(name: string, version: string, key: string) {
    await this.#db.write(() => versions.deleteModelVersionTag(this.#db, { name, version }, key));
  }
  async getDownloadUri(name: string, version: string) {
    return getDownloadUri(this.#db, name, version);
  }
  async close() {
    await this.#db.close();
  }
}
