import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { PhantomNetError } from '../core/index.js';
import { removeAbandonedUploads } from './abandoned-uploads.js';
import { isMissing, noFile, readFailure, throughLink, writeFailure } from './artifact-errors.js';
import { type ArtifactFolder, makeFolder, openFolder, openNearestFolder } from './artifact-folder.js';
import { artifactSegments, type DatabaseFiles, databaseFiles, TEMPORARY_PREFIX } from './artifact-path.js';
import { readChunks, writeChunks } from './artifact-stream.js';
import { filesToUpload } from './upload-files.js';

/** A file or folder below an artifact root. */
interface LocalArtifactEntry {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly sizeBytes: number | null;
}

/** What a set of local artifacts is. */
interface LocalArtifactsOptions {
  /** A folder below the root to which all paths are relative; default: the root. */
  readonly folder?: readonly string[];
  /** Path of a database whose files are no artifacts even where they lie below the root. */
  readonly databasePath?: string;
}

/**
 * Files below one local folder, which is made when the first file is written. Follows no symbolic link below the root,
 * and reads and writes nothing but plain files and folders.
 */
export class LocalArtifacts {
  readonly #root: string;
  readonly #folder: readonly string[];
  readonly #databasePath: string | undefined;

  constructor(root: string, { folder = [], databasePath }: LocalArtifactsOptions = {}) {
    this.#root = root;
    this.#folder = folder;
    this.#databasePath = databasePath;
  }

  /** Writes a file that is there whole or not at all, even after a crash: temporary file, fsync, rename, fsync of the folder. */
  async put(path: string, data: Uint8Array | string): Promise<void> {
    await this.#publish(path, (temporary) => fillNew(temporary, (file) => file.writeFile(data)));
  }

