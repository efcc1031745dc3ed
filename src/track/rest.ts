import { PhantomNetError } from '../core/index.js';
import { createRestClient, type RestClientOptions } from '../mlflow/index.js';
import type { TrackingStore } from './port.js';
import { restArtifacts } from './rest-artifacts.js';
import { restExperiments } from './rest-experiments.js';
import { restLoggedModels } from './rest-logged-models.js';
import { restRuns } from './rest-runs.js';

/**
 * Returns the tracking store of the MLflow server at `uri` (http or https). Nothing is sent before the first call.
 * A batch that fits one request is atomic; a larger one is sent params first, since they are what a server may refuse.
 */
export function openRestTrackingStore(uri: string, options: RestClientOptions = {}): TrackingStore {
  const client = createRestClient(uri, options);
  const artifacts = (artifactUri: string) => restArtifacts(client, artifactUri);
  return {
    uri: client.uri,
    ...restExperiments(client),
    ...restRuns(client),
    ...restLoggedModels(client, artifacts),
    artifacts,
    servedArtifacts: () => {
      throw new PhantomNetError('UNSUPPORTED', `the artifacts of ${client.uri} are served by that server`, {
        hint: 'serve an embedded store: --store sqlite:///phantomnet.db',
      });
    },
    close: async () => {},
  };
}
