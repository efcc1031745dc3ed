import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenedTrackingStore, openTrackingStore } from '#src/track/index.js';

/** Runs `body` with an embedded store in a new folder, which is removed afterwards. */
export async function withTemporaryStore(
  body: (store: OpenedTrackingStore, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-store-'));
  const store = await openTrackingStore({ uri: `sqlite:///${join(folder, 'phantomnet.db')}`, env: {} });
  try {
    await body(store, folder);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}
