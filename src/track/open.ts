import { given } from '../core/index.js';
import { DEFAULT_TRACKING_URI, type Environment, parseTrackingUri } from '../mlflow/index.js';
import type { RecoveredRun } from './embedded-recovery.js';
import type { TrackingStore } from './port.js';

/** A tracking store, and what opening it found. */
export interface OpenedTrackingStore extends TrackingStore {
  /** Runs of dead processes of this machine that opening set to KILLED; always empty for a server. */
  readonly recoveredRuns: readonly RecoveredRun[];
}

/** Which tracking store to open. */
export interface OpenTrackingOptions {
  /** Default: MLFLOW_TRACKING_URI, else `sqlite:///phantomnet.db`. */
  readonly uri?: string;
  /** Folder of the artifacts of new experiments in an embedded store; default: `artifacts` beside its file. */
  readonly artifactRoot?: string;
  /** What new experiments record as their artifact root, where clients reach it in another way than by its path. */
  readonly artifactRootUri?: string;
  /** Default: `process.env`. */
  readonly env?: Environment;
}

/**
 * Returns the tracking store at a uri: embedded for `sqlite:///…`, REST for `http(s)://…`. Loads only the code of that
 * kind. Throws UNSUPPORTED or INVALID_PARAMETER for any other uri, and what the embedded store throws on a bad file.
 */
export async function openTrackingStore(options: OpenTrackingOptions = {}): Promise<OpenedTrackingStore> {
  const env = options.env ?? process.env;
  const address = parseTrackingUri(options.uri ?? (env['MLFLOW_TRACKING_URI'] || DEFAULT_TRACKING_URI));
  const { artifactRoot, artifactRootUri } = options;
  if (address.kind === 'http') {
    const { openRestTrackingStore } = await import('./rest.js');
    return { ...openRestTrackingStore(address.uri, { env }), recoveredRuns: [] };
  }
  const { openEmbeddedTracking } = await import('./embedded.js');
  return openEmbeddedTracking({ uri: address.uri, ...given({ artifactRoot, artifactRootUri }) });
}
