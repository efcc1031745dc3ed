import { invalidParameter, PhantomNetError, show } from '../core/index.js';
import { checkKey, checkRegisteredModelName, isLongerThan, LIMITS } from '../mlflow/index.js';
import type { MlflowDatabase, SqlRow, SqlValue } from '../storage/index.js';
import { type ModelVersion, type RegisteredModel, STAGES, type Stage } from './port.js';

/** MLflow keeps a deleted version's row in this stage, so that its number is never given again. */
export const DELETED_STAGE = 'Deleted_Internal';

/**
 * Returns the statement that adds to rows of `model_versions` what `toVersion` takes: tags in the order they were
 * written, and aliases. `rows` is the statement of the rows, whose order stays.
 */
export function withVersionDetails(rows: string): string {
  return `SELECT name, version, current_stage, description, source, run_id, run_link, user_id, status, status_message,
      creation_time, last_updated_time,
      (SELECT json_group_array(json_array(key, value)) FROM
         (SELECT key, value FROM model_version_tags WHERE workspace = 'default' AND name = v.name
            AND version = v.version ORDER BY rowid)) AS tags,
      (SELECT json_group_array(alias) FROM
         (SELECT alias FROM registered_model_aliases WHERE workspace = 'default' AND name = v.name
            AND version = v.version ORDER BY alias)) AS aliases
    FROM (${rows}) AS v`;
}

/** Returns the statement that adds to rows of `registered_models` what `toModel` takes; their order stays. */
export function withModelDetails(rows: string): string {
  return `SELECT m.*,
      (SELECT json_group_array(json_array(key, value)) FROM
         (SELECT key, value FROM registered_model_tags WHERE workspace = 'default' AND name = m.name
            ORDER BY rowid)) AS tags,
      (SELECT json_group_array(json_array(alias, version)) FROM
         (SELECT alias, version FROM registered_model_aliases WHERE workspace = 'default' AND name = m.name
            ORDER BY alias)) AS aliases
    FROM (${rows}) AS m`;
}

const SELECT_MODEL = withModelDetails(
  "SELECT * FROM registered_models WHERE workspace = 'default' AND name = ?",
);

const SELECT_VERSION = withVersionDetails(
  `SELECT * FROM model_versions
   WHERE workspace = 'default' AND name = ? AND version = ? AND current_stage <> '${DELETED_STAGE}'`,
);

/**
 * The newest version of each stage of the model named by ?1; MLflow lists stages by their oldest version. With our index
 * the time does not depend on how many versions there are.
 */
const SELECT_LATEST_VERSIONS = withVersionDetails(
  `SELECT newest.* FROM (VALUES ${STAGES.map((stage) => `('${stage}')`).join(', ')}) AS stage
   JOIN model_versions AS newest ON newest.workspace = 'default' AND newest.name = ?1
     AND newest.version = (${versionInStage('max')})
   ORDER BY (${versionInStage('min')}) LIMIT -1`,
);

function versionInStage(end: 'min' | 'max'): string {
  return `SELECT ${end}(version) FROM model_versions
    WHERE workspace = 'default' AND name = ?1 AND current_stage = stage.column1`;
}

/** Returns a registered model. Throws NOT_FOUND, or INVALID_PARAMETER for a name no model can have. */
export function requireModel(db: MlflowDatabase, name: string): RegisteredModel {
  checkRegisteredModelName(name);
  const row = db.sql.get(SELECT_MODEL, [name]);
  return row === undefined ? noModel(name) : toModel(db, row);
}

/** Throws what `requireModel` throws. */
export function checkModelExists(db: MlflowDatabase, name: string): void {
  checkRegisteredModelName(name);
  const found = db.sql.row("SELECT 1 FROM registered_models WHERE workspace = 'default' AND name = ?", [
    name,
  ]);
  if (found === undefined) noModel(name);
}

/** Throws NOT_FOUND: there is no model of this name. */
export function noModel(name: string): never {
  throw new PhantomNetError('NOT_FOUND', `no registered model named ${show(name)}`, {
    hint: 'list the registered models to see their names',
    details: { name },
  });
}

