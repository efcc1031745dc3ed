import { invalidParameter, PhantomNetError, show } from '../core/index.js';
import { checkKey, checkRegisteredModelName, checkVersion, isLongerThan, LIMITS } from '../mlflow/index.js';
import type { MlflowDatabase, SqlRow } from '../storage/index.js';
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

/** Returns registered models with their tags, aliases and the newest version of each stage, with a handful of queries. */
export function toModels(db: MlflowDatabase, rows: readonly SqlRow[]): RegisteredModel[] {
  const names = rows.map((row) => String(row['name']));
  const aliases = aliasesOf(db, names);
  const tags = modelTags(db, names);
  const latest = latestVersions(db, names, STAGES);
  return rows.map((row) => {
    const name = String(row['name']);
    return {
      name,
      description: String(row['description'] ?? ''),
      creationTime: Number(row['creation_time'] ?? 0),
      lastUpdatedTime: Number(row['last_updated_time'] ?? 0),
      tags: tags.get(name) ?? {},
      aliases: Object.fromEntries(
        (aliases.get(name) ?? []).map((a) => [String(a['alias']), String(a['version'])]),
      ),
      latestVersions: latest.filter((version) => version.name === name),
    };
  });
}

/** Returns versions with their tags and aliases, in the order of their rows, with two queries. */
export function toVersions(db: MlflowDatabase, rows: readonly SqlRow[]): ModelVersion[] {
  const aliases = aliasesOf(db, [...new Set(rows.map((row) => String(row['name'])))]);
  const tags = versionTags(db, rows);
  return rows.map((row) => {
    const source = String(row['source'] ?? '');
    const name = String(row['name']);
    const own = aliases.get(name) ?? [];
    return {
      name,
      version: String(row['version']),
      stage: String(row['current_stage']) as Stage,
      description: String(row['description'] ?? ''),
      source,
      runId: String(row['run_id'] ?? ''),
      // MLflow has no column for it: the source is what names the logged model.
      modelId: loggedModelId(source) ?? '',
      status: String(row['status']) as ModelVersion['status'],
      creationTime: Number(row['creation_time'] ?? 0),
      lastUpdatedTime: Number(row['last_updated_time'] ?? 0),
      tags: tags.get(`${row['version']} ${name}`) ?? {},
      aliases: own.filter((a) => a['version'] === row['version']).map((a) => String(a['alias'])),
    };
  });
}

/** Returns the newest version of each of these stages that has one, model by model, in the order of the stages. */
export function latestVersions(
  db: MlflowDatabase,
  names: readonly string[],
  stages: readonly Stage[],
): ModelVersion[] {
  const rows = db.sql.all(
    `SELECT model_versions.* FROM model_versions
     JOIN (SELECT name, max(version) AS version FROM model_versions
           WHERE workspace = 'default' AND name IN (SELECT value FROM json_each(?))
             AND current_stage IN (SELECT value FROM json_each(?)) GROUP BY name, current_stage) AS newest
       ON newest.name = model_versions.name AND newest.version = model_versions.version
     WHERE model_versions.workspace = 'default'`,
    [JSON.stringify(names), JSON.stringify(stages)],
  );
  const rank = (version: ModelVersion) => stages.indexOf(version.stage);
  return toVersions(db, rows).sort((a, b) => rank(a) - rank(b));
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

function aliasesOf(db: MlflowDatabase, names: readonly string[]): Map<string, SqlRow[]> {
  const rows = db.sql.all(
    `SELECT name, alias, version FROM registered_model_aliases
     WHERE workspace = 'default' AND name IN (SELECT value FROM json_each(?)) ORDER BY alias`,
    [JSON.stringify(names)],
  );
  return byOwner(rows, (row) => String(row['name']));
}

function modelTags(db: MlflowDatabase, names: readonly string[]): Map<string, Record<string, string>> {
  const rows = db.sql.all(
    `SELECT name, key, value FROM registered_model_tags
     WHERE workspace = 'default' AND name IN (SELECT value FROM json_each(?)) ORDER BY key`,
    [JSON.stringify(names)],
  );
  return toRecords(byOwner(rows, (row) => String(row['name'])));
}

function versionTags(db: MlflowDatabase, versions: readonly SqlRow[]): Map<string, Record<string, string>> {
  const rows = db.sql.all(
    `SELECT tags.name, tags.version, tags.key, tags.value
     FROM json_each(?) AS wanted CROSS JOIN model_version_tags AS tags
       ON tags.name = json_extract(wanted.value, '$[0]') AND tags.version = json_extract(wanted.value, '$[1]')
     WHERE tags.workspace = 'default' ORDER BY tags.key`,
    [JSON.stringify(versions.map((row) => [row['name'], Number(row['version'])]))],
  );
  return toRecords(byOwner(rows, (row) => `${row['version']} ${row['name']}`));
}

function byOwner(rows: readonly SqlRow[], ownerOf: (row: SqlRow) => string): Map<string, SqlRow[]> {
  const owned = new Map<string, SqlRow[]>();
  for (const row of rows) {
    const owner = ownerOf(row);
    const own = owned.get(owner);
    if (own === undefined) owned.set(owner, [row]);
    else own.push(row);
  }
  return owned;
}

function toRecords(owned: ReadonlyMap<string, readonly SqlRow[]>): Map<string, Record<string, string>> {
  return new Map(
    [...owned].map(([owner, rows]) => [
      owner,
      Object.fromEntries(rows.map((row) => [String(row['key']), String(row['value'] ?? '')])),
    ]),
  );
}
