import { artifactRootPath } from './artifact-root.js';
import { pathToArtifactUri } from './artifact-uri.js';
import { shareConnection } from './connections.js';
import { checkFolder } from './database-file.js';
import { databasePath } from './database-uri.js';
import type { WriteOptions } from './group-writer.js';
import { createSchema, isEmpty, verifyRevision } from './schema.js';
import type { SqlDatabase, SqliteDriver } from './sqlite.js';

/** An open tracking database in MLflow's schema. */
export interface MlflowDatabase {
  /** The uri it was opened by. */
  readonly uri: string;
  /** For reading, and for the inside of `write`. */
  readonly sql: Omit<SqlDatabase, 'close'>;
  /** The folder below which artifacts are kept. */
  readonly artifactRoot: string;
  /** Where new experiments keep their artifacts, spelt as MLflow stores it. */
  readonly artifactRootUri: string;
  /**
   * Runs `work`, which must be synchronous, in a write transaction: all of it is kept, or, when it throws, none. Writes that
   * are asked for at the same time share one commit; the promise resolves only once it is on the disk.
   */
  write<T>(work: () => T, options?: WriteOptions): Promise<T>;
  /** Waits for the writes under way and closes the file, unless another of this process has it open. */
  close(): Promise<void>;
}

/**
 * Opens a tracking database, or creates one: all tables of MLflow, its revision and the Default experiment in one
 * transaction, so two processes may start at once. `artifactRoot` defaults to the folder `artifacts` beside the file, and
 * new experiments record it as it is, or as `artifactRootUri` where clients reach it in another way.
 * Only a database created here is set to WAL. Throws INVALID_PARAMETER for a wrong uri, NOT_FOUND when the folder is
 * missing, INTEGRITY for a file that is not a tracking database or has an unknown revision, CONFLICT for an older one.
 */
export async function openMlflowDatabase(options: {
  readonly uri: string;
  readonly artifactRoot?: string;
  readonly artifactRootUri?: string;
  readonly driver?: SqliteDriver;
}): Promise<MlflowDatabase> {
  const path = databasePath(options.uri);
  checkFolder(path);
  const root = artifactRootPath(path, options.artifactRoot);
  const artifactRootUri = options.artifactRootUri ?? pathToArtifactUri(root);
  const { sql, writer, release } = await shareConnection(path, options.driver);
  try {
    if (isEmpty(sql)) createSchema(sql, artifactRootUri);
    verifyRevision(sql, options.uri);
  } catch (error) {
    await release();
    throw error;
  }
  const write = <T>(work: () => T, about?: WriteOptions) => writer.write(work, about);
  return { uri: options.uri, sql, artifactRoot: root, artifactRootUri, write, close: release };
}
