import { given, PhantomNetError } from '../../core/index.js';
import { DEFAULT_TRACKING_URI } from '../../mlflow/index.js';
import type { CommandDefinition } from '../context.js';
import { wholeNumber } from '../options.js';
import { loadConfig } from '../session.js';

/** Where clients of the server put and find artifacts: through the server itself. */
const ARTIFACTS_THROUGH_SERVER = 'mlflow-artifacts:';

/** `phantomnet server`: MLflow's tracking and registry server on an embedded store. */
export const defineServer: CommandDefinition = (program, run) => {
  program
    .command('server')
    .description('serve the tracking store and the registry to MLflow clients')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', wholeNumber(0), 5_000)
    .action((flags: { host: string; port: number }) =>
      run(async (context) => {
        const [{ openTrackingStore }, { openRegistryStore }, { startServer }, config] = await Promise.all([
          import('../../track/index.js'),
          import('../../register/index.js'),
          import('../../server/index.js'),
          loadConfig(context),
        ]);
        const uri = context.store.uri ?? config.store ?? DEFAULT_TRACKING_URI;
        if (/^https?:/.test(uri)) {
          throw new PhantomNetError('INVALID_PARAMETER', `a server needs a store of its own, got ${uri}`, {
            hint: 'give --store sqlite:///phantomnet.db',
          });
        }
        const artifactRoot = context.store.artifactRoot ?? config.artifacts;
        const where = given({ artifactRoot, artifactRootUri: ARTIFACTS_THROUGH_SERVER });
        const tracking = await openTrackingStore({ uri, ...where });
        const registry = await openRegistryStore({ uri, ...where });
        try {
          const server = await startServer({ tracking, registry, host: flags.host, port: flags.port });
          context.output.note(`serving ${uri} at ${server.uri}`);
          await stopSignal();
          await server.stop();
        } finally {
          await registry.close();
          await tracking.close();
        }
        return 0;
      }),
    );
};

async function stopSignal(): Promise<void> {
  await new Promise<void>((stopped) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped());
  });
}
