import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactServer, head, PROXY, sendRaw, startArtifactServer } from './artifact-server.js';

/** Paths as they stand in a request line; clients would tidy most of them before they send them. */
const hostilePaths = [
  '..',
  '../secret.txt',
  'a/../../secret.txt',
  './secret.txt',
  'a/./b',
  '/etc/passwd',
  '//etc/passwd',
  'a//b',
  '%2e%2e/secret.txt',
  '.%2e/secret.txt',
  '..%2fsecret.txt',
  '%252e%252e/secret.txt',
  '%25252e%25252e%25252fsecret.txt',
  '..%252fsecret.txt',
  '%2fetc%2fpasswd',
  '%252fetc%252fpasswd',
  '..\\secret.txt',
  '..%5csecret.txt',
  'a%5c..%5c..%5csecret.txt',
  '%255c%255chost',
  'C:/windows/win.ini',
  'c:secret.txt',
  'C%3a%5cwindows',
  'a%00b',
  'secret.txt%00.png',
  'a%2500b',
  'a%23b',
  'a%3fb',
  'a%0ab',
  'a%0d%0aset-cookie:%20a=b',
  'a%7fb',
  '%ff%fe',
  '%c0%ae%c0%ae/secret.txt',
  '%e0%80%ae%e0%80%ae/secret.txt',
  'file:///etc/passwd',
  'file:%2f%2f%2fetc/passwd',
  '.artifact.uploading.1234',
  'a/.artifact.uploading.1234/b',
  `${'x'.repeat(256)}`,
  `${'x/'.repeat(3_000)}y`,
];

let server: ArtifactServer;
beforeAll(async () => {
  server = await startArtifactServer();
  await mkdir(server.root, { recursive: true });
  await writeFile(join(server.folder, 'secret.txt'), 'SECRET');
});
afterAll(() => server.stop());

const body = (method: string) => (method === 'PUT' ? { 'content-length': '4' } : {});

describe('a hostile path', () => {
  it.each(hostilePaths.map((path) => [path.slice(0, 40), path]))(
    'is refused by every route: %s',
    async (_, path) => {
      const id = server.runId;
      const query = path.replaceAll('#', '%23').replaceAll('&', '%26');
      const post = { 'content-type': 'application/json', 'content-length': '20' };
      const requests: [string, string][] = [
        ['GET', head('GET', `${PROXY}/${path}`)],
        ['HEAD', head('HEAD', `${PROXY}/${path}`)],
        ['PUT', `${head('PUT', `${PROXY}/${path}`, body('PUT'))}evil`],
        ['DELETE', head('DELETE', `${PROXY}/${path}`)],
        ['list', head('GET', `${PROXY}?path=${query}`)],
        ['ajax', head('GET', `/ajax-api${PROXY.slice(4)}/${path}`)],
        [
          'mpu',
          `${head('POST', `${PROXY.replace('/artifacts', '/mpu/create')}/${path}`, post)}{"path": "f", "x": 1}`,
        ],
        ['presigned', head('GET', `${PROXY.replace('/artifacts', '/presigned')}/${path}`)],
        ['artifacts/list', head('GET', `/api/2.0/mlflow/artifacts/list?run_id=${id}&path=${query}`)],
        ['get-artifact', head('GET', `/get-artifact?run_id=${id}&path=${query}`)],
        [
          'directories',
          head(
            'GET',
            `/api/2.0/mlflow/logged-models/${server.modelId}/artifacts/directories?artifact_directory_path=${query}`,
          ),
        ],
        [
          'files',
          head(
            'GET',
            `/ajax-api/2.0/mlflow/logged-models/${server.modelId}/artifacts/files?artifact_file_path=${query}`,
          ),
        ],
        [
          'upload-artifact',
          `${head('POST', `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${id}&path=${query}`, body('PUT'))}evil`,
        ],
      ];
      const before = await readdir(server.folder, { recursive: true });
      for (const [what, request] of requests) {
        const { status, text } = await sendRaw(server.port, request);
        // Presigned urls and uploads in parts touch no file, so only what the guard itself sees is refused there.
        const refused = ['presigned', 'mpu'].includes(what) ? [400, 404, 501] : [400, 404];
        expect([what, refused.includes(status)]).toEqual([what, true]);
        expect(text).not.toMatch(/SECRET|root:|^set-cookie/m);
      }
      expect(await readdir(server.folder, { recursive: true })).toEqual(before);
    },
  );
});

