import { constants, existsSync } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, throughLink } from './artifact-errors.js';

/** Linux reaches the entries of an open folder through here, wherever its old path leads by then. */
const OPEN_FILES = '/proc/self/fd';
const HAS_OPEN_FILES = process.platform === 'linux' && existsSync(OPEN_FILES);

/**
 * A folder below an artifact root that is open and was not reached through a link. On Linux what is done by `at` is
 * done in this very folder, even when someone puts a link in its place meanwhile; elsewhere that moment stays open to
 * those who may write to the artifact root on the disk.
 */
export class ArtifactFolder {
  readonly #handle: FileHandle;
  readonly #path: string;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  /** Returns the path of an entry of the folder; '' is the folder itself. */
  at(name: string): string {
    return HAS_OPEN_FILES ? `${OPEN_FILES}/${this.#handle.fd}/${name}` : join(this.#path, name);
  }

  /** Puts on the disk which entries the folder has. */
  sync(): Promise<void> {
    return this.#handle.sync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/**
 * Opens the folder at `segments` below `root`. The root itself may be a link, which its owner made; nothing below it may.
 * Throws INVALID_PARAMETER for a link, and the file system's errors.
 */
export async function openFolder(root: string, segments: readonly string[]): Promise<ArtifactFolder> {
  const realRoot = await realpath(root);
  const path = join(realRoot, ...segments);
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const handle = await open(path, flags).catch(async (error: unknown) => {
    throw (await hasLink(realRoot, segments)) ? throughLink(segments.join('/')) : error;
  });
  if (await isAt(handle, path)) return new ArtifactFolder(handle, path);
  await handle.close();
  throw throughLink(segments.join('/'));
}

/** Opens the folder at `segments` below `root`, or else the nearest above it that is there, and says how deep that is. */
export async function openNearestFolder(
  root: string,
  segments: readonly string[],
): Promise<{ readonly folder: ArtifactFolder; readonly depth: number }> {
  for (let depth = segments.length; ; depth--) {
    try {
      return { folder: await openFolder(root, segments.slice(0, depth)), depth };
    } catch (error) {
      if (depth === 0 || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** Opens the folder at `segments` below `root`, making those that are missing, and puts each on the disk. */
export async function makeFolder(root: string, segments: readonly string[]): Promise<ArtifactFolder> {
  const nearest = await openNearestFolder(root, segments);
  let folder = nearest.folder;
  for (let depth = nearest.depth; depth < segments.length; depth++) {
    const parent = folder;
    try {
      await mkdir(parent.at(segments[depth] ?? '')).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      await parent.sync();
      folder = await openFolder(root, segments.slice(0, depth + 1));
    } finally {
      await parent.close();
    }
  }
  return folder;
}

/** True when an open file is what stands at `path`, reached without a link. */
async function isAt(handle: FileHandle, path: string): Promise<boolean> {
  try {
    if (HAS_OPEN_FILES) return (await readlink(`${OPEN_FILES}/${handle.fd}`)) === path;
    if ((await realpath(path)) !== path) return false;
    const [opened, found] = [await handle.stat(), await stat(path)];
    return opened.ino === found.ino && opened.dev === found.dev;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function hasLink(realRoot: string, segments: readonly string[]): Promise<boolean> {
  for (let depth = 1; depth <= segments.length; depth++) {
    const info = await lstat(join(realRoot, ...segments.slice(0, depth))).catch(() => undefined);
    if (info === undefined) return false;
    if (info.isSymbolicLink()) return true;
  }
  return false;
}
