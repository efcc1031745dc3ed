import { toRecord, type wireModelVersion, type wireRegisteredModel } from '../mlflow/index.js';
import type { ModelVersion, RegisteredModel } from './port.js';

// Types of parsed messages, taken from the schemas so that the two cannot drift apart.
type Parsed<Schema extends { readonly _zod: { output: unknown } }> = Schema['_zod']['output'];

/** Returns a registered model of the port from one of the wire. */
export function toRegisteredModel(wire: Parsed<typeof wireRegisteredModel>): RegisteredModel {
  const aliases = Object.create(null) as Record<string, string>;
  for (const { alias, version } of wire.aliases) aliases[alias] = version;
  return {
    name: wire.name,
    description: wire.description,
    creationTime: wire.creation_timestamp,
    lastUpdatedTime: wire.last_updated_timestamp,
    tags: toRecord(wire.tags),
    aliases,
    latestVersions: wire.latest_versions.map((version) => toModelVersion(version, aliases)),
  };
}

/**
 * Returns a version of the port from one of the wire. Only some answers of MLflow carry a version's aliases; for the
 * others they come from the model's (`modelAliases`: version by alias). MLflow keeps the id of the logged model only in
 * the source.
 */
export function toModelVersion(
  wire: Parsed<typeof wireModelVersion>,
  modelAliases: Readonly<Record<string, string>> = {},
): ModelVersion {
  const fromModel = Object.keys(modelAliases).filter((alias) => modelAliases[alias] === wire.version);
  return {
    name: wire.name,
    version: wire.version,
    stage: wire.current_stage,
    description: wire.description,
    source: wire.source,
    runId: wire.run_id,
    runLink: wire.run_link,
    modelId: wire.model_id || (loggedModelOf(wire.source) ?? ''),
    userId: wire.user_id,
    status: wire.status,
    statusMessage: wire.status_message,
    creationTime: wire.creation_timestamp,
    lastUpdatedTime: wire.last_updated_timestamp,
    tags: toRecord(wire.tags),
    aliases: [...new Set([...wire.aliases, ...fromModel])].sort(),
  };
}

/** Returns the id of the logged model that a version's source names, or undefined when it names something else. */
export function loggedModelOf(source: string): string | undefined {
  return /^models:\/(m-[0-9a-f]{32})$/.exec(source)?.[1];
}
