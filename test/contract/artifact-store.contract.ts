import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ArtifactStore, ServedArtifacts } from '#src/track/index.js';
import { expectCode } from './expect-code.js';

/** Paths that no artifact store may follow. */
export const hostilePaths: readonly string[] = [
  '..',
  '../up.txt',
  'a/../../up.txt',
  'a/..',
  './a',
  '/etc/passwd',
  'a//b',
  'C:/windows',
  'c:up.txt',
  'a\\..\\up.txt',
  'nul\u0000byte',
  '%2e%2e/up.txt',
  '%252e%252e/up.txt',
  '..%2fup.txt',
  '%2fetc%2fpasswd',
  'a#b',
  'a?b',
  'a/%00/b',
];

/** What the port promises of files below one root. `open` gives an empty root each time. */
export function artifactStoreCases(open: () => Promise<ArtifactStore>): void {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

  it('gives back bytes and text', async () => {
    const store = await open();
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256);
    await store.put('model/forest.bin', bytes);
    await store.put('plots/deep er/réseau é.txt', 'é\n');
    await store.put('empty', '');
    expect(Buffer.compare(Buffer.from(await store.get('model/forest.bin')), Buffer.from(bytes))).toBe(0);
    expect(text(await store.get('plots/deep er/réseau é.txt'))).toBe('é\n');
    expect((await store.get('empty')).length).toBe(0);
  });

  it('overwrites a file whole', async () => {
    const store = await open();
    await store.put('a.txt', 'a long first text');
    await store.put('a.txt', 'short');
    expect(text(await store.get('a.txt'))).toBe('short');
    expect(await store.list()).toEqual([{ path: 'a.txt', isDirectory: false, sizeBytes: 5 }]);
  });

  it('lists one level, sorted, with sizes', async () => {
    const store = await open();
    expect(await store.list()).toEqual([]);
    await store.put('b.txt', 'bb');
    await store.put('a/two.txt', '22');
    await store.put('a/one.txt', '1');
    await store.put('a/deep/three.txt', '333');
    expect(await store.list()).toEqual([
      { path: 'a', isDirectory: true, sizeBytes: null },
      { path: 'b.txt', isDirectory: false, sizeBytes: 2 },
    ]);
    expect(await store.list('a')).toEqual([
      { path: 'a/deep', isDirectory: true, sizeBytes: null },
      { path: 'a/one.txt', isDirectory: false, sizeBytes: 1 },
      { path: 'a/two.txt', isDirectory: false, sizeBytes: 2 },
    ]);
    expect(await store.list('absent')).toEqual([]);
  });

  it('uploads a file and a folder', async () => {
    const store = await open();
    const local = await mkdtemp(join(tmpdir(), 'phantomnet-upload-'));
    try {
      await mkdir(join(local, 'folder', 'inner'), { recursive: true });
      await writeFile(join(local, 'single.txt'), 'single');
      await writeFile(join(local, 'folder', 'x.txt'), 'x');
      await writeFile(join(local, 'folder', 'inner', 'y.txt'), 'y');
      await store.upload(join(local, 'single.txt'));
      await store.upload(join(local, 'single.txt'), 'below');
      await store.upload(join(local, 'folder'), 'tree');
      await store.upload(join(local, 'folder'));
      expect(text(await store.get('single.txt'))).toBe('single');
      expect(text(await store.get('below/single.txt'))).toBe('single');
      expect(text(await store.get('tree/x.txt'))).toBe('x');
      expect(text(await store.get('tree/inner/y.txt'))).toBe('y');
      expect(text(await store.get('inner/y.txt'))).toBe('y');
      await expectCode(store.upload(join(local, 'absent.txt')), 'NOT_FOUND');
    } finally {
      await rm(local, { recursive: true, force: true });
    }
  });

  it('uploads nothing that a link points to', async () => {
    const store = await open();
    const local = await mkdtemp(join(tmpdir(), 'phantomnet-upload-'));
    try {
      await mkdir(join(local, 'folder'));
      await writeFile(join(local, 'outside.txt'), 'outside');
      await symlink(join(local, 'outside.txt'), join(local, 'folder', 'link.txt'));
      const error = await expectCode(store.upload(join(local, 'folder'), 'tree'), 'INVALID_PARAMETER');
      expect(error.message).toContain('link.txt');
    } finally {
      await rm(local, { recursive: true, force: true });
    }
  });

  it('says what file does not exist', async () => {
    const store = await open();
    const error = await expectCode(store.get('absent/file.txt'), 'NOT_FOUND');
    expect(error.message).toContain('absent/file.txt');
    await store.put('folder/file.txt', '1');
    await expectCode(store.get('folder'), 'NOT_FOUND');
  });

  it.each(hostilePaths.map((path) => [JSON.stringify(path), path]))(
    'refuses the path %s',
    async (_, path) => {
      const store = await open();
      await expectCode(store.put(path, 'x'), 'INVALID_PARAMETER');
      await expectCode(store.get(path), 'INVALID_PARAMETER');
      await expectCode(store.list(path), 'INVALID_PARAMETER');
      await expectCode(store.upload('package.json', path), 'INVALID_PARAMETER');
    },
  );

  it('refuses an empty path for a file', async () => {
    const store = await open();
    await expectCode(store.put('', 'x'), 'INVALID_PARAMETER');
    await expectCode(store.get(''), 'INVALID_PARAMETER');
  });

  it('removes everything', async () => {
    const store = await open();
    await store.put('a/b.txt', '1');
    await store.put('c.txt', '1');
    await store.removeAll();
    expect(await store.list()).toEqual([]);
    await expectCode(store.get('a/b.txt'), 'NOT_FOUND');
    await store.removeAll();
    await store.put('again.txt', '1');
    expect((await store.list()).map((e) => e.path)).toEqual(['again.txt']);
  });
}

