import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openEmbeddedRegistry } from '#src/register/embedded.js';
import { connectSqlite } from '#src/storage/sqlite-database.js';
import { openEmbeddedTracking } from '#src/track/embedded.js';
import { registryStoreContract } from './registry-store.contract.js';
import { trackingStoreContract } from './tracking-store.contract.js';

/** Whatever was written, nothing refers to a row that is not there, whoever looked for it. */
async function expectNoOrphans(folder: string): Promise<void> {
  const sql = await connectSqlite(join(folder, 'phantomnet.db'));
  expect(sql.all('PRAGMA foreign_key_check')).toEqual([]);
  sql.close();
}

const newFolder = () => mkdtemp(join(tmpdir(), 'phantomnet-embedded-'));

trackingStoreContract('embedded', async () => {
  const folder = await newFolder();
  const store = await openEmbeddedTracking({ uri: `sqlite:///${folder}/phantomnet.db` });
  const close = async () => {
    await store.close();
    await expectNoOrphans(folder);
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
    await expectNoOrphans(folder);
    await rm(folder, { recursive: true });
  };
  return { registry, tracking, close };
});
