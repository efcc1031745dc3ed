import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedRegistry } from '#src/register/embedded.js';
import { startServer } from '#src/server/index.js';
import { openEmbeddedTracking } from '#src/track/embedded.js';

/** What a call was answered. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** A server of ours on a store of its own, and calls to it below `/api/2.0/mlflow/`. */
export interface TestServer {
  get(path: string): Promise<Answer>;
  send(method: string, path: string, body: unknown): Promise<Answer>;
  /** Posts the JSON text as it is. */
  post(path: string, json: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts the server on a free port, with its store in a new folder that `stop` removes. */
export async function startTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-server-'));
  const uri = `sqlite:///${folder}/phantomnet.db`;
  const tracking = await openEmbeddedTracking({ uri, artifactRootUri: 'mlflow-artifacts:/' });
  const registry = await openEmbeddedRegistry({ uri });
  const server = await startServer({ tracking, registry, port: 0, env: {} });
  const call = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const answer = await fetch(`${server.uri}/api/2.0/mlflow/${path}`, init);
    return { status: answer.status, body: await answer.json() };
  };
  const send = (method: string, path: string, body: unknown) =>
    call(path, {
      method,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  return {
    get: (path) => call(path),
    send,
    post: (path, body) => send('POST', path, body),
    stop: async () => {
      await server.stop();
      await registry.close();
      await tracking.close();
      await rm(folder, { recursive: true });
    },
  };
}
