import {
  checkKey,
  checkRegisteredModelName,
  registryEndpoints as endpoints,
  type RestClient,
  toKeyValues,
  toPage,
  toSearchRequest,
} from '../mlflow/index.js';
import type { RegisteredModel, RegistryStore } from './port.js';
import { toRegisteredModel } from './rest-convert.js';

/** The part of the registry port that is about registered models. */
export type RegisteredModelCalls = Pick<
  RegistryStore,
  | 'createRegisteredModel'
  | 'getRegisteredModel'
  | 'searchRegisteredModels'
  | 'updateRegisteredModel'
  | 'renameRegisteredModel'
  | 'deleteRegisteredModel'
  | 'setRegisteredModelTags'
  | 'deleteRegisteredModelTag'
>;

/** Returns the calls on registered models that an MLflow server answers. */
export function restRegisteredModels(client: RestClient): RegisteredModelCalls {
  return {
    createRegisteredModel: async (name, { description = '', tags = {} } = {}) => {
      checkRegisteredModelName(name);
      for (const key of Object.keys(tags)) checkKey('tag key', key);
      const request = { name, description, tags: toKeyValues(tags) };
      return toRegisteredModel(
        (await client.call(endpoints.createRegisteredModel, request)).registered_model,
      );
    },
    getRegisteredModel: (name) => getRegisteredModel(client, name),
    searchRegisteredModels: async (query) => {
      const answer = await client.call(endpoints.searchRegisteredModels, toSearchRequest(query));
      return toPage(answer.registered_models.map(toRegisteredModel), answer.next_page_token);
    },
    updateRegisteredModel: async (name, { description }) => {
      checkRegisteredModelName(name);
      const request = { name, description };
      return toRegisteredModel(
        (await client.call(endpoints.updateRegisteredModel, request)).registered_model,
      );
    },
    renameRegisteredModel: async (name, newName) => {
      checkRegisteredModelName(name);
      checkRegisteredModelName(newName);
      const request = { name, new_name: newName };
      return toRegisteredModel(
        (await client.call(endpoints.renameRegisteredModel, request)).registered_model,
      );
    },
    deleteRegisteredModel: async (name) => {
      checkRegisteredModelName(name);
      await client.call(endpoints.deleteRegisteredModel, { name });
    },
    setRegisteredModelTags: async (name, tags) => {
      checkRegisteredModelName(name);
      for (const key of Object.keys(tags)) checkKey('tag key', key);
      for (const [key, value] of Object.entries(tags)) {
        await client.call(endpoints.setRegisteredModelTag, { name, key, value });
      }
    },
    deleteRegisteredModelTag: async (name, key) => {
      checkRegisteredModelName(name);
      checkKey('tag key', key);
      await client.call(endpoints.deleteRegisteredModelTag, { name, key });
    },
  };
}

/** Returns one registered model. Throws NOT_FOUND when there is none. */
export async function getRegisteredModel(client: RestClient, name: string): Promise<RegisteredModel> {
  checkRegisteredModelName(name);
  return toRegisteredModel((await client.call(endpoints.getRegisteredModel, { name })).registered_model);
}
