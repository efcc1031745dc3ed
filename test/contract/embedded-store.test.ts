import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedRegistry } from '#src/register/embedded.js';
import { openEmbeddedTracking } from '#src/track/embedded.js';
import { registryStoreContract } from './registry-store.contract.js';
import { trackingStoreContract } from './tracking-store.contract.js';

const newFolder = () => mkdtemp(join(tmpdir(), 'phantomnet-embedded-'));

trackingStoreContract('embedded', async () => {
  const folder = await newFolder();
  const store = await openEmbeddedTracking({ uri: `sqlite:///${folder}/phantomnet.db` });
  const close = async () => {
    await store.close();
    await rm(folder, { recursive: true });
  };
  return { store, close };
});

registryStoreContract('embedded', async () => {
  const folder = await newFolder();
  const uri = `sqlite:///${folder}/phantomnet.db`;
  const [tracking, registry] = [await openEmbeddedTracking({ uri }), await openEmbeddedRegistry({ uri })];
  const close = async () => {
    await registry.close();
    await tracking.close();
    await rm(folder, { recursive: true });
  };
  return { registry, tracking, close };
});
