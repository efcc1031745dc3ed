import { given } from '../core/index.js';
import { DEFAULT_TRACKING_URI, type Environment, parseTrackingUri } from '../mlflow/index.js';
import type { RegistryStore } from './port.js';

/** Which registry to open. */
export interface OpenRegistryOptions {
  /** Default: MLFLOW_REGISTRY_URI, else `trackingUri`. */
  readonly uri?: string;
  /** The uri of the tracking store in use; default: MLFLOW_TRACKING_URI, else `sqlite:///phantomnet.db`. */
  readonly trackingUri?: string;
  /** Folder of the artifacts of new experiments in an embedded store; default: `artifacts` beside its file. */
  readonly artifactRoot?: string;
  /** What new experiments record as their artifact root, where clients reach it in another way than by its path. */
  readonly artifactRootUri?: string;
  /** Default: `process.env`. */
  readonly env?: Environment;
}

/**
 * Returns the model registry at a uri: embedded for `sqlite:///…`, REST for `http(s)://…`. Loads only the code of that
 * kind. Throws UNSUPPORTED or INVALID_PARAMETER for any other uri, and what the embedded store throws on a bad file.
 */
export async function openRegistryStore(options: OpenRegistryOptions = {}): Promise<RegistryStore> {
  const env = options.env ?? process.env;
  const trackingUri = options.trackingUri ?? (env['MLFLOW_TRACKING_URI'] || DEFAULT_TRACKING_URI);
  const address = parseTrackingUri(options.uri ?? (env['MLFLOW_REGISTRY_URI'] || trackingUri));
  const { artifactRoot, artifactRootUri } = options;
  if (address.kind === 'http') {
    const { openRestRegistryStore } = await import('./rest.js');
    return openRestRegistryStore(address.uri, { env });
  }
  const { openEmbeddedRegistry } = await import('./embedded.js');
  return openEmbeddedRegistry({ uri: address.uri, ...given({ artifactRoot, artifactRootUri }) });
}
