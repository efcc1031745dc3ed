/**
 * Takes the address of a database file and gives an open SQLite database in MLflow's schema, and files below an
 * artifact root. Never knows what a run or a model means; only track and register open the database. Databases of other
 * programs are only read.
 */

export { type Adoption, adoptDatabase } from './adopt.js';
export { artifactSegments } from './artifact-path.js';
export { artifactRootPath } from './artifact-root.js';
export { appendToArtifactUri, artifactUriToPath } from './artifact-uri.js';
export { comparisonSql, joinSql, type SqlComparator, type SqlPart } from './comparison.js';
export { type MlflowDatabase, openMlflowDatabase } from './database.js';
export { databasePath } from './database-uri.js';
export { openExisting } from './existing.js';
export { PHANTOMNET_INDEXES } from './indexes.js';
export { type LocalArtifactFile, LocalArtifacts } from './local-artifacts.js';
export { openReadOnly, type ReadOnlyDatabase } from './read-only.js';
export { isRecorded, type RecordedFolder, recordedFolders } from './recorded-folders.js';
export { copyDatabase, moveArtifactRoot } from './snapshot.js';
export type { SqlDatabase, SqliteDriver, SqlRow, SqlValue } from './sqlite.js';
export { bytesOf, fromPage, measureOf, selectPage, type TextBudget, withinBudget } from './text-budget.js';
export { type FileToUpload, filesToUpload } from './upload-files.js';
export { type DatabaseProblem, verifyDatabase } from './verify-database.js';
