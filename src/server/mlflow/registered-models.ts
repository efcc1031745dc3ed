import { given } from '../../core/index.js';
import { registryEndpoints as endpoints, toRecord } from '../../mlflow/index.js';
import type { RegistryStore, Stage } from '../../register/index.js';
import { type Route, route } from '../http/route.js';
import { modelToWire, unlessEmpty, versionsToWire, versionToWire } from './registered-models-wire.js';
import { toSearchQuery } from './search-query.js';

/** The calls on registered models and their aliases. */
export const registeredModelRoutes: readonly Route[] = [
  route(endpoints.createRegisteredModel, async ({ name, description, tags }, { registry }) => ({
    registered_model: modelToWire(
      await registry.createRegisteredModel(name, { description, tags: toRecord(tags) }),
    ),
  })),
  route(endpoints.getRegisteredModel, async ({ name }, { registry }) => ({
    registered_model: modelToWire(await registry.getRegisteredModel(name)),
  })),
  route(endpoints.searchRegisteredModels, async (request, { registry }) => {
    const { items, nextPageToken } = await registry.searchRegisteredModels(toSearchQuery(request));
    const models = unlessEmpty(items.map(modelToWire));
    return given({ registered_models: models, next_page_token: nextPageToken });
  }),
  route(endpoints.updateRegisteredModel, async ({ name, description }, { registry }) => ({
    registered_model: modelToWire(await registry.updateRegisteredModel(name, { description })),
  })),
  route(endpoints.renameRegisteredModel, async ({ name, new_name }, { registry }) => ({
    registered_model: modelToWire(await registry.renameRegisteredModel(name, new_name)),
  })),
  route(endpoints.deleteRegisteredModel, async ({ name }, { registry }) => {
    await registry.deleteRegisteredModel(name);
    return {};
  }),
  route(endpoints.getLatestVersions, async ({ name, stages }, { registry }) =>
    versionsToWire(await latestVersions(registry, name, stages)),
  ),
  route(endpoints.getLatestVersionsByQuery, async ({ name, stages }, { registry }) =>
    versionsToWire(await latestVersions(registry, name, stages)),
  ),
  route(endpoints.setRegisteredModelTag, async ({ name, key, value }, { registry }) => {
    await registry.setRegisteredModelTags(name, toRecord([{ key, value }]));
    return {};
  }),
  route(endpoints.deleteRegisteredModelTag, async ({ name, key }, { registry }) => {
    await registry.deleteRegisteredModelTag(name, key);
    return {};
  }),
  route(endpoints.setAlias, async ({ name, alias, version }, { registry }) => {
    await registry.setAlias(name, alias, version);
    return {};
  }),
  route(endpoints.deleteAlias, async ({ name, alias }, { registry }) => {
    await registry.deleteAlias(name, alias);
    return {};
  }),
  route(endpoints.getVersionByAlias, async ({ name, alias }, { registry }) => ({
    model_version: versionToWire(await registry.getVersionByAlias(name, alias)),
  })),
];

/** The store checks the names of stages, in any case of their letters. */
function latestVersions(registry: RegistryStore, name: string, stages: readonly string[]) {
  return registry.getLatestVersions(name, stages as Stage[]);
}
