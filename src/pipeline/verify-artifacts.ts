import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PhantomNetError, sha256Hex, show } from '../core/index.js';
import { checkArtifactPath, PHANTOMNET_FLAVOR, parseMlModel } from '../mlflow/index.js';
import type { RecordedFolder } from '../storage/index.js';

/** Something about a model's files that is not as it was recorded. */
interface ArtifactProblem {
  /** Below the model's folder; '' for the folder itself. */
  readonly path: string;
  readonly message: string;
}

/** What was looked at in one folder. */
interface FolderReport {
  readonly hashedFiles: number;
  readonly problems: readonly ArtifactProblem[];
}

const MLMODEL = 'MLmodel';
/** A larger MLmodel is refused by its reader too. */
const MAX_MLMODEL_BYTES = 1024 * 1024;

/**
 * Hashes every file of a model that has a recorded digest: `MLmodel` by the tag, the others by what it lists.
 * `onlyMlModel` leaves the others out, where they are hashed under another name already. Memory does not grow with files.
 */
export async function verifyModelFolder(
  folder: RecordedFolder & { readonly path: string },
  { onlyMlModel }: { readonly onlyMlModel: boolean },
): Promise<FolderReport> {
  const wrong = await whyNotAFile(join(folder.path, MLMODEL), MAX_MLMODEL_BYTES);
  if (wrong !== undefined) {
    // A version may point at anything; a digest says that there was a model of ours.
    const isExpected = folder.isReady || folder.packageDigest !== undefined;
    return { hashedFiles: 0, problems: isExpected ? [{ path: MLMODEL, message: wrong }] : [] };
  }
  const bytes = await readFile(join(folder.path, MLMODEL));
  const problems: ArtifactProblem[] = [];
  if (folder.packageDigest !== undefined && sha256Hex(bytes) !== folder.packageDigest) {
    problems.push({ path: MLMODEL, message: 'is not what was logged: its SHA-256 differs' });
  }
  const listed = onlyMlModel ? [] : listedDigests(bytes, problems);
  for (const [path, digest] of listed) {
    const message = await whyNotAsListed(folder.path, path, digest);
    if (message !== undefined) problems.push({ path, message });
  }
  return { hashedFiles: listed.length + (folder.packageDigest === undefined ? 0 : 1), problems };
}

/** Returns the files with digests that an MLmodel lists; one that cannot be read goes to the problems. */
function listedDigests(bytes: Uint8Array, problems: ArtifactProblem[]): [string, string][] {
  try {
    const { flavors } = parseMlModel(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const files = flavors[PHANTOMNET_FLAVOR]?.['files'];
    if (typeof files !== 'object' || files === null) return [];
    return Object.entries(files).map(([path, digest]) => [path, String(digest)]);
  } catch (error) {
    const message = error instanceof PhantomNetError ? error.message : 'is not UTF-8';
    problems.push({ path: MLMODEL, message });
    return [];
  }
}

async function whyNotAsListed(folder: string, path: string, digest: string): Promise<string | undefined> {
  try {
    checkArtifactPath(path);
  } catch (error) {
    return `is listed in MLmodel and cannot be a file of it: ${(error as Error).message}`;
  }
  const place = join(folder, path);
  const wrong = await whyNotAFile(place);
  if (wrong !== undefined) return wrong;
  const actual = await hashFile(place);
  return actual === digest ? undefined : 'is not what was logged: its SHA-256 differs';
}

async function whyNotAFile(path: string, maxBytes = Number.POSITIVE_INFINITY): Promise<string | undefined> {
  try {
    const info = await lstat(path);
    if (!info.isFile()) return 'is not a regular file';
    return info.size > maxBytes ? `is larger than ${maxBytes} bytes` : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'is missing' : `cannot be read (${show(code)})`;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
