import { invalidParameter, PhantomNetError, show } from '../core/index.js';
import { checkKey, checkRegisteredModelName, checkVersion, isLongerThan, LIMITS } from '../mlflow/index.js';
import type { MlflowDatabase, SqlRow, SqlValue } from '../storage/index.js';
import type { ModelVersion, RegisteredModel, Stage } from './port.js';
import { STAGES } from './port.js';

/** MLflow keeps a deleted version's row in this stage, so that its number is never given again. */
export const DELETED_STAGE = 'Deleted_Internal';

/** Returns the row of a registered model. Throws NOT_FOUND, or INVALID_PARAMETER for a name no model can have. */
export function requireModelRow(db: MlflowDatabase, name: string): SqlRow {
  checkRegisteredModelName(name);
  const row = db.sql.get("SELECT * FROM registered_models WHERE workspace = 'default' AND name = ?", [name]);
  if (row !== undefined) return row;
  throw new PhantomNetError('NOT_FOUND', `no registered model named ${show(name)}`, {
    hint: 'list the registered models to see their names',
    details: { name },
  });
}

/** Returns the row of a version that is not deleted. Throws NOT_FOUND, or INVALID_PARAMETER for a version that is no number. */
export function requireVersionRow(db: MlflowDatabase, name: string, version: string): SqlRow {
  checkRegisteredModelName(name);
  const row = db.sql.get(
    `SELECT * FROM model_versions
     WHERE workspace = 'default' AND name = ? AND version = ? AND current_stage <> '${DELETED_STAGE}'`,
    [name, versionNumber(version)],
  );
  if (row !== undefined) return row;
  throw new PhantomNetError('NOT_FOUND', `registered model ${show(name)} has no version ${version}`, {
    hint: 'list the versions of the model',
    details: { name, version },
  });
}

/** Returns the number of a version. Throws INVALID_PARAMETER for anything but a whole number from 1. */
export function versionNumber(version: string): number {
  checkVersion(version);
  return Number(version);
}

/** Returns registered models with their tags, aliases and the newest version of each stage. */
export function toModels(db: MlflowDatabase, rows: readonly SqlRow[]): RegisteredModel[] {
  return rows.map((row) => {
    const name = String(row['name']);
    const aliases = aliasRows(db, name);
    return {
      name,
      description: String(row['description'] ?? ''),
      creationTime: Number(row['creation_time'] ?? 0),
      lastUpdatedTime: Number(row['last_updated_time'] ?? 0),
      tags: tagsOf(db, 'SELECT key, value FROM registered_model_tags', [name]),
      aliases: Object.fromEntries(aliases.map((a) => [String(a['alias']), String(a['version'])])),
      latestVersions: latestVersions(db, name, STAGES),
    };
  });
}

/** Returns versions of one model with their tags and aliases. */
export function toVersions(db: MlflowDatabase, name: string, rows: readonly SqlRow[]): ModelVersion[] {
  const aliases = aliasRows(db, name);
  return rows.map((row) => {
    const source = String(row['source'] ?? '');
    const number = Number(row['version']);
    return {
      name,
      version: String(number),
      stage: String(row['current_stage']) as Stage,
      description: String(row['description'] ?? ''),
      source,
      runId: String(row['run_id'] ?? ''),
      // MLflow has no column for it: the source is what names the logged model.
      modelId: loggedModelId(source) ?? '',
      status: String(row['status']) as ModelVersion['status'],
      creationTime: Number(row['creation_time'] ?? 0),
      lastUpdatedTime: Number(row['last_updated_time'] ?? 0),
      tags: tagsOf(db, 'SELECT key, value FROM model_version_tags', [name, number]),
      aliases: aliases.filter((a) => a['version'] === number).map((a) => String(a['alias'])),
    };
  });
}

/** Returns the newest version of each of these stages that has one, in the order of the stages. */
export function latestVersions(db: MlflowDatabase, name: string, stages: readonly Stage[]): ModelVersion[] {
  const rows = stages.flatMap((stage) =>
    db.sql.all(
      `SELECT * FROM model_versions WHERE workspace = 'default' AND name = ? AND current_stage = ?
       ORDER BY version DESC LIMIT 1`,
      [name, stage],
    ),
  );
  return toVersions(db, name, rows);
}

/** Returns the id in `models:/m-…`, or undefined for any other source. */
export function loggedModelId(source: string): string | undefined {
  return /^models:\/(m-[0-9a-f]{32})$/.exec(source)?.[1];
}

/** Throws INVALID_PARAMETER for a tag that MLflow's registry refuses. */
export function checkRegistryTag(key: string, value: string): void {
  checkKey('tag key', key);
  if (isLongerThan(value, LIMITS.registryTagValueLength)) {
    invalidParameter(`tag ${show(key)}`, `at most ${LIMITS.registryTagValueLength} characters`, value);
  }
}

function aliasRows(db: MlflowDatabase, name: string): SqlRow[] {
  return db.sql.all(
    "SELECT alias, version FROM registered_model_aliases WHERE workspace = 'default' AND name = ? ORDER BY alias",
    [name],
  );
}

function tagsOf(db: MlflowDatabase, select: string, key: readonly SqlValue[]): Record<string, string> {
  const where = key.length === 1 ? 'name = ?' : 'name = ? AND version = ?';
  const rows = db.sql.all(`${select} WHERE workspace = 'default' AND ${where} ORDER BY key`, key);
  return Object.fromEntries(rows.map((row) => [String(row['key']), String(row['value'] ?? '')]));
}
