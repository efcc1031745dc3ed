import { PhantomNetError, show } from '../core/index.js';
import { checkRegisteredModelName } from '../mlflow/index.js';
import type { MlflowDatabase } from '../storage/index.js';
import { checkRegistryTag, requireModelRow, toModels } from './embedded-rows.js';
import type { RegisteredModel } from './port.js';

/** Creates a registered model without versions. Throws ALREADY_EXISTS for a taken name. */
export function createRegisteredModel(
  db: MlflowDatabase,
  name: string,
  options: { readonly description?: string; readonly tags?: Readonly<Record<string, string>> },
): RegisteredModel {
  checkRegisteredModelName(name);
  const taken = db.sql.get(
    "SELECT 1 AS one FROM registered_models WHERE workspace = 'default' AND name = ?",
    [name],
  );
  if (taken !== undefined) {
    throw new PhantomNetError('ALREADY_EXISTS', `a registered model named ${show(name)} exists already`, {
      hint: 'add a version to it, or choose another name',
      details: { name },
    });
  }
  const now = Date.now();
  db.sql.run(
    `INSERT INTO registered_models (workspace, name, creation_time, last_updated_time, description)
     VALUES ('default', ?, ?, ?, ?)`,
    [name, now, now, options.description ?? null],
  );
  writeTags(db, name, options.tags ?? {});
  return getRegisteredModel(db, name);
}

/** Returns a registered model. Throws NOT_FOUND. */
export function getRegisteredModel(db: MlflowDatabase, name: string): RegisteredModel {
  return toModels(db, [requireModelRow(db, name)])[0]!;
}

/** Replaces the description. Throws NOT_FOUND. */
export function updateRegisteredModel(db: MlflowDatabase, name: string, description: string): void {
  requireModelRow(db, name);
  db.sql.run(
    `UPDATE registered_models SET description = ?, last_updated_time = ?
     WHERE workspace = 'default' AND name = ?`,
    [description, Date.now(), name],
  );
}

/** Removes a registered model with all versions, aliases and tags; the logged models stay. Throws NOT_FOUND. */
export function deleteRegisteredModel(db: MlflowDatabase, name: string): void {
  requireModelRow(db, name);
  const tables = [
    'model_version_tags',
    'registered_model_aliases',
    'model_versions',
    'registered_model_tags',
    'registered_models',
  ];
  for (const table of tables) {
    db.sql.run(`DELETE FROM ${table} WHERE workspace = 'default' AND name = ?`, [name]);
  }
}

/** Writes tags over those the model has. Throws NOT_FOUND. */
export function setRegisteredModelTags(
  db: MlflowDatabase,
  name: string,
  tags: Readonly<Record<string, string>>,
): void {
  requireModelRow(db, name);
  writeTags(db, name, tags);
}

function writeTags(db: MlflowDatabase, name: string, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    checkRegistryTag(key, value);
    db.sql.run(
      `INSERT INTO registered_model_tags (workspace, name, key, value) VALUES ('default', ?, ?, ?)
       ON CONFLICT (workspace, name, key) DO UPDATE SET value = excluded.value`,
      [name, key, value],
    );
  }
}
