import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PhantomNetError } from '../core/index.js';
import { fileFailure } from './backup-format.js';

/**
 * Throws, before anything is done for it, what keeps a file from being written: ALREADY_EXISTS where one must not be
 * replaced, and for a folder; NOT_FOUND or PERMISSION_DENIED for the folder it is to be in.
 */
export async function checkTarget(path: string, existing: 'refuse' | 'replace'): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw fileFailure(path, error);
  });
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined || (existing === 'replace' && !facts.isDirectory())) return;
  const isFolder = facts.isDirectory();
  throw new PhantomNetError('ALREADY_EXISTS', `${path} is ${isFolder ? 'a folder' : 'there already'}`, {
    hint: isFolder ? 'name a file in it' : 'name another file, or replace it with --force',
    details: { file: path },
  });
}

/**
 * Writes a file so that it is there whole or not at all, also after a crash: what was there before stays until then. Throws
 * as `checkTarget` does, and the reason of `signal` where it aborts first.
 */
export async function writeWholeFile(
  path: string,
  bytes: Uint8Array,
  {
    existing,
    signal,
  }: { readonly existing: 'refuse' | 'replace'; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const partial = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    const handle = await open(partial, 'wx');
    await handle
      .writeFile(bytes)
      .then(() => handle.sync())
      .finally(() => handle.close());
    signal?.throwIfAborted();
    await checkTarget(path, existing);
    await rename(partial, path);
  } catch (error) {
    throw fileFailure(path, error);
  } finally {
    await rm(partial, { force: true });
  }
}
