import { given, invalidParameter, PhantomNetError, show } from '../core/index.js';
import {
  checkAlias,
  checkKey,
  checkRegisteredModelName,
  checkVersion,
  registryEndpoints as endpoints,
  type Page,
  type RestClient,
  type SearchQuery,
  toKeyValues,
  toPage,
  toSearchRequest,
} from '../mlflow/index.js';
import { type ModelVersion, type RegisteredModel, type RegistryStore, STAGES } from './port.js';
import { loggedModelOf, toModelVersion } from './rest-convert.js';
import { getRegisteredModel, type RegisteredModelCalls } from './rest-models.js';

/** The part of the registry port that is about versions. */
type ModelVersionCalls = Omit<RegistryStore, keyof RegisteredModelCalls | 'uri' | 'close'>;

/** Returns the calls on model versions that an MLflow server answers. */
export function restModelVersions(client: RestClient): ModelVersionCalls {
  return {
    createModelVersion: (options) => createModelVersion(client, options),
    getModelVersion: async (name, version) =>
      toModelVersion((await client.call(endpoints.getModelVersion, address(name, version))).model_version),
    searchModelVersions: (query) => searchModelVersions(client, query),
    updateModelVersion: async (name, version, { description }) => {
      const request = { ...address(name, version), ...given({ description }) };
      return toModelVersion((await client.call(endpoints.updateModelVersion, request)).model_version);
    },
    deleteModelVersion: async (name, version) => {
      await client.call(endpoints.deleteModelVersion, address(name, version));
    },
    transitionStage: (name, version, stage, { archiveExisting }) =>
      transitionStage(client, {
        ...address(name, version),
        stage,
        archive_existing_versions: archiveExisting,
      }),
    getLatestVersions: async (name, stages = STAGES) => {
      const { aliases } = await getRegisteredModel(client, name);
      const answer = await client.call(endpoints.getLatestVersions, { name, stages: [...stages] });
      return answer.model_versions.map((version) => toModelVersion(version, aliases));
    },
    setAlias: async (name, alias, version) => {
      checkAlias(alias);
      await client.call(endpoints.setAlias, { ...address(name, version), alias });
    },
    deleteAlias: async (name, alias) => {
      checkRegisteredModelName(name);
      await client.call(endpoints.deleteAlias, { name, alias });
    },
    getVersionByAlias: (name, alias) => getVersionByAlias(client, name, alias),
    setModelVersionTags: async (name, version, tags) => {
      for (const key of Object.keys(tags)) checkKey('tag key', key);
      for (const [key, value] of Object.entries(tags)) {
        await client.call(endpoints.setModelVersionTag, { ...address(name, version), key, value });
      }
    },
    deleteModelVersionTag: async (name, version, key) => {
      await client.call(endpoints.deleteModelVersionTag, { ...address(name, version), key });
    },
    getDownloadUri: async (name, version) =>
      (await client.call(endpoints.getDownloadUri, address(name, version))).artifact_uri,
  };
}

function address(name: string, version: string): { name: string; version: string } {
  checkRegisteredModelName(name);
  checkVersion(version);
  return { name, version };
}

async function createModelVersion(
  client: RestClient,
  options: Parameters<RegistryStore['createModelVersion']>[0],
): Promise<ModelVersion> {
  const { name, source, runId, runLink, description, tags = {} } = options;
  // MLflow refuses the address of a logged model unless the model is named beside it.
  const modelId = options.modelId ?? loggedModelOf(source);
  checkRegisteredModelName(name);
  for (const key of Object.keys(tags)) checkKey('tag key', key);
  // MLflow looks at the source before the name, and calls a source it cannot find an internal error.
  await getRegisteredModel(client, name);
  const { model_version } = await client.call(endpoints.createModelVersion, {
    name,
    source,
    tags: toKeyValues(tags),
    ...given({ run_id: runId, run_link: runLink, model_id: modelId, description }),
  });
  return toModelVersion(model_version);
}

/** MLflow's search leaves aliases out; they come from the models whose versions are on the page. */
async function searchModelVersions(client: RestClient, query: SearchQuery): Promise<Page<ModelVersion>> {
  const answer = await client.call(endpoints.searchModelVersions, toSearchRequest(query));
  const aliases = new Map<string, RegisteredModel['aliases']>();
  for (const name of new Set(answer.model_versions.map((version) => version.name))) {
    aliases.set(name, (await getRegisteredModel(client, name)).aliases);
  }
  const items = answer.model_versions.map((version) => toModelVersion(version, aliases.get(version.name)));
  return toPage(items, answer.next_page_token);
}

async function transitionStage(
  client: RestClient,
  request: Parameters<typeof client.call<typeof endpoints.transitionStage.request, never>>[1],
): Promise<ModelVersion> {
  if (request.archive_existing_versions && request.stage !== 'Staging' && request.stage !== 'Production') {
    invalidParameter(
      'stage',
      'Staging or Production when existing versions are to be archived',
      request.stage,
    );
  }
  return toModelVersion((await client.call(endpoints.transitionStage, request)).model_version);
}

async function getVersionByAlias(client: RestClient, name: string, alias: string): Promise<ModelVersion> {
  checkRegisteredModelName(name);
  try {
    return toModelVersion((await client.call(endpoints.getVersionByAlias, { name, alias })).model_version);
  } catch (error) {
    // MLflow calls an alias that is not there a bad parameter.
    if (!(error instanceof PhantomNetError) || error.code !== 'INVALID_PARAMETER') throw error;
    const { aliases } = await getRegisteredModel(client, name);
    if (aliases[alias] !== undefined) throw error;
    throw new PhantomNetError('NOT_FOUND', `registered model ${show(name)} has no alias ${show(alias)}`, {
      hint: `its aliases: ${Object.keys(aliases).sort().join(', ') || 'none'}`,
      details: { name, alias },
      cause: error,
    });
  }
}
