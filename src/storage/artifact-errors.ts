import { PhantomNetError, show } from '../core/index.js';

const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ENXIO', 'EISDIR']);

/** Returns true when an error of the file system means that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return MISSING.has(codeOf(error));
}

/** Returns the error of a file that is not there; a folder in its place is a bad request to MLflow's clients. */
export function noFile(path: string, kind: 'nothing' | 'folder' = 'nothing'): PhantomNetError {
  const isFolder = kind === 'folder';
  return new PhantomNetError(
    'NOT_FOUND',
    `no artifact file ${show(path)}${isFolder ? ': it is a folder' : ''}`,
    {
      hint: 'list the artifacts to see what is there',
      details: { path, ...(isFolder ? { mlflowCode: 'INVALID_PARAMETER_VALUE' } : {}) },
    },
  );
}

/** Returns the error of a path on which a symbolic link lies. */
export function throughLink(path: string): PhantomNetError {
  return new PhantomNetError(
    'INVALID_PARAMETER',
    `artifact path ${show(path)} goes through a symbolic link`,
    { hint: 'replace the link by the files it points to', details: { path } },
  );
}

/** Returns what a failed read means. */
export function readFailure(path: string, error: unknown): PhantomNetError {
  if (error instanceof PhantomNetError) return error;
  if (codeOf(error) === 'ELOOP') return throughLink(path);
  if (isMissing(error)) return noFile(path);
  const denied = ['EACCES', 'EPERM'].includes(codeOf(error));
  return new PhantomNetError(
    denied ? 'PERMISSION_DENIED' : 'UNAVAILABLE',
    `artifact ${show(path)} cannot be read (${codeOf(error) || String(error)})`,
    { hint: denied ? 'check the permissions of the artifact folder' : 'check the disk', cause: error },
  );
}

/** Returns what a failed write means. */
export function writeFailure(path: string, error: unknown): PhantomNetError {
  if (error instanceof PhantomNetError) return error;
  const code = codeOf(error);
  if (['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY'].includes(code)) {
    return new PhantomNetError(
      'CONFLICT',
      `artifact ${show(path)} would replace a folder by a file or a file by a folder`,
      { hint: 'choose another artifact path', cause: error },
    );
  }
  const denied = ['EACCES', 'EPERM', 'EROFS'].includes(code);
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code);
  return new PhantomNetError(
    denied ? 'PERMISSION_DENIED' : 'UNAVAILABLE',
    `artifact ${show(path)} cannot be written${full ? ': no room left' : ''} (${code || String(error)})`,
    {
      hint: denied ? 'check the permissions of the artifact folder' : 'check the disk and its free space',
      cause: error,
    },
  );
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}
