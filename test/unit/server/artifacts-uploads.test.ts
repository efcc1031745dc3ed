import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactServer, head, PROXY, sendRaw, startArtifactServer } from './artifact-server.js';

let server: ArtifactServer;
beforeAll(async () => {
  server = await startArtifactServer();
  await mkdir(server.root, { recursive: true });
});
afterAll(() => server.stop());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const put = (path: string, body: string | Uint8Array<ArrayBuffer>) =>
  fetch(`${server.uri}${PROXY}/${path}`, { method: 'PUT', body });
const files = async () =>
  (await readdir(server.root, { recursive: true, withFileTypes: true })).map((entry) => entry.name).sort();
/**
 * Resolves when the server has let go of all uploads. It has begun all that reached it once it answered two requests on
 * connections that came later: it takes connections, and what they hold, in the order they came.
 */
const settled = async () => {
  for (let turn = 0; turn < 2; turn++) {
    await (await fetch(`${server.uri}/health`, { headers: { connection: 'close' } })).text();
  }
  while (server.writes() > 0) await new Promise((turn) => setImmediate(turn));
  return files();
};

describe('an upload', () => {
  it('of any size comes back byte for byte', async () => {
    const sizes = [0, 1, 65_535, 65_536, 1_048_575, 1_048_576, 1_048_577, 5_000_000];
    for (const size of sizes) {
      const bytes = randomBytes(size);
      expect((await put(`sizes/${size}.bin`, bytes)).status).toBe(200);
      const back = new Uint8Array(
        await (await fetch(`${server.uri}${PROXY}/sizes/${size}.bin`)).arrayBuffer(),
      );
      expect([size, back.length, sha256(back)]).toEqual([size, size, sha256(bytes)]);
      const range = { headers: { range: `bytes=${size >> 1}-` } };
      const half = await (await fetch(`${server.uri}${PROXY}/sizes/${size}.bin`, range)).arrayBuffer();
      if (size > 0) expect(sha256(new Uint8Array(half))).toBe(sha256(bytes.subarray(size >> 1)));
    }
  });

  it('without a length is taken in chunks, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300_000, size: 'max' }), { maxLength: 8 }),
        async (parts) => {
          const chunks = parts.filter((part) => part.length > 0).map((part) => Buffer.from(part));
          const body = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']);
          const request = [
            head('PUT', `${PROXY}/chunked.bin`, { 'transfer-encoding': 'chunked' }),
            ...body,
            '0\r\n\r\n',
          ];
          const { status } = await sendRaw(
            server.port,
            Buffer.concat(request.map((part) => Buffer.from(part))),
          );
          expect(status).toBe(200);
          const kept = await readFile(join(server.root, 'chunked.bin'));
          expect(Buffer.compare(kept, Buffer.concat(chunks))).toBe(0);
        },
      ),
      { seed: 4, numRuns: 8 },
    );
  });

  it.each(['politely', 'at once'] as const)(
    'that is cut off %s leaves nothing, not even its folder, and what was there stays',
    async (hangUp) => {
      await put('kept.txt', 'before');
      const before = await settled();
      for (const path of ['cut/new/file.bin', 'kept.txt']) {
        const short = `${head('PUT', `${PROXY}/${path}`, { 'content-length': '1000000' })}${'x'.repeat(300_000)}`;
        expect((await sendRaw(server.port, short, { hangUp })).status).not.toBe(200);
        const open = `${head('PUT', `${PROXY}/${path}`, { 'transfer-encoding': 'chunked' })}5\r\nhello\r\n`;
        expect((await sendRaw(server.port, open, { hangUp })).status).not.toBe(200);
      }
      expect(await settled()).toEqual(before);
      expect(await readFile(join(server.root, 'kept.txt'), 'utf8')).toBe('before');
    },
  );

  it('that is longer than declared leaves nothing', async () => {
    const before = await settled();
    const keepAlive = { connection: 'keep-alive', 'content-length': '5' };
    const { status } = await sendRaw(
      server.port,
      `${head('PUT', `${PROXY}/long/x.bin`, keepAlive)}hello, and more`,
    );
    expect(status).not.toBe(200);
    expect(await settled()).toEqual(before);
  });

  it('whose chunks are broken leaves nothing', async () => {
    const before = await settled();
    const chunked = head('PUT', `${PROXY}/broken/x.bin`, { 'transfer-encoding': 'chunked' });
    expect((await sendRaw(server.port, `${chunked}5\r\nhello\r\nzz\r\n`)).status).not.toBe(200);
    expect(await settled()).toEqual(before);
  });

  it('is not seen before it is whole', async () => {
    const bytes = 'y'.repeat(2_000_000);
    const socket = connect(server.port, '127.0.0.1');
    const answered = new Promise<string>((done) => socket.once('data', (data) => done(String(data))));
    const begun = new Promise<void>((done) => {
      socket.write(
        head('PUT', `${PROXY}/slow/x.bin`, { 'content-length': String(bytes.length) }) +
          bytes.slice(0, 1_500_000),
        () => done(),
      );
    });
    await begun;
    expect((await fetch(`${server.uri}${PROXY}/slow/x.bin`)).status).toBe(404);
    expect(await (await fetch(`${server.uri}${PROXY}?path=slow`)).json()).toEqual({});
    socket.write(bytes.slice(1_500_000));
    expect(await answered).toMatch(/^HTTP\/1\.1 200/);
    socket.destroy();
    expect((await readFile(join(server.root, 'slow', 'x.bin'))).length).toBe(bytes.length);
  });

  it('of a path that another writes at once: one of them wins whole, and readers see one of them', async () => {
    const bodies = Array.from({ length: 6 }, (_, i) => Buffer.alloc(3_000_000 + i, i + 1));
    const digests = new Set(bodies.map((body) => sha256(body)));
    await put('race.bin', bodies[0] ?? '');
    const writes = bodies.map((body) => put('race.bin', body).then(({ status }) => status));
    for (let turn = 0; turn < 10; turn++) {
      const read = await (await fetch(`${server.uri}${PROXY}/race.bin`)).arrayBuffer();
      expect(digests.has(sha256(new Uint8Array(read)))).toBe(true);
    }
    expect(await Promise.all(writes)).toEqual(bodies.map(() => 200));
    expect(digests.has(sha256(await readFile(join(server.root, 'race.bin'))))).toBe(true);
    expect((await settled()).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('that is refused is answered, though its body was not read', async () => {
    const body = randomBytes(3_000_000);
    const refused = await put('..%2fx', body);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE' });
  });
});

describe('a download', () => {
  it('that the client gives up lets go of its file', async () => {
    await put('given-up.bin', randomBytes(8_000_000));
    const openFiles = async () => {
      const { readlink } = await import('node:fs/promises');
      const names = await readdir('/proc/self/fd');
      const paths = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
      return paths.filter((path) => path.endsWith('given-up.bin')).length;
    };
    for (let i = 0; i < 5; i++) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(head('GET', `${PROXY}/given-up.bin`));
      await new Promise((first) => socket.once('data', first));
      socket.resetAndDestroy();
    }
    if (process.platform !== 'linux') return;
    while ((await openFiles()) > 0) await new Promise((turn) => setImmediate(turn));
    expect(await openFiles()).toBe(0);
  });
});
