import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTrackingStore, type TrackingStore } from '#src/track/index.js';
import { type ArtifactServer, startArtifactServer } from '../unit/server/artifact-server.js';
import { artifactStoreCases, servedArtifactCases } from './artifact-store.contract.js';

let server: ArtifactServer;
let client: TrackingStore;
beforeAll(async () => {
  server = await startArtifactServer();
  client = await openTrackingStore({ uri: server.uri, env: {} });
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

/** The artifact uri of a new run, spelt as a server's experiments record it. */
const newUri = async () => {
  const { experimentId } = (await server.tracking.getRun(server.runId)).info;
  return (await server.tracking.createRun({ experimentId })).info.artifactUri;
};

describe('artifact store contract: through our own server', () => {
  artifactStoreCases(async () => client.artifacts(await newUri()));
});

describe('artifact store contract: an embedded store that a server uses', () => {
  artifactStoreCases(async () => server.tracking.artifacts(await newUri()));
});

describe('what a server gives out', () => {
  it.each([
    'etc',
    './x',
    '/etc',
    '../etc',
    'file:///etc',
    'file:///etc?x',
    'file://evil/etc',
    's3://b/x',
    'mlflow-artifacts:/../x',
    'mlflow-artifacts:/%2e%2e/x',
    '\\\\evil\\share',
  ])('is nothing at %s, and names the setting', (uri) => {
    const served = () => server.tracking.servedArtifacts(uri);
    expect(served).toThrow('is not below the artifact root of this server (--artifacts)');
  });
});

describe('artifact store contract: what a server gives out', () => {
  artifactStoreCases(async () => server.tracking.servedArtifacts(await newUri()));
  servedArtifactCases(async () => server.tracking.servedArtifacts(await newUri()));
});
