import { afterAll, beforeAll, describe } from 'vitest';
import { openRegistryStore } from '#src/register/index.js';
import { openTrackingStore } from '#src/track/index.js';
import { type MlflowServer, reasonToSkipMlflow, startMlflowServer } from '../support/mlflow-server.js';
import { registryStoreContract } from './registry-store.contract.js';
import { trackingStoreContract } from './tracking-store.contract.js';

const skip = reasonToSkipMlflow();

describe.skipIf(skip !== undefined)(
  `REST stores on a real mlflow server${skip ? ` (skipped: ${skip})` : ''}`,
  () => {
    let server: MlflowServer | undefined;
    const uri = () => server?.uri ?? '';
    beforeAll(async () => {
      server = await startMlflowServer();
    });
    afterAll(async () => {
      await server?.stop();
    });

    trackingStoreContract(
      'REST',
      async () => {
        const store = await openTrackingStore({ uri: uri(), env: {} });
        return { store, close: () => store.close() };
      },
      { purge: 'unsupported' },
    );

    registryStoreContract('REST', async () => {
      const registry = await openRegistryStore({ uri: uri(), env: {} });
      const tracking = await openTrackingStore({ uri: uri(), env: {} });
      return {
        registry,
        tracking,
        close: async () => {
          await registry.close();
          await tracking.close();
        },
      };
    });
  },
);
