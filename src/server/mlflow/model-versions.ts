import { given, PhantomNetError } from '../../core/index.js';
import { registryEndpoints as endpoints, toRecord } from '../../mlflow/index.js';
import type { Stage } from '../../register/index.js';
import { type Route, route } from '../http/route.js';
import { checkVersionSource } from './model-versions-source.js';
import { versionsToWire, versionToWire } from './registered-models-wire.js';
import { toSearchQuery } from './search-query.js';

/** The tag that makes a registered model a prompt, and what stands where a model's source would. */
const PROMPT_TAG = 'mlflow.prompt.is_prompt';
const PROMPT_SOURCES = ['dummy-source', 'prompt-template'];

/** The calls on versions of registered models. */
export const modelVersionRoutes: readonly Route[] = [
  route(endpoints.createModelVersion, async (request, stores) => {
    const { name, description, run_link: runLink } = request;
    const tags = toRecord(request.tags);
    const isPrompt = tags[PROMPT_TAG]?.toLowerCase() === 'true';
    if (isPrompt) checkPromptSource(request.source);
    const from = given({ source: request.source, runId: request.run_id, modelId: request.model_id });
    const { source, runId = '', modelId = '' } = isPrompt ? from : await checkVersionSource(from, stores);
    const version = { name, source, runId, modelId, runLink, description, tags };
    return { model_version: versionToWire(await stores.registry.createModelVersion(version)) };
  }),
  route(endpoints.getModelVersion, async ({ name, version }, { registry }) => ({
    model_version: versionToWire(await registry.getModelVersion(name, version)),
  })),
  route(endpoints.searchModelVersions, async (request, { registry }) => {
    const { items, nextPageToken } = await registry.searchModelVersions(toSearchQuery(request));
    // MLflow's search says nothing of aliases.
    const versions = items.map((version) => ({ ...version, aliases: [] }));
    return { ...versionsToWire(versions), ...given({ next_page_token: nextPageToken }) };
  }),
  route(endpoints.updateModelVersion, async ({ name, version, description }, { registry }) => ({
    model_version: versionToWire(await registry.updateModelVersion(name, version, given({ description }))),
  })),
  route(endpoints.transitionStage, async (request, { registry }) => {
    const { name, version, stage, archive_existing_versions: archiveExisting } = request;
    // The store checks the name of the stage, in any case of its letters.
    const moved = await registry.transitionStage(name, version, stage as Stage, { archiveExisting });
    return { model_version: versionToWire(moved) };
  }),
  route(endpoints.deleteModelVersion, async ({ name, version }, { registry }) => {
    await registry.deleteModelVersion(name, version);
    return {};
  }),
  route(endpoints.getDownloadUri, async ({ name, version }, { registry }) => ({
    artifact_uri: await registry.getDownloadUri(name, version),
  })),
  route(endpoints.setModelVersionTag, async ({ name, version, key, value }, { registry }) => {
    await registry.setModelVersionTags(name, version, toRecord([{ key, value }]));
    return {};
  }),
  route(endpoints.deleteModelVersionTag, async ({ name, version, key }, { registry }) => {
    await registry.deleteModelVersionTag(name, version, key);
    return {};
  }),
];

function checkPromptSource(source: string): void {
  if (PROMPT_SOURCES.includes(source)) return;
  throw new PhantomNetError('INVALID_PARAMETER', 'a prompt has no files, so its source names none', {
    hint: `give one of ${PROMPT_SOURCES.join(', ')} as source`,
  });
}
