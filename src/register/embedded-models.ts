import { PhantomNetError, show } from '../core/index.js';
import { checkKeyForm, checkRegisteredModelName } from '../mlflow/index.js';
import type { MlflowDatabase } from '../storage/index.js';
import { checkModelExists, checkRegistryTags, noModel, requireModel } from './embedded-rows.js';
import type { RegisteredModel } from './port.js';

/** Creates a registered model without versions. Throws ALREADY_EXISTS for a taken name. */
export function createRegisteredModel(
  db: MlflowDatabase,
  name: string,
  options: { readonly description?: string; readonly tags?: Readonly<Record<string, string>> },
): RegisteredModel {
  checkRegisteredModelName(name);
  const { tags = {}, description = null } = options;
  checkRegistryTags(tags);
  const now = Date.now();
  const created = db.sql.run(
    `INSERT INTO registered_models (workspace, name, creation_time, last_updated_time, description)
     VALUES ('default', ?, ?, ?, ?) ON CONFLICT (workspace, name) DO NOTHING`,
    [name, now, now, description],
  );
  if (created === 0) nameTaken(name);
  writeTags(db, name, tags);
  return requireModel(db, name);
}

/** Replaces the description. Throws NOT_FOUND. */
export function updateRegisteredModel(
  db: MlflowDatabase,
  name: string,
  description: string,
): RegisteredModel {
  checkRegisteredModelName(name);
  const changed = db.sql.run(
    `UPDATE registered_models SET description = ?, last_updated_time = ?
     WHERE workspace = 'default' AND name = ?`,
    [description, Date.now(), name],
  );
  return changed === 0 ? noModel(name) : requireModel(db, name);
}

/** Gives a registered model another name; versions, tags and aliases follow. Throws NOT_FOUND, ALREADY_EXISTS for a taken name. */
export function renameRegisteredModel(db: MlflowDatabase, name: string, newName: string): RegisteredModel {
  checkRegisteredModelName(newName);
  checkModelExists(db, name);
  const now = Date.now();
  // The foreign keys of versions, tags and aliases cascade.
  const renamed = db.sql.run(
    `UPDATE OR IGNORE registered_models SET name = ?, last_updated_time = ?
     WHERE workspace = 'default' AND name = ?`,
    [newName, now, name],
  );
  if (renamed === 0) nameTaken(newName);
  db.sql.run("UPDATE model_versions SET last_updated_time = ? WHERE workspace = 'default' AND name = ?", [
    now,
    newName,
  ]);
  return requireModel(db, newName);
}

/** Removes a registered model with all versions, aliases and tags; the logged models stay. Throws NOT_FOUND. */
export function deleteRegisteredModel(db: MlflowDatabase, name: string): void {
  checkModelExists(db, name);
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
  checkRegistryTags(tags);
  checkModelExists(db, name);
  writeTags(db, name, tags);
}

/** Removes a tag if the model has it. Throws NOT_FOUND for an unknown model. */
export function deleteRegisteredModelTag(db: MlflowDatabase, name: string, key: string): void {
  checkKeyForm('tag key', key);
  checkModelExists(db, name);
  db.sql.run("DELETE FROM registered_model_tags WHERE workspace = 'default' AND name = ? AND key = ?", [
    name,
    key,
  ]);
}

function nameTaken(name: string): never {
  throw new PhantomNetError('ALREADY_EXISTS', `a registered model named ${show(name)} exists already`, {
    hint: 'add a version to it, or choose another name',
    details: { name },
  });
}

function writeTags(db: MlflowDatabase, name: string, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    db.sql.run(
      `INSERT INTO registered_model_tags (workspace, name, key, value) VALUES ('default', ?, ?, ?)
       ON CONFLICT (workspace, name, key) DO UPDATE SET value = excluded.value`,
      [name, key, value],
    );
  }
}