/** Returns a version that is not deleted. Throws NOT_FOUND, or INVALID_PARAMETER for a version that is no number. */
export function requireVersion(db: MlflowDatabase, name: string, version: string): ModelVersion {
  checkRegisteredModelName(name);
  const number = versionNumber(version);
  const row = db.sql.row(SELECT_VERSION, [name, number]);
  return row === undefined ? noVersion(name, version) : toVersion(row);
}

/** Returns the number of a version that is not deleted. Throws what `requireVersion` throws. */
export function requireVersionNumber(db: MlflowDatabase, name: string, version: string): number {
  checkRegisteredModelName(name);
  const number = versionNumber(version);
  const found = db.sql.row(
    `SELECT 1 FROM model_versions
     WHERE workspace = 'default' AND name = ? AND version = ? AND current_stage <> '${DELETED_STAGE}'`,
    [name, number],
  );
  return found === undefined ? noVersion(name, version) : number;
}

/** Throws NOT_FOUND: the model has no such version. */
export function noVersion(name: string, version: string): never {
  throw new PhantomNetError('NOT_FOUND', `registered model ${show(name)} has no version ${version.trim()}`, {
    hint: `see the versions of the model: phantomnet models show ${show(name)}`,
    details: { name, version },
  });
}

/**
 * Returns the whole number that MLflow reads from a version: signs, leading zeros and blanks around it are taken, though
 * only numbers from 1 are ever given. Throws INVALID_PARAMETER for anything else.
 */
export function versionNumber(version: string): number {
  const text = version.trim();
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) invalidParameter('model version', 'a whole number from 1', version);
  return number;
}

/** Returns a registered model from its row, with the newest version of each stage. */
export function toModel(db: MlflowDatabase, row: SqlRow): RegisteredModel {
  const name = String(row['name']);
  return {
    name,
    description: String(row['description'] ?? ''),
    creationTime: Number(row['creation_time'] ?? 0),
    lastUpdatedTime: Number(row['last_updated_time'] ?? 0),
    tags: pairs(row['tags']),
    aliases: pairs(row['aliases']),
    latestVersions: latestVersions(db, name),
  };
}

/** Returns a version from its row, as a statement of `withVersionDetails` gives it. */
export function toVersion(row: readonly SqlValue[]): ModelVersion {
  const [name, version, stage, description, given, runId, runLink, userId, status, statusMessage] = row;
  const [creationTime, lastUpdatedTime, tags, aliases] = row.slice(10);
  const source = String(given ?? '');
  return {
    name: String(name),
    version: String(version),
    stage: String(stage) as Stage,
    description: description === null ? undefined : String(description),
    source,
    runId: String(runId ?? ''),
    runLink: String(runLink ?? ''),
    // MLflow has no column for it: the source is what names the logged model.
    modelId: loggedModelId(source) ?? '',
    userId: String(userId ?? ''),
    status: String(status) as ModelVersion['status'],
    statusMessage: String(statusMessage ?? ''),
    creationTime: Number(creationTime ?? 0),
    lastUpdatedTime: Number(lastUpdatedTime ?? 0),
    tags: pairs(tags),
    aliases: aliases === '[]' ? [] : (JSON.parse(String(aliases)) as string[]),
  };
}

/** Returns the newest version of each stage that has one, the stage with the oldest version first. */
export function latestVersions(db: MlflowDatabase, name: string): ModelVersion[] {
  return db.sql.rows(SELECT_LATEST_VERSIONS, [name]).map(toVersion);
}

/** Returns the id in `models:/m-…`, or undefined for any other source. */
export function loggedModelId(source: string): string | undefined {
  return /^models:\/(m-[0-9a-f]{32})$/.exec(source)?.[1];
}

/** Throws INVALID_PARAMETER for tags that MLflow's registry refuses. */
export function checkRegistryTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    checkKey('tag key', key);
    if (isLongerThan(value, LIMITS.registryTagValueLength)) {
      invalidParameter(`tag ${show(key)}`, `at most ${LIMITS.registryTagValueLength} characters`, value);
    }
  }
}

/** Reads `[[key, value], …]`; most models and versions have none. */
function pairs(json: SqlValue | undefined): Record<string, string> {
  if (json === '[]') return {};
  const list = JSON.parse(String(json)) as [string, string | number | null][];
  return Object.fromEntries(list.map(([key, value]) => [key, String(value ?? '')]));
}
