import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PhantomNetError, show } from '../core/index.js';

/** A local file and the artifact path it goes to. */
export interface FileToUpload {
  readonly source: string;
  readonly target: string;
}

/**
 * Returns the files that an upload of a file or folder means, sorted by target: a file goes under its own name below
 * `path`, a folder gives what is in it. Throws NOT_FOUND when there is nothing, INVALID_PARAMETER for links and special
 * files, whose bytes are not in the folder the caller chose.
 */
export async function filesToUpload(localPath: string, path: string): Promise<FileToUpload[]> {
  const found = await lstat(localPath).catch((cause: unknown) => {
    throw new PhantomNetError('NOT_FOUND', `no file or folder ${show(localPath)} to upload`, {
      hint: 'check the path',
      cause,
    });
  });
  const prefix = path === '' ? '' : `${path}/`;
  if (found.isFile()) return [{ source: localPath, target: prefix + basename(localPath) }];
  if (!found.isDirectory()) throw notPlain(localPath);
  const files: FileToUpload[] = [];
  const walk = async (folder: string, below: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const source = join(folder, entry.name);
      if (entry.isDirectory()) await walk(source, `${below}${entry.name}/`);
      else if (entry.isFile()) files.push({ source, target: below + entry.name });
      else throw notPlain(source);
    }
  };
  await walk(localPath, prefix);
  return files;
}

function notPlain(path: string): PhantomNetError {
  return new PhantomNetError('INVALID_PARAMETER', `${show(path)} to upload is neither a file nor a folder`, {
    hint: 'replace links by the files they point to, and leave out sockets, pipes and devices',
    details: { path },
  });
}
