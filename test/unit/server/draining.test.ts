import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { drain, openConnections } from '#src/server/http/connections.js';
import { type ArtifactServer, head, PROXY, startArtifactServer } from './artifact-server.js';

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A connection that sent these bytes, which the server has read, and what came back. */
async function open(port: number, bytes: string): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  await once(socket, 'connect');
  if (bytes !== '') socket.write(bytes);
  return { socket, received: () => text };
}

it('cuts what does not end in time', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  const connections = { open: openConnections(server), busy: new WeakMap() };
  await once(server, 'listening');
  const request = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const failed = once(request, 'error');
  await once(server, 'request');
  await drain(server, connections, 1);
  expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
  expect(server.listening).toBe(false);
});

let server: ArtifactServer;
let stopped: Promise<void> | undefined;
const stop = () => {
  stopped ??= server.stop();
  return stopped;
};
beforeEach(async () => {
  stopped = undefined;
  server = await startArtifactServer();
});
afterEach(() => stop());

it.each([
  ['sent nothing', ''],
  ['sent half a request line', 'GET /hea'],
  ['sent half of its headers', 'GET /health HTTP/1.1\r\nHost: local'],
  ['is between two requests', head('GET', '/health', { connection: 'keep-alive' })],
  ['has half of the next request', `${head('GET', '/health', { connection: 'keep-alive' })}GET /hea`],
])('waits for no connection that %s', async (_, bytes) => {
  const { socket } = await open(server.port, bytes);
  const closed = once(socket, 'close');
  await pause(50);
  const started = performance.now();
  await stop();
  await closed;
  expect(performance.now() - started).toBeLessThan(2_000);
});

it('waits for a request whose body is half here', async () => {
  const length = { 'content-length': '10', connection: 'keep-alive' };
  const { socket, received } = await open(server.port, `${head('PUT', `${PROXY}/half.txt`, length)}01234`);
  const closed = once(socket, 'close');
  while (server.writes() === 0) await pause(1);
  const ended = stop();
  await pause(200);
  expect(received()).toBe('');
  socket.write('56789');
  await ended;
  await closed;
  expect(received()).toMatch(/^HTTP\/1\.1 200 /);
});

it('leaves its answer to a client that still sends a message which was refused', async () => {
  const length = { 'content-length': String(20_000_000), 'content-type': 'application/json' };
  const call = head('POST', '/api/2.0/mlflow/experiments/create', length);
  const { socket, received } = await open(server.port, call);
  const closed = once(socket, 'close');
  while (!received().endsWith('}')) await pause(1);
  const ended = stop();
  await pause(200);
  expect(socket.closed).toBe(false);
  socket.write(Buffer.alloc(20_000_000, ' '));
  await ended;
  await closed;
  expect(received()).toMatch(/^HTTP\/1\.1 413 /);
});
