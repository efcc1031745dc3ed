import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ArtifactServer, head, PROXY, sendRaw, startArtifactServer } from './artifact-server.js';

let server: ArtifactServer;
beforeAll(async () => {
  server = await startArtifactServer();
  await server.tracking.servedArtifacts().put('large.bin', Buffer.alloc(16_000_000, 1));
});
afterAll(() => server.stop());

const inFlight = async () => {
  const text = await (await fetch(`${server.uri}/metrics`)).text();
  // But for the one that asks.
  return Number(/^http_requests_in_flight (\d+)$/m.exec(text)?.[1]) - 1;
};
const keepAlive = { connection: 'keep-alive' };

it('requests sent at once are answered one after the other, in their order', async () => {
  const names = ['Default', 'served', 'Default'];
  const calls = names.map((name, i) =>
    head('GET', `/api/2.0/mlflow/experiments/get-by-name?experiment_name=${name}`, i < 2 ? keepAlive : {}),
  );
  const { text } = await sendRaw(server.port, calls.join(''));
  expect([...text.matchAll(/"name":"(\w+)"/g)].map((match) => match[1])).toEqual(names);
});

it('one at a time is under way while the client does not read, and none when it is gone', async () => {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined).pause();
  socket.write(head('GET', `${PROXY}/large.bin`, keepAlive).repeat(50));
  while ((await inFlight()) === 0) await new Promise((turn) => setImmediate(turn));
  expect(await inFlight()).toBe(1);
  socket.destroy();
  while ((await inFlight()) > 0) await new Promise((turn) => setImmediate(turn));
});

it('a connection on which more wait than may is cut', async () => {
  const call = (headers = {}) => head('GET', '/health', headers);
  const answers = async (waiting: number) =>
    (await sendRaw(server.port, call(keepAlive).repeat(waiting) + call())).text.match(/HTTP\/1\.1 200/g)
      ?.length ?? 0;
  expect(await answers(100)).toBe(101);
  expect(await answers(1_000)).toBeLessThan(1_000);
  expect(await inFlight()).toBe(0);
});
