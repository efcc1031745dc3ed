import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendToArtifactUri, artifactUriToPath, pathToArtifactUri } from '#src/storage/artifact-uri.js';
import { LocalArtifacts } from '#src/storage/index.js';

let folder: string;
let root: string;
let artifacts: LocalArtifacts;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantomnet-artifacts-'));
  root = join(folder, 'root');
  artifacts = new LocalArtifacts(root);
});
afterEach(() => rm(folder, { recursive: true }));

describe('LocalArtifacts', () => {
  it('makes no folder before the first write, and leaves no temporary file behind', async () => {
    expect(await artifacts.list()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    await artifacts.put('a/b.txt', 'x');
    expect(await readdir(join(root, 'a'))).toEqual(['b.txt']);
  });

  it('hides what an upload that was cut short left behind', async () => {
    await artifacts.put('whole.txt', 'x');
    await writeFile(join(root, '.artifact.uploading.12'), 'ha');
    expect((await artifacts.list()).map((e) => e.path)).toEqual(['whole.txt']);
    await expect(artifacts.put('.artifact.uploading.12', 'x')).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
    });
  });

  it('removes what killed uploads left hours ago, at any depth, and nothing else', async () => {
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    const left = async (path: string, hours: number) => {
      await writeFile(path, 'half');
      await utimes(path, hoursAgo(hours), hoursAgo(hours));
    };
    expect(await artifacts.removeAbandonedUploads()).toBe(0);
    await artifacts.put('a/b/whole.txt', 'x');
    await utimes(join(root, 'a/b/whole.txt'), hoursAgo(99), hoursAgo(99));
    await left(join(root, '.artifact.uploading.1'), 3);
    await left(join(root, 'a/b/.artifact.uploading.2'), 3);
    await left(join(root, 'a/b/.artifact.uploading.3'), 1);
    // A folder that was being removed.
    await mkdir(join(root, 'a/.artifact.uploading.4'));
    await left(join(root, 'a/.artifact.uploading.4/part'), 3);
    await utimes(join(root, 'a/.artifact.uploading.4'), hoursAgo(3), hoursAgo(3));
    await mkdir(join(folder, 'outside'));
    await left(join(folder, 'outside', '.artifact.uploading.5'), 3);
    await symlink(join(folder, 'outside'), join(root, 'out'));
    expect(await artifacts.removeAbandonedUploads()).toBe(3);
    // What is listed below `out` is outside.
    const there = [
      'a',
      'a/b',
      'a/b/.artifact.uploading.3',
      'a/b/whole.txt',
      'out',
      'out/.artifact.uploading.5',
    ];
    expect((await readdir(root, { recursive: true })).sort()).toEqual(there);
    await left(join(root, 'a/b/.artifact.uploading.3'), 3);
    expect(await artifacts.removeAbandonedUploads(AbortSignal.abort())).toBe(0);
    expect(await artifacts.removeAbandonedUploads()).toBe(1);
  });

  it('follows no link out of its root, to a file, to a folder, or to nowhere', async () => {
    await mkdir(join(folder, 'outside'));
    await writeFile(join(folder, 'outside', 'secret.txt'), 'secret');
    await artifacts.put('a.txt', 'x');
    await symlink(join(folder, 'outside'), join(root, 'out'));
    await symlink(join(folder, 'outside', 'secret.txt'), join(root, 'file'));
    await symlink(join(folder, 'outside', 'new.txt'), join(root, 'nowhere'));
    const leaving = {
      code: 'INVALID_PARAMETER',
      message: expect.stringContaining('goes through a symbolic link'),
    };
    await expect(artifacts.get('out/secret.txt')).rejects.toMatchObject(leaving);
    await expect(artifacts.get('file')).rejects.toMatchObject(leaving);
    await expect(artifacts.list('out')).rejects.toMatchObject(leaving);
    await expect(artifacts.put('out/new.txt', 'x')).rejects.toMatchObject(leaving);
    await expect(artifacts.put('nowhere', 'x')).rejects.toMatchObject(leaving);
    await artifacts.removeAll();
    expect(await readFile(join(folder, 'outside', 'secret.txt'), 'utf8')).toBe('secret');
    expect(await readdir(join(folder, 'outside'))).toEqual(['secret.txt']);
  });

  it('works below a root that is reached through a link', async () => {
    await mkdir(join(folder, 'disk'));
    await symlink(join(folder, 'disk'), join(folder, 'link'));
    const linked = new LocalArtifacts(join(folder, 'link', 'run'));
    await linked.put('a.txt', 'x');
    expect(Buffer.from(await linked.get('a.txt')).toString()).toBe('x');
  });

  it('says that a file cannot become a folder, nor a folder a file', async () => {
    await artifacts.put('a/b.txt', 'x');
    const conflict = { code: 'CONFLICT', message: expect.stringContaining('would replace') };
    await expect(artifacts.put('a', 'x')).rejects.toMatchObject(conflict);
    await expect(artifacts.put('a/b.txt/c', 'x')).rejects.toMatchObject(conflict);
    expect(await readdir(join(root, 'a'))).toEqual(['b.txt']);
  });

  it('uploads no link, not even one it is given', async () => {
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await symlink(join(folder, 'secret.txt'), join(folder, 'link'));
    await expect(artifacts.upload(join(folder, 'link'))).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: expect.stringContaining('is neither a file nor a folder'),
    });
  });

  it('says what cannot be read or written', async () => {
    await artifacts.put('a.txt', 'x');
    await artifacts.put('sub/b.txt', 'x');
    // Longer than any path may be, though each name is not.
    const far = Array(20).fill('x'.repeat(203)).join('/');
    await expect(artifacts.get(`${far}/a`)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('cannot be read (ENAMETOOLONG)'),
    });
    await expect(artifacts.list(far)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(artifacts.put(`${far}/a`, 'x')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('cannot be written (ENAMETOOLONG)'),
    });
    if (process.getuid?.() === 0) return;
    await chmod(join(root, 'a.txt'), 0);
    await chmod(join(root, 'sub'), 0o500);
    const denied = { code: 'PERMISSION_DENIED', hint: 'check the permissions of the artifact folder' };
    await expect(artifacts.get('a.txt')).rejects.toMatchObject(denied);
    await expect(artifacts.put('sub/c.txt', 'x')).rejects.toMatchObject(denied);
    await chmod(join(root, 'sub'), 0o700);
  });

  it('checks all names of a folder before it writes the first', async () => {
    await mkdir(join(folder, 'up'));
    await writeFile(join(folder, 'up', 'a.txt'), 'x');
    await writeFile(join(folder, 'up', 'b#.txt'), 'x');
    await expect(artifacts.upload(join(folder, 'up'), 'up')).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: expect.stringContaining("has a '#'"),
    });
    expect(await artifacts.list()).toEqual([]);
  });

  it('never reads outside its root, whatever the path', async () => {
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await artifacts.put('a.txt', 'x');
    const part = fc.constantFrom('..', '.', '', 'a.txt', 'secret.txt', '%2e%2e', '\\', 'C:', '..\\', '~');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
        const bytes = await artifacts.get(parts.join('/')).catch(() => undefined);
        if (bytes !== undefined) expect(parts).toEqual(['a.txt']);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('artifact uris', () => {
  it('are plain paths where MLflow reads plain paths, and come back', () => {
    for (const path of ['/srv/a b/é', '/srv/100%41', '/srv/what?', '/srv/a#b', '/']) {
      expect(artifactUriToPath(pathToArtifactUri(path))).toBe(path);
    }
    expect(pathToArtifactUri('/srv/a b')).toBe('/srv/a b');
    expect(pathToArtifactUri('/srv/100%')).toBe('file:///srv/100%25');
    expect(appendToArtifactUri('file:///srv/100%25/', '0', 'x')).toBe('file:///srv/100%25/0/x');
    expect(appendToArtifactUri('s3://b/m/?a=1', '0', 'x')).toBe('s3://b/m/0/x?a=1');
    expect(appendToArtifactUri('/srv/what?', '0')).toBe('/srv/what?/0');
  });

  it('are read as the client reads them', () => {
    expect(artifactUriToPath('/a%20b//c/./d/')).toBe('/a b/c/d');
    expect(artifactUriToPath('file:///a%20b')).toBe('/a b');
    expect(artifactUriToPath('file:/a')).toBe('/a');
    expect(artifactUriToPath('/50%')).toBe('/50%');
  });

  it.each([
    '',
    'relative',
    './a',
    '/a/../b',
    '/a/%2e%2e/b',
    'file:///a/../b',
    'file:///a/%2e%2E/b',
    'file://host/a',
    'file:///a?b',
    'file:///a#b',
    'file:///a%2fb',
    '/a\\b',
    '/a\0',
    'file:relative/../a',
  ])('refuses %j', (uri) => {
    expect(() => artifactUriToPath(uri)).toThrow(
      expect.objectContaining({
        code: 'INVALID_PARAMETER',
        message: expect.stringContaining("artifact uri must be an absolute path or file:// uri without '..'"),
      }),
    );
  });

  it.each(['s3://bucket/a', 'mlflow-artifacts:/0/a', 'https://host/a', 'dbfs:/a'])(
    'says that %s is elsewhere',
    (uri) => {
      expect(() => artifactUriToPath(uri)).toThrow(
        expect.objectContaining({
          code: 'UNSUPPORTED',
          message: expect.stringContaining("is not on this machine's disk"),
        }),
      );
    },
  );
});