/** What the port promises beyond that where files of any size pass through. */
export function servedArtifactCases(open: () => Promise<ServedArtifacts>): void {
  const collect = async (chunks: AsyncIterable<Uint8Array>) => {
    const copies: Buffer[] = [];
    // A chunk is valid until the next is asked for.
    for await (const chunk of chunks) copies.push(Buffer.from(chunk));
    return Buffer.concat(copies);
  };
  const cut = async function* (bytes: Uint8Array, sizeBytes: number) {
    for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes);
  };
  const large = Uint8Array.from({ length: 3_500_000 }, (_, i) => (i * 31 + (i >> 8)) % 256);

  it.each([1_000, 65_536, 1_048_576, 3_000_000])(
    'writes and reads in pieces of %d bytes',
    async (sizeBytes) => {
      const store = await open();
      await store.write('large.bin', cut(large, sizeBytes));
      const file = await store.open('large.bin');
      expect(file.sizeBytes).toBe(large.length);
      expect(Buffer.compare(await collect(file.chunks(0, large.length)), large)).toBe(0);
      expect(
        Buffer.compare(
          await collect(file.chunks(1_500_000, 2_700_001)),
          large.subarray(1_500_000, 2_700_001),
        ),
      ).toBe(0);
      expect((await collect(file.chunks(5, 5))).length).toBe(0);
      await file.close();
    },
  );

  it('keeps nothing of a write that fails, and what was there stays', async () => {
    const store = await open();
    await store.put('kept.txt', 'before');
    const failing = async function* () {
      yield large;
      throw new Error('cut off');
    };
    for (const path of ['kept.txt', 'new/folder/file.txt']) {
      await expectCode(store.write(path, failing()), 'UNAVAILABLE');
      const signal = AbortSignal.abort(new Error('gone'));
      await expectCode(store.write(path, cut(large, 65_536), { signal }), 'UNAVAILABLE');
    }
    expect(await store.list()).toEqual([{ path: 'kept.txt', isDirectory: false, sizeBytes: 6 }]);
    expect(Buffer.from(await store.get('kept.txt')).toString()).toBe('before');
  });

  it('reads on from a file that is replaced or removed meanwhile', async () => {
    const store = await open();
    await store.write('file.bin', cut(large, 65_536));
    const file = await store.open('file.bin');
    await store.put('file.bin', 'other');
    await store.remove('file.bin');
    expect(Buffer.compare(await collect(file.chunks(0, file.sizeBytes)), large)).toBe(0);
    await file.close();
  });

  it('removes a file or a folder, and nothing where there is none', async () => {
    const store = await open();
    for (const path of ['a/b/c.txt', 'a/d.txt', 'e.txt']) await store.put(path, 'x');
    await store.remove('a/b');
    await store.remove('e.txt');
    await store.remove('e.txt');
    await store.remove('none/at/all');
    expect((await store.list()).map((entry) => entry.path)).toEqual(['a']);
    expect((await store.list('a')).map((entry) => entry.path)).toEqual(['a/d.txt']);
  });

  it.each(hostilePaths.map((path) => [JSON.stringify(path), path]))(
    'opens and removes nothing at %s',
    async (_, path) => {
      const store = await open();
      await expectCode(store.open(path), 'INVALID_PARAMETER');
      await expectCode(store.remove(path), 'INVALID_PARAMETER');
      await expectCode(store.write(path, cut(large, large.length)), 'INVALID_PARAMETER');
    },
  );
}
