import { given } from '../core/index.js';
import type { RegistryStore } from '../register/index.js';
import { openRegistryStore } from '../register/index.js';
import { openTrackingStore, type TrackingStore } from '../track/index.js';

/** Where everything is kept: one tracking store and one registry, opened together. */
export interface Workspace {
  readonly tracking: TrackingStore;
  readonly registry: RegistryStore;
  close(): Promise<void>;
}

/** Where to open a workspace. */
export interface WorkspaceOptions {
  /** Default: MLFLOW_TRACKING_URI, else `sqlite:///phantomnet.db`. */
  readonly uri?: string | undefined;
  /** Artifact root of an embedded store; default: `artifacts` beside the database. */
  readonly artifactRoot?: string | undefined;
  /** Told what was found and mended at the start, such as runs of dead processes. */
  readonly onNote?: (text: string) => void;
}

/** Opens the stores that options and environment name; embedded runs whose process has died are set to KILLED first. */
export async function openWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const { uri, artifactRoot, onNote } = options;
  const tracking = await openTrackingStore(given({ uri, artifactRoot }));
  for (const { runId, reason } of tracking.recoveredRuns) onNote?.(`run ${runId} is now KILLED: ${reason}`);
  try {
    const registry = await openRegistryStore(given({ trackingUri: uri, artifactRoot }));
    return {
      tracking,
      registry,
      async close() {
        await registry.close();
        await tracking.close();
      },
    };
  } catch (error) {
    await tracking.close();
    throw error;
  }
}
