import { randomBytes } from 'node:crypto';
import { copyFile, lstat, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PhantomNetError, show } from '../core/index.js';
import { artifactSegments, insideRoot, TEMPORARY_PREFIX } from './artifact-path.js';

/** A file or folder below an artifact root. */
interface LocalArtifactEntry {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly sizeBytes: number | null;
}

/** Files below one local folder, which is made when the first file is written. */
export class LocalArtifacts {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Writes a file that is there whole or not at all, even after a crash: temporary file, fsync, rename, fsync of the folder. */
  async put(path: string, data: Uint8Array | string): Promise<void> {
    await this.#write(path, async (temporary) => {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(data);
        await file.sync();
      } finally {
        await file.close();
      }
    });
  }

  /** Uploads a file under its own name, or what is in a folder, below `path`. Refuses links and special files in it, before writing any. */
  async upload(localPath: string, path = ''): Promise<void> {
    const found = await lstat(localPath).catch((error: unknown) => {
      throw new PhantomNetError('NOT_FOUND', `no file or folder ${show(localPath)} to upload`, {
        hint: 'check the path',
        cause: error,
      });
    });
    const under = (name: string) => (path === '' ? name : `${path}/${name}`);
    if (!found.isDirectory() && !found.isFile()) throw notRegular(localPath);
    const files = found.isDirectory()
      ? await filesBelow(localPath)
      : [{ name: basename(localPath), localPath }];
    for (const { name } of files) artifactSegments(under(name));
    for (const file of files) {
      await this.#write(under(file.name), async (temporary) => {
        await copyFile(file.localPath, temporary);
        await syncPath(temporary);
      });
    }
  }

  /** Returns the bytes of a file. Throws NOT_FOUND when there is none. */
  async get(path: string): Promise<Uint8Array> {
    const target = insideRoot(this.#root, fileSegments(path));
    try {
      const bytes = await readFile(target);
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (!['ENOENT', 'EISDIR', 'ENOTDIR'].includes(code)) throw readFailure(path, error);
      throw new PhantomNetError('NOT_FOUND', `no artifact file ${show(path)}`, {
        hint: 'list the artifacts to see what is there',
        details: { path },
      });
    }
  }

  /** Returns the entries directly below `path`, sorted; empty when it is not a folder. Uploads under way are left out. */
  async list(path = ''): Promise<LocalArtifactEntry[]> {
    const segments = artifactSegments(path);
    const folder = insideRoot(this.#root, segments);
    const found = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
      throw readFailure(path, error);
    });
    const entries: LocalArtifactEntry[] = [];
    for (const { name } of found) {
      if (name.startsWith(TEMPORARY_PREFIX)) continue;
      const info = await stat(join(folder, name)).catch(() => undefined);
      if (info === undefined) continue;
      const isDirectory = info.isDirectory();
      const entryPath = [...segments, name].join('/');
      entries.push({ path: entryPath, isDirectory, sizeBytes: isDirectory ? null : info.size });
    }
    return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Removes the root with everything below it; links are removed, not followed. */
  async removeAll(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }

  async #write(path: string, fill: (temporary: string) => Promise<void>): Promise<void> {
    const segments = fileSegments(path);
    const target = insideRoot(this.#root, segments);
    const folder = dirname(target);
    const temporary = join(folder, TEMPORARY_PREFIX + randomBytes(8).toString('hex'));
    try {
      await mkdir(folder, { recursive: true });
      await fill(temporary);
      await rename(temporary, target);
      await syncPath(folder);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw writeFailure(path, error);
    }
  }
}

/** All regular files below a folder, by relative path, sorted so that uploads happen in one order. */
async function filesBelow(folder: string): Promise<{ name: string; localPath: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files: { name: string; localPath: string }[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const localPath = join(entry.parentPath, entry.name);
    const name = localPath.slice(join(folder, 'x').length - 1);
    if (!entry.isFile()) {
      throw notRegular(localPath);
    }
    files.push({ name: name.split('\\').join('/'), localPath });
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function fileSegments(path: string): string[] {
  const segments = artifactSegments(path);
  if (segments.length > 0) return segments;
  throw new PhantomNetError('INVALID_PARAMETER', 'artifact path of a file must not be empty', {
    hint: "give the file a name, such as 'report.json'",
  });
}

function notRegular(localPath: string): PhantomNetError {
  return new PhantomNetError(
    'INVALID_PARAMETER',
    `${show(localPath)} to upload is neither a file nor a folder`,
    {
      hint: 'replace links by the files they point to, and leave out sockets, pipes and devices',
      details: { path: localPath },
    },
  );
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function readFailure(path: string, error: unknown): PhantomNetError {
  const code = (error as NodeJS.ErrnoException).code;
  const denied = code === 'EACCES' || code === 'EPERM';
  return new PhantomNetError(
    denied ? 'PERMISSION_DENIED' : 'UNAVAILABLE',
    `artifact ${show(path)} cannot be read (${code})`,
    { hint: denied ? 'check the permissions of the artifact folder' : 'check the disk', cause: error },
  );
}

function writeFailure(path: string, error: unknown): unknown {
  if (error instanceof PhantomNetError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENOTEMPTY') {
    return new PhantomNetError(
      'CONFLICT',
      `artifact ${show(path)} would replace a folder by a file or a file by a folder`,
      {
        hint: 'choose another artifact path',
        cause: error,
      },
    );
  }
  const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  return new PhantomNetError(
    denied ? 'PERMISSION_DENIED' : 'UNAVAILABLE',
    `artifact ${show(path)} cannot be written (${code ?? String(error)})`,
    {
      hint: denied ? 'check the permissions of the artifact folder' : 'check the disk and its free space',
      cause: error,
    },
  );
}