  /**
   * Writes a file from chunks as `put` does, with at most two megabytes of it in memory. When the chunks fail, or
   * `signal` is aborted before the end, nothing is left of it, not even a new folder.
   */
  async write(
    path: string,
    chunks: AsyncIterable<Uint8Array>,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.#publish(path, async (temporary) => {
      await fillNew(temporary, (file) => writeChunks(file, chunks));
      signal?.throwIfAborted();
    });
  }

  /** Uploads a file under its own name, or what is in a folder, below `path`. Refuses links and special files in it, before writing any. */
  async upload(localPath: string, path = ''): Promise<void> {
    const files = await filesToUpload(localPath, path);
    for (const { target } of files) artifactSegments(target);
    for (const { source, target } of files) {
      await this.#publish(target, async (temporary) => {
        await copyFile(source, temporary);
        const file = await open(temporary, 'r');
        await file.sync().finally(() => file.close());
      });
    }
  }

  /** Returns the bytes of a file. Throws NOT_FOUND when there is none. */
  async get(path: string): Promise<Uint8Array> {
    const { handle } = await this.#openFile(path);
    try {
      const bytes = await handle.readFile();
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch (error) {
      throw readFailure(path, error);
    } finally {
      await handle.close();
    }
  }

  /** Opens a file to be read piece by piece; the caller closes it. Throws NOT_FOUND when there is none. */
  async open(path: string): Promise<LocalArtifactFile> {
    const { handle, sizeBytes, modifiedMs } = await this.#openFile(path);
    return new LocalArtifactFile(handle, sizeBytes, modifiedMs);
  }

  /** Returns the entries directly below `path`, sorted; empty when it is not a folder. Links, special files, the database and uploads under way are left out. */
  async list(path = ''): Promise<LocalArtifactEntry[]> {
    const segments = artifactSegments(path);
    const at = [...this.#folder, ...segments];
    const folder = await openFolder(this.#root, at).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw readFailure(path, error);
    });
    if (folder === undefined) return [];
    try {
      const database = await this.#database();
      const names = await readdir(folder.at(''));
      const entries = names
        .filter((name) => !name.startsWith(TEMPORARY_PREFIX))
        .map(async (name) => {
          const info = await lstat(folder.at(name)).catch(() => undefined);
          if (info === undefined || (!info.isFile() && !info.isDirectory())) return [];
          if (info.isFile() && database?.include([...at, name])) return [];
          const isDirectory = info.isDirectory();
          const entryPath = [...segments, name].join('/');
          return [{ path: entryPath, isDirectory, sizeBytes: isDirectory ? null : info.size }];
        });
      return (await Promise.all(entries)).flat().sort((a, b) => (a.path < b.path ? -1 : 1));
    } catch (error) {
      throw readFailure(path, error);
    } finally {
      await folder.close();
    }
  }

  /** Removes a file, or a folder with all below it; does nothing when there is none. A link is removed, not followed. */
  async remove(path: string): Promise<void> {
    const segments = [...this.#folder, ...artifactSegments(path)];
    (await this.#database())?.refuse(segments);
    const name = segments.at(-1);
    try {
      if (name === undefined) await rm(this.#root, { recursive: true, force: true });
      else await removeBelow(await openFolder(this.#root, segments.slice(0, -1)), name);
    } catch (error) {
      if (!isMissing(error)) throw writeFailure(path, error);
    }
  }

  /** Removes the root with everything below it; links are removed, not followed. */
  async removeAll(): Promise<void> {
    await this.remove('');
  }

  /** Removes what uploads left that were killed hours ago, and returns how many there were; `signal` ends it early. */
  async removeAbandonedUploads(signal?: AbortSignal): Promise<number> {
    return removeAbandonedUploads(this.#root, this.#folder, signal);
  }

  async #publish(path: string, fill: (temporary: string) => Promise<void>): Promise<void> {
    const segments = await this.#fileSegments(path);
    const folders = segments.slice(0, -1);
    const name = segments.at(-1) ?? '';
    try {
      await mkdir(this.#root, { recursive: true });
      // Filled where folders are already, so that an upload that fails leaves none behind.
      const near = (await openNearestFolder(this.#root, folders)).folder;
      const temporary = near.at(temporaryName());
      try {
        await fill(temporary);
        await moveInto(await makeFolder(this.#root, folders), name, temporary);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw error;
      } finally {
        await near.close();
      }
    } catch (error) {
      throw writeFailure(path, error);
    }
  }

  async #openFile(path: string): Promise<{ handle: FileHandle; sizeBytes: number; modifiedMs: number }> {
    const segments = await this.#fileSegments(path);
    // A pipe would wait for its writer; what is not a plain file is refused below.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    try {
      const folder = await openFolder(this.#root, segments.slice(0, -1));
      const handle = await open(folder.at(segments.at(-1) ?? ''), flags).finally(() => folder.close());
      const info = await handle.stat();
      if (info.isFile()) return { handle, sizeBytes: info.size, modifiedMs: info.mtimeMs };
      await handle.close();
      throw noFile(path, info.isDirectory() ? 'folder' : 'nothing');
    } catch (error) {
      throw readFailure(path, error);
    }
  }

  async #fileSegments(path: string): Promise<string[]> {
    const segments = artifactSegments(path);
    if (segments.length === 0) {
      throw new PhantomNetError('INVALID_PARAMETER', 'artifact path of a file must not be empty', {
        hint: "give the file a name, such as 'report.json'",
      });
    }
    const all = [...this.#folder, ...segments];
    (await this.#database())?.refuse(all);
    return all;
  }

  async #database(): Promise<DatabaseFiles | undefined> {
    return this.#databasePath === undefined ? undefined : databaseFiles(this.#databasePath, this.#root);
  }
}

/** A file that is open for reading. */
export class LocalArtifactFile {
  readonly #handle: FileHandle;
  readonly sizeBytes: number;
  /** When it was written, in epoch milliseconds with a fraction. */
  readonly modifiedMs: number;

  constructor(handle: FileHandle, sizeBytes: number, modifiedMs: number) {
    this.#handle = handle;
    this.sizeBytes = sizeBytes;
    this.modifiedMs = modifiedMs;
  }

  /** Gives the bytes from `startByte` up to, not including, `endByte`; a chunk is valid until the next is asked for. */
  chunks(startByte: number, endByte: number): AsyncIterable<Uint8Array> {
    return readChunks(this.#handle, startByte, endByte);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

async function fillNew(path: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await fill(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function moveInto(folder: ArtifactFolder, name: string, temporary: string): Promise<void> {
  try {
    const there = await lstat(folder.at(name)).catch(() => undefined);
    if (there?.isSymbolicLink()) throw throughLink(name);
    await rename(temporary, folder.at(name));
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A folder is renamed first, so that no one sees it half gone and nothing new is written into it. */
async function removeBelow(folder: ArtifactFolder, name: string): Promise<void> {
  try {
    const doomed = folder.at(temporaryName());
    await rename(folder.at(name), doomed);
    await folder.sync();
    await rm(doomed, { recursive: true, force: true });
  } finally {
    await folder.close();
  }
}

function temporaryName(): string {
  return TEMPORARY_PREFIX + randomBytes(8).toString('hex');
}
