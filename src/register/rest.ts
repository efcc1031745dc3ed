import { createRestClient, type RestClientOptions } from '../mlflow/index.js';
import type { RegistryStore } from './port.js';
import { restRegisteredModels } from './rest-models.js';
import { restModelVersions } from './rest-versions.js';

/** Returns the model registry of the MLflow server at `uri` (http or https). Nothing is sent before the first call. */
export function openRestRegistryStore(uri: string, options: RestClientOptions = {}): RegistryStore {
  const client = createRestClient(uri, options);
  return {
    uri: client.uri,
    ...restRegisteredModels(client),
    ...restModelVersions(client),
    close: async () => {},
  };
}