describe('a symbolic link', () => {
  it('is followed by no route, wherever it stands and leads', async () => {
    const run = join(server.root, server.runPath);
    const outside = join(server.folder, 'outside');
    await mkdir(run, { recursive: true });
    await mkdir(join(outside, 'deep'), { recursive: true });
    await writeFile(join(outside, 'deep', 's.txt'), 'SECRET');
    await writeFile(join(run, 'real.txt'), 'real');
    await symlink(join(outside, 'deep'), join(run, 'folder'));
    await symlink(join(outside, 'deep', 's.txt'), join(run, 'file.txt'));
    await symlink(join(run, 'real.txt'), join(run, 'inside.txt'));
    await symlink(join(outside, 'new.txt'), join(run, 'dangling.txt'));
    await symlink('..', join(run, 'up'));
    const get = (path: string, init?: RequestInit) => fetch(`${server.uri}${path}`, init);
    for (const path of ['folder/s.txt', 'file.txt', 'inside.txt', 'dangling.txt', 'up/artifacts/real.txt']) {
      const proxied = `${PROXY}/${server.runPath}/${path}`;
      expect([path, (await get(proxied)).status]).toEqual([path, 400]);
      expect((await get(`/get-artifact?run_id=${server.runId}&path=${path}`)).status).toBe(400);
      expect((await get(proxied, { method: 'PUT', body: 'evil' })).status).toBe(400);
    }
    expect(
      (await get(`${PROXY}/${server.runPath}/folder/new/n.txt`, { method: 'PUT', body: 'e' })).status,
    ).toBe(400);
    expect((await get(`${PROXY}?path=${server.runPath}/folder`)).status).toBe(400);
    const list = await get(`/api/2.0/mlflow/artifacts/list?run_id=${server.runId}`);
    expect(await list.json()).toMatchObject({ files: [{ path: 'real.txt', is_dir: false, file_size: 4 }] });
    await get(`${PROXY}/${server.runPath}/folder`, { method: 'DELETE' });
    expect((await get(`${PROXY}/${server.runPath}/up/artifacts`, { method: 'DELETE' })).status).toBe(400);
    expect(await readdir(outside, { recursive: true })).toEqual(['deep', 'deep/s.txt']);
    expect(await readdir(run)).toEqual(['dangling.txt', 'file.txt', 'inside.txt', 'real.txt', 'up']);
  });

  it('put in the place of a folder at any moment leads nowhere', async () => {
    const home = join(server.root, 'swapped');
    const outside = join(server.folder, 'out');
    await mkdir(join(home, 'a'), { recursive: true });
    await mkdir(outside, { recursive: true });
    await writeFile(join(home, 'a', 'f.txt'), 'inside');
    await writeFile(join(outside, 'f.txt'), 'SECRET');
    let swapping = true;
    const swap = (async () => {
      const [a, b] = [join(home, 'a'), join(home, 'b')];
      while (swapping) {
        await rename(a, b);
        // A write may make a folder of its own where there is none for a moment.
        await symlink(outside, a).catch(() => undefined);
        for (let isBack = false; !isBack; ) {
          await rm(a, { recursive: true, force: true });
          isBack = await rename(b, a).then(
            () => true,
            () => false,
          );
        }
      }
    })();
    const artifacts = server.tracking.servedArtifacts();
    const seen = new Map<string, number>();
    for (let turn = 0; turn < 200; turn++) {
      const read = await artifacts.get('swapped/a/f.txt').then(
        (bytes) => Buffer.from(bytes).toString(),
        (error: { code: string }) => error.code,
      );
      seen.set(read, (seen.get(read) ?? 0) + 1);
      await artifacts.put(`swapped/a/w${turn % 5}.txt`, 'x').catch(() => undefined);
    }
    swapping = false;
    await swap;
    expect(
      [...seen.keys()].filter((key) => !['inside', 'INVALID_PARAMETER', 'NOT_FOUND'].includes(key)),
    ).toEqual([]);
    expect(await readdir(outside)).toEqual(['f.txt']);
  });
});

describe('special files', () => {
  it('are no artifacts', async () => {
    const { execFileSync } = await import('node:child_process');
    await mkdir(join(server.root, 'special'), { recursive: true });
    execFileSync('mkfifo', [join(server.root, 'special', 'pipe')]);
    expect((await fetch(`${server.uri}${PROXY}/special/pipe`)).status).toBe(404);
    expect(await (await fetch(`${server.uri}${PROXY}?path=special`)).json()).toEqual({});
  });
});

describe('an artifact root that holds the database', () => {
  let open: ArtifactServer;
  beforeAll(async () => {
    open = await startArtifactServer('.');
  });
  afterAll(() => open.stop());
  const call = (path: string, init?: RequestInit) => fetch(`${open.uri}${path}`, init);

  it('serves none of its files, in any spelling', async () => {
    const experiment = await open.tracking.createExperiment('still here');
    for (const name of ['phantomnet.db', 'phantomnet.db-wal', 'phantomnet.db-journal', 'PHANTOMNET.db-shm']) {
      expect((await call(`${PROXY}/${name}`)).status).toBe(400);
      expect((await call(`${PROXY}/${name}`, { method: 'PUT', body: 'evil' })).status).toBe(400);
      expect((await call(`${PROXY}/${name}/x`, { method: 'PUT', body: 'evil' })).status).toBe(400);
      expect((await call(`${PROXY}/${name}`, { method: 'DELETE' })).status).toBe(400);
    }
    await call(`${PROXY}/ordinary.txt`, { method: 'PUT', body: 'x' });
    expect(await (await call(PROXY)).json()).toEqual({
      files: [{ path: 'ordinary.txt', is_dir: false, file_size: 1 }],
    });
    expect(await open.tracking.getExperiment(experiment.experimentId)).toEqual(experiment);
    expect((await readFile(join(open.folder, 'phantomnet.db'))).subarray(0, 6).toString()).toBe('SQLite');
  });

  it('is not lost with a folder above it', async () => {
    const above = await startArtifactServer('..');
    const name = above.folder.split('/').at(-1);
    const gone = await fetch(`${above.uri}${PROXY}/${name}`, { method: 'DELETE' });
    expect(gone.status).toBe(400);
    expect((await fetch(`${above.uri}${PROXY}/${name}/phantomnet.db`)).status).toBe(400);
    expect(await readdir(above.folder)).toContain('phantomnet.db');
    await above.stop();
  });
});
