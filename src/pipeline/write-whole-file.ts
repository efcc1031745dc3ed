import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { PhantomNetError } from '../core/index.js';
import { fileFailure } from './backup-format.js';

/** Throws ALREADY_EXISTS where a file must not be replaced, and for a folder. */
export function checkTarget(path: string, existing: 'refuse' | 'replace'): void {
  if (!existsSync(path)) return;
  const isFolder = statSync(path).isDirectory();
  if (existing === 'replace' && !isFolder) return;
  throw new PhantomNetError('ALREADY_EXISTS', `${path} is ${isFolder ? 'a folder' : 'there already'}`, {
    hint: isFolder ? 'name a file in it' : 'name another file, or replace it with --force',
    details: { file: path },
  });
}

/**
 * Writes a file so that it is there whole or not at all, also after a crash: what was there before stays until then. Throws
 * as `checkTarget` does, NOT_FOUND or PERMISSION_DENIED for the folder, and the reason of `signal` where it aborts first.
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
    checkTarget(path, existing);
    await rename(partial, path);
  } catch (error) {
    throw fileFailure(path, error);
  } finally {
    await rm(partial, { force: true });
  }
}
