import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedRegistry } from '#src/register/embedded.js';
import { openRegistryStore } from '#src/register/index.js';
import { startServer } from '#src/server/index.js';
import { openEmbeddedTracking } from '#src/track/embedded.js';
import { registryStoreContract } from './registry-store.contract.js';

// What a registry promises, through our own server: REST client, HTTP, routes and embedded store in one. Runs and
// logged models are written beside it, into the store that the server serves.
registryStoreContract('our server', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-our-server-'));
  const uri = `sqlite:///${folder}/phantomnet.db`;
  const [tracking, served] = [await openEmbeddedTracking({ uri }), await openEmbeddedRegistry({ uri })];
  const server = await startServer({ tracking, registry: served, port: 0, env: {} });
  const registry = await openRegistryStore({ uri: server.uri, env: {} });
  const close = async () => {
    await registry.close();
    await server.stop();
    await served.close();
    await tracking.close();
    await rm(folder, { recursive: true });
  };
  return { registry, tracking, close };
});
