import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { InvalidArgumentError, Option } from 'commander';
import { given, PhantomNetError, show } from '../../core/index.js';
import type * as Mlflow from '../../mlflow/index.js';
import type { LogFormat, RunningServer, ServerLog } from '../../server/index.js';
import type { TrackingStore } from '../../track/index.js';
import type { CommandContext, CommandDefinition } from '../context.js';
import { wholeNumber } from '../options.js';
import { loadConfig } from '../session.js';

/** Where clients of the server put and find artifacts: through the server itself. */
const ARTIFACTS_THROUGH_SERVER = 'mlflow-artifacts:';

/** What `mlflow server` takes and this does not, and what is there instead. */
const FLAGS_OF_MLFLOW = [
  ['backend-store-uri', 'Here it is --store.'],
  ['registry-store-uri', 'The registry is in the --store.'],
  ['artifacts-destination', 'Here it is --artifacts.'],
  ['default-artifact-root', 'Here it is --artifacts.'],
  ['workers', 'One process serves all: leave it out.'],
  ['allowed-hosts', 'Set MLFLOW_SERVER_ALLOWED_HOSTS.'],
  ['cors-allowed-origins', 'Set MLFLOW_SERVER_CORS_ALLOWED_ORIGINS.'],
] as const;

/** Variables of `mlflow server` that say nothing here, and what does. */
const VARIABLES_OF_MLFLOW = [
  ['MLFLOW_BACKEND_STORE_URI', 'give --store'],
  ['MLFLOW_ARTIFACTS_DESTINATION', 'give --artifacts'],
  ['MLFLOW_DEFAULT_ARTIFACT_ROOT', 'give --artifacts'],
  ['MLFLOW_HOST', 'give --host'],
  ['MLFLOW_PORT', 'give --port'],
  ['MLFLOW_STATIC_PREFIX', 'give --static-prefix'],
  [
    'MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE',
    'allow hosts and pages with MLFLOW_SERVER_ALLOWED_HOSTS and MLFLOW_SERVER_CORS_ALLOWED_ORIGINS',
  ],
] as const;

/** What is known when the server listens. */
interface Serving {
  readonly server: RunningServer;
  readonly log: ServerLog;
  readonly format: LogFormat;
  readonly storeUri: string;
  /** There was no such database before. */
  readonly isNewStore: boolean;
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
  const command = program.command('server');
  for (const [flag, instead] of FLAGS_OF_MLFLOW) {
    const refuse = (): never => {
      throw new InvalidArgumentError(instead);
    };
    command.addOption(
      new Option(`--${flag} <value>`, `of mlflow server: ${instead}`).hideHelp().argParser(refuse),
    );
  }
  command
    .description('serve the tracking store and the registry to MLflow clients')
    .option(
      '--host <address>',
      'address to listen on; one that others reach needs PHANTOMNET_TOKEN',
      '127.0.0.1',
    )
    .option('-p, --port <number>', 'port to listen on; 0 takes a free one', wholeNumber(0), 5_000)
    .option('--static-prefix <path>', 'path below which everything is, behind a proxy: /mlflow')
    .addOption(
      new Option(
        '--log-format <format>',
        'one line a request on stderr (default: text in a terminal, else json)',
      ).choices(['json', 'text', 'none']),
    )
    .addHelpText('after', '\nMLFLOW_TRACKING_URI is for clients: the server does not read it.')
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
  const isNewStore = !existsSync(storeUri.slice('sqlite:///'.length));
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
    tellStart(context, { server, log, format, storeUri, isNewStore, artifacts });
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

/** A folder that is missing is made when the first file comes; where a file stands none could be, nor in one of others. */
async function checkArtifactRoot(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code);
  if (typeof found === 'object' && found.isDirectory()) {
    await access(path, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
      throw new PhantomNetError('PERMISSION_DENIED', `the artifact root ${show(path)} may not be written`, {
        hint: 'give the user of the server the right to write there, or give another --artifacts',
        cause,
      });
    });
    return;
  }
  if (typeof found === 'string' && found !== 'ENOTDIR') return;
  throw new PhantomNetError('INVALID_PARAMETER', `the artifact root ${show(path)} is a file, not a folder`, {
    hint: 'give --artifacts a folder, or a path where one can be made',
    details: { parameter: 'artifacts', given: path },
  });
}

function ownStore(uri: string, { parseTrackingUri, showUri }: typeof Mlflow): string {
  if (parseTrackingUri(uri).kind === 'sqlite') return uri;
  throw new PhantomNetError('INVALID_PARAMETER', `a server needs a store of its own, got ${showUri(uri)}`, {
    hint: 'give --store sqlite:///phantomnet.db',
  });
}

/** Tells where the server is and how to use it: in the log where that is JSON, and as one line of JSON under --json. */
function tellStart(context: CommandContext, serving: Serving): void {
  const { server, log, format, storeUri, isNewStore, artifacts } = serving;
  const reach = server.isLoopback
    ? server.needsToken
      ? 'only this machine reaches it, with the token'
      : 'only this machine reaches it; set PHANTOMNET_TOKEN to serve others'
    : 'who has the token reaches it; put a proxy that speaks TLS before it, and its name in MLFLOW_SERVER_ALLOWED_HOSTS';
  const { uri, isLoopback, needsToken } = server;
  const facts = { uri, store: storeUri, isNewStore, artifacts, isLoopback, needsToken, pid: process.pid };
  const message = `serving ${storeUri}${isNewStore ? ', made just now,' : ''} at ${uri}`;
  if (format === 'json') log.event('info', message, { ...facts, reach });
  else {
    context.output.note(`${message}\nartifacts in ${artifacts}\n${reach}`);
    // Where it listens on all addresses, others need one of them.
    context.output.note(
      `MLFLOW_TRACKING_URI=${uri.replace(/\/\/(0\.0\.0\.0|\[::\])(?=:)/, `//${hostname()}`)}`,
    );
  }
  for (const [name, instead] of VARIABLES_OF_MLFLOW) {
    if ((process.env[name] ?? '') === '') continue;
    const warning = `${name} does nothing here: ${instead}`;
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
