import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegistryStore, type RegistryStore } from '#src/register/index.js';
import { createLog, startServer } from '#src/server/index.js';
import { openTrackingStore, type TrackingStore } from '#src/track/index.js';

/** The artifact proxy of a server. */
export const PROXY = '/api/2.0/mlflow-artifacts/artifacts';

/** A server in this process on a store of its own, with one run and one logged model in it. */
export interface ArtifactServer {
  readonly uri: string;
  readonly port: number;
  /** Everything it has on the disk. */
  readonly folder: string;
  /** Its artifact root. */
  readonly root: string;
  readonly tracking: TrackingStore;
  readonly registry: RegistryStore;
  readonly runId: string;
  /** `<experiment>/<run>/artifacts`, below the root and the proxy. */
  readonly runPath: string;
  readonly modelId: string;
  readonly modelPath: string;
  /** How many files are being written. */
  writes(): number;
  stop(): Promise<void>;
}

/** Starts such a server; `artifacts` is its artifact root below the folder that holds the database. */
export async function startArtifactServer(
  artifacts = 'artifacts',
  log = createLog('none', process.stderr),
): Promise<ArtifactServer> {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-served-'));
  const root = join(folder, artifacts);
  const where = {
    uri: `sqlite:///${join(folder, 'phantomnet.db')}`,
    artifactRoot: root,
    artifactRootUri: 'mlflow-artifacts:',
  };
  const tracking = await openTrackingStore(where);
  const registry = await openRegistryStore(where);
  const { experimentId } = await tracking.createExperiment('served');
  const { runId } = (await tracking.createRun({ experimentId })).info;
  const { modelId } = await tracking.createLoggedModel({ experimentId, name: 'model', sourceRunId: runId });
  const { store: counted, writes } = countWrites(tracking);
  const server = await startServer({ tracking: counted, registry, log, port: 0, env: {} });
  const stop = async () => {
    await server.stop();
    await registry.close();
    await tracking.close();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    uri: server.uri,
    port: Number(new URL(server.uri).port),
    folder,
    root,
    tracking,
    registry,
    runId,
    runPath: `${experimentId}/${runId}/artifacts`,
    modelId,
    modelPath: `${experimentId}/models/${modelId}/artifacts`,
    writes,
    stop,
  };
}

/** The same store, and how many of the files it serves are being written. */
function countWrites(tracking: TrackingStore): { store: TrackingStore; writes: () => number } {
  let writes = 0;
  const servedArtifacts: TrackingStore['servedArtifacts'] = (uri) => {
    const artifacts = tracking.servedArtifacts(uri);
    const write: typeof artifacts.write = async (...args) => {
      writes += 1;
      await artifacts.write(...args).finally(() => {
        writes -= 1;
      });
    };
    return bound(artifacts, { write });
  };
  return { store: bound(tracking, { servedArtifacts }), writes: () => writes };
}

/** The same object but for some of its methods. */
function bound<T extends object>(target: T, own: Partial<T>): T {
  return new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(own, name)) return Reflect.get(own, name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends bytes as they stand, which clients that tidy addresses and lengths do not, and gives the answer when the
 * connection ends; status 0 when there was none. `hangUp` closes our side as soon as all is sent.
 */
export function sendRaw(
  port: number,
  bytes: string | Buffer,
  { hangUp = 'no' }: { readonly hangUp?: 'no' | 'politely' | 'at once' } = {},
): Promise<RawAnswer> {
  return new Promise((done) => {
    const received: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes, () => {
        if (hangUp === 'politely') socket.end();
        if (hangUp === 'at once') socket.resetAndDestroy();
      });
    });
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const text = Buffer.concat(received).toString('utf8');
      done({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    });
  });
}

/** The head of a request that asks to be the last on its connection. */
export function head(method: string, target: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = { host: '127.0.0.1', connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
