import { stat } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { Option } from 'commander';
import { given, PhantomNetError, show } from '../../core/index.js';
import type * as Mlflow from '../../mlflow/index.js';
import type { LogFormat, RunningServer, ServerLog } from '../../server/index.js';
import type { TrackingStore } from '../../track/index.js';
import type { CommandContext, CommandDefinition } from '../context.js';
import { wholeNumber } from '../options.js';
import { loadConfig } from '../session.js';

/** Where clients of the server put and find artifacts: through the server itself. */
const ARTIFACTS_THROUGH_SERVER = 'mlflow-artifacts:';

/** What is known when the server listens. */
interface Serving {
  readonly server: RunningServer;
  readonly log: ServerLog;
  readonly format: LogFormat;
  readonly storeUri: string;
  readonly artifacts: string;
}

interface ServerFlags {
  readonly host: string;
  readonly port: number;
  readonly staticPrefix?: string;
  readonly logFormat?: LogFormat;
}

/** `phantomnet server`: MLflow's tracking and registry server on an embedded store. */
export const defineServer: CommandDefinition = (program, run) => {
  program
    .command('server')
    .description('serve the tracking store and the registry to MLflow clients')
    .option(
      '--host <address>',
      'address to listen on; one that others reach needs PHANTOMNET_TOKEN',
      '127.0.0.1',
    )
    .option('--port <number>', 'port to listen on; 0 takes a free one', wholeNumber(0), 5_000)
    .option('--static-prefix <path>', 'path below which everything is, behind a proxy: /mlflow')
    .addOption(
      new Option(
        '--log-format <format>',
        'one line a request on stderr (default: text in a terminal, else json)',
      ).choices(['json', 'text', 'none']),
    )
    .action((flags: ServerFlags) =>
      run(async (context) => {
        const isQuiet = program.opts<{ quiet?: boolean }>().quiet === true;
        const format = flags.logFormat ?? (isQuiet ? 'none' : process.stderr.isTTY ? 'text' : 'json');
        await serve(context, flags, format);
        return 0;
      }),
    );
};

/**
 * V8 puts what is made where much outlived a collection among the old objects from then on. Here that is what the first
 * large messages are parsed to: each later one would wait there for a full collection, with all that it refers to.
 */
const NEW_OBJECTS_ARE_YOUNG = '--no-allocation-site-pretenuring';

async function serve(context: CommandContext, flags: ServerFlags, format: LogFormat): Promise<void> {
  setFlagsFromString(NEW_OBJECTS_ARE_YOUNG);
  const [mlflow, { openTrackingStore }, { openRegistryStore }, { createLog, startServer }, config] =
    await Promise.all([
      import('../../mlflow/index.js'),
      import('../../track/index.js'),
      import('../../register/index.js'),
      import('../../server/index.js'),
      loadConfig(context),
    ]);
  const storeUri = ownStore(context.store.uri ?? config.store ?? mlflow.DEFAULT_TRACKING_URI, mlflow);
  const artifactRoot = context.store.artifactRoot ?? config.artifacts;
  await checkArtifactRoot(artifactRoot);
  const where = given({ artifactRoot, artifactRootUri: ARTIFACTS_THROUGH_SERVER });
  const log = createLog(format, process.stderr);
  const tracking = await openTrackingStore({ uri: storeUri, ...where });
  const registry = await openRegistryStore({ uri: storeUri, ...where });
  try {
    const { host, port, staticPrefix } = flags;
    const server = await startServer({ tracking, registry, log, ...given({ host, port, staticPrefix }) });
    // Before anyone is told that it runs: who reads it may stop it right away.
    const stopped = stopSignal();
    const artifacts = artifactRoot ?? 'artifacts, beside the store';
    tellStart(context, { server, log, format, storeUri, artifacts });
    const ended = new AbortController();
    const tidied = tidy(tracking, log, ended.signal);
    const signal = await stopped;
    ended.abort();
    log.event('info', `${signal}: ending requests under way`);
    await server.stop();
    await tidied;
    log.event('info', 'stopped');
  } finally {
    await registry.close();
    await tracking.close();
    log.flush();
  }
}

/** Removes what an earlier server left that was killed; what goes wrong with it is no reason to stop this one. */
async function tidy(tracking: TrackingStore, log: ServerLog, signal: AbortSignal): Promise<void> {
  try {
    const count = await tracking.servedArtifacts().removeAbandonedUploads(signal);
    const what = count === 1 ? 'upload that was' : 'uploads that were';
    if (count > 0) log.event('info', `removed ${count} ${what} never finished`);
  } catch (error) {
    log.event('warn', `unfinished uploads were not removed: ${(error as Error).message}`);
  }
}

/** A folder that is missing is made when the first file comes; where a file stands none could be. */
async function checkArtifactRoot(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code);
  if (found !== 'ENOTDIR' && (typeof found !== 'object' || found.isDirectory())) return;
  throw new PhantomNetError('INVALID_PARAMETER', `the artifact root ${show(path)} is a file, not a folder`, {
    hint: 'give --artifacts a folder, or a path where one can be made',
    details: { parameter: 'artifacts', given: path },
  });
}

function ownStore(uri: string, { parseTrackingUri, showUri }: typeof Mlflow): string {
  if (parseTrackingUri(uri).kind === 'sqlite') return uri;
  throw new PhantomNetError('INVALID_PARAMETER', `a server needs a store of its own, got ${showUri(uri)}`, {
    hint: 'give --store sqlite:///phantomnet.db; without it the server takes MLFLOW_TRACKING_URI, which is for clients',
  });
}

/** Tells where the server is and how to use it: in the log where that is JSON, and as one line of JSON under --json. */
function tellStart(context: CommandContext, serving: Serving): void {
  const { server, log, format, storeUri, artifacts } = serving;
  const reach = server.isLoopback
    ? server.needsToken
      ? 'only this machine reaches it, with the token'
      : 'only this machine reaches it; set PHANTOMNET_TOKEN to serve others'
    : 'who has the token reaches it; put a proxy that speaks TLS before it, and its name in MLFLOW_SERVER_ALLOWED_HOSTS';
  const { uri, isLoopback, needsToken } = server;
  const facts = { uri, store: storeUri, artifacts, isLoopback, needsToken, pid: process.pid };
  const message = `serving ${storeUri} at ${uri}`;
  if (format === 'json') log.event('info', message, { ...facts, reach });
  else {
    context.output.note(`${message}\nartifacts in ${artifacts}\n${reach}`);
    context.output.note(`MLFLOW_TRACKING_URI=${uri}`);
  }
  if (process.env['MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE'] === 'true') {
    const warning =
      'MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE does nothing here: ' +
      'allow hosts and pages with MLFLOW_SERVER_ALLOWED_HOSTS and MLFLOW_SERVER_CORS_ALLOWED_ORIGINS';
    if (format === 'json') log.event('warn', warning);
    else context.output.note(warning);
  }
  log.flush();
  if (context.output.json) context.output.result({ ...facts }, () => '');
}

/** Resolves at the first signal to stop; the second ends the process at once. */
async function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((stopped) => {
    let isFirst = true;
    const stop = (signal: NodeJS.Signals) => {
      if (!isFirst) process.exit(130);
      isFirst = false;
      stopped(signal);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
