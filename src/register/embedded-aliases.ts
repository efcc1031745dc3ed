import { PhantomNetError, show } from '../core/index.js';
import { checkAlias, checkAliasCharacters } from '../mlflow/index.js';
import type { MlflowDatabase } from '../storage/index.js';
import { checkModelExists, DELETED_STAGE, requireVersion, requireVersionNumber } from './embedded-rows.js';
import type { ModelVersion } from './port.js';

/** The alias that always means the newest version and cannot be set. */
const LATEST = 'latest';

/** Points an alias at a version, away from the one it pointed at. Throws NOT_FOUND, or INVALID_PARAMETER for a reserved name. */
export function setAlias(
  db: MlflowDatabase,
  key: { readonly name: string; readonly version: string },
  alias: string,
): void {
  checkAlias(alias);
  const number = requireVersionNumber(db, key.name, key.version);
  db.sql.run(
    `INSERT INTO registered_model_aliases (workspace, name, alias, version) VALUES ('default', ?, ?, ?)
     ON CONFLICT (workspace, name, alias) DO UPDATE SET version = excluded.version`,
    [key.name, alias, number],
  );
}

/** Removes an alias if the model has it. Throws NOT_FOUND for an unknown model. */
export function deleteAlias(db: MlflowDatabase, name: string, alias: string): void {
  checkAliasCharacters(alias);
  checkModelExists(db, name);
  db.sql.run("DELETE FROM registered_model_aliases WHERE workspace = 'default' AND name = ? AND alias = ?", [
    name,
    alias,
  ]);
}

/** Returns the version an alias points at; `latest` is the newest. Throws NOT_FOUND for an unknown model or alias. */
export function getVersionByAlias(db: MlflowDatabase, name: string, alias: string): ModelVersion {
  checkAliasCharacters(alias);
  checkModelExists(db, name);
  const isLatest = alias.toLowerCase() === LATEST;
  const row = isLatest
    ? db.sql.get(
        `SELECT max(version) AS version FROM model_versions
         WHERE workspace = 'default' AND name = ? AND current_stage <> '${DELETED_STAGE}'`,
        [name],
      )
    : db.sql.get(
        "SELECT version FROM registered_model_aliases WHERE workspace = 'default' AND name = ? AND alias = ?",
        [name, alias],
      );
  if (typeof row?.['version'] === 'number') return requireVersion(db, name, String(row['version']));
  throw new PhantomNetError('NOT_FOUND', `registered model ${show(name)} has no alias ${show(alias)}`, {
    hint: `see the aliases of the model, phantomnet models show ${show(name)}, or set this one with phantomnet models alias`,
    // MLflow calls an alias that is not there a bad parameter, a model without versions not.
    details: { name, alias, ...(isLatest ? {} : { mlflowCode: 'INVALID_PARAMETER_VALUE' }) },
  });
}
