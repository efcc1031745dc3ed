import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedRegistry } from '#src/register/embedded.js';
import { startServer } from '#src/server/index.js';
import { openEmbeddedTracking } from '#src/track/embedded.js';
import { openTrackingStore } from '#src/track/index.js';
import { trackingStoreContract } from './tracking-store.contract.js';

trackingStoreContract(
  'REST on our server',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'phantomnet-server-'));
    const uri = `sqlite:///${folder}/phantomnet.db`;
    const tracking = await openEmbeddedTracking({ uri, artifactRootUri: 'mlflow-artifacts:/' });
    const registry = await openEmbeddedRegistry({ uri });
    const server = await startServer({ tracking, registry, port: 0 });
    const store = await openTrackingStore({ uri: server.uri, env: {} });
    const close = async () => {
      await store.close();
      await server.stop();
      await registry.close();
      await tracking.close();
      await rm(folder, { recursive: true });
    };
    return { store, close };
  },
  { purge: 'unsupported' },
);
