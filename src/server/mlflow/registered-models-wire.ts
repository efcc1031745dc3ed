import { given } from '../../core/index.js';
import { toKeyValues } from '../../mlflow/index.js';
import type { ModelVersion, RegisteredModel } from '../../register/index.js';

/** Returns a registered model as MLflow writes it: what is empty is left out, and its versions come without their aliases. */
export function modelToWire(model: RegisteredModel) {
  const aliases = Object.entries(model.aliases).map(([alias, version]) => ({ alias, version }));
  return {
    name: model.name,
    creation_timestamp: model.creationTime,
    last_updated_timestamp: model.lastUpdatedTime,
    ...given({
      description: model.description || undefined,
      latest_versions: unlessEmpty(model.latestVersions.map((v) => versionToWire({ ...v, aliases: [] }))),
      tags: unlessEmpty(toKeyValues(model.tags)),
      aliases: unlessEmpty(aliases),
    }),
  };
}

/** Returns a version as MLflow writes it: a description that was never given is left out, and lists that are empty. */
export function versionToWire(version: ModelVersion) {
  return {
    name: version.name,
    version: version.version,
    creation_timestamp: version.creationTime,
    last_updated_timestamp: version.lastUpdatedTime,
    current_stage: version.stage,
    source: version.source,
    run_id: version.runId,
    run_link: version.runLink,
    status: version.status,
    ...given({
      description: version.description,
      user_id: version.userId || undefined,
      status_message: version.statusMessage || undefined,
      tags: unlessEmpty(toKeyValues(version.tags)),
      aliases: unlessEmpty([...version.aliases]),
    }),
  };
}

/** Returns an answer whose one field is a list, which MLflow leaves out when it is empty. */
export function versionsToWire(versions: readonly ModelVersion[]) {
  return given({ model_versions: unlessEmpty(versions.map(versionToWire)) });
}

/** Returns the list, or undefined for an empty one. */
export function unlessEmpty<Item>(list: Item[]): Item[] | undefined {
  return list.length === 0 ? undefined : list;
}
