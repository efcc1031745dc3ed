import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeChunks } from '#src/storage/artifact-stream.js';

const CHUNK = Buffer.alloc(1024 * 1024, 'phantomnet');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantomnet-stream-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A real file whose datasync does what `datasync` says. */
async function withFile(
  datasync: (file: FileHandle) => Promise<void>,
  body: (file: FileHandle, path: string) => Promise<void>,
) {
  const path = join(folder, 'file');
  const file = await open(path, 'w');
  try {
    const real = Object.assign(Object.create(file) as FileHandle, {
      datasync: () => datasync(file),
      writev: (pieces: Buffer[]) => file.writev(pieces),
    });
    await body(real, path);
  } finally {
    await file.close();
  }
}

async function* megabytes(count: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < count; i++) yield CHUNK;
}

describe('writing chunks', () => {
  it('sends a large file to the disk while it arrives, and nothing of a small one', async () => {
    const counts: number[] = [];
    for (const size of [3, 40]) {
      let count = 0;
      const counting = async (file: FileHandle) => {
        count += 1;
        await file.datasync();
      };
      await withFile(counting, async (file, path) => {
        await writeChunks(file, megabytes(size));
        expect((await readFile(path)).equals(Buffer.concat(Array<Buffer>(size).fill(CHUNK)))).toBe(true);
      });
      counts.push(count);
    }
    expect(counts[0]).toBe(0);
    expect(counts[1]).toBeGreaterThan(0);
  });

  it('throws what the disk said while the file arrived', async () => {
    const failing = async () => {
      throw new Error('EIO: i/o error, fdatasync');
    };
    await withFile(failing, async (file) => {
      await expect(writeChunks(file, megabytes(40))).rejects.toThrow('EIO');
    });
  });

  it('has ended all it began when the chunks fail', async () => {
    let isSyncing = false;
    const slow = async (file: FileHandle) => {
      isSyncing = true;
      await file.datasync();
      await new Promise((later) => setTimeout(later, 50));
      isSyncing = false;
    };
    async function* broken() {
      yield* megabytes(12);
      throw new Error('cut off');
    }
    await withFile(slow, async (file) => {
      await expect(writeChunks(file, broken())).rejects.toThrow('cut off');
      expect(isSyncing).toBe(false);
    });
  });
});
