import { z } from 'zod';
import { PhantomNetError } from '../core/index.js';

/** The names of an archive's entries: one database, any number of files below `artifacts/`, and last what there must be. */
export const ENTRIES = {
  database: 'database.sqlite',
  artifacts: 'artifacts/',
  manifest: 'manifest.json',
} as const;

const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 4_096;

const archivedFile = z.strictObject({
  name: z.string(),
  sizeBytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What the manifest says of each file of an archive. */
export type ArchivedFile = z.infer<typeof archivedFile>;

/** The last entry of an archive: what it is, and every other file with its digest. */
export const backupManifest = z.object({
  format: z.literal('phantomnet-backup'),
  version: z.literal(1),
  createdAt: z.string(),
  phantomnet: z.string(),
  /** How the database kept its journal. */
  journalMode: z.string(),
  /** Absolute path of the folder the artifacts were in. */
  artifactRoot: z.string().startsWith('/'),
  files: z.array(archivedFile),
});

/** The last entry of an archive. */
export type BackupManifest = z.infer<typeof backupManifest>;

/** Returns why a name cannot be an entry that is a file, or undefined when it can. */
export function reasonAgainstName(name: string): string | undefined {
  if (name === ENTRIES.database || name === ENTRIES.manifest) return undefined;
  if (!name.startsWith(ENTRIES.artifacts)) return 'is not a name a backup has';
  if (Buffer.byteLength(name) > MAX_PATH_BYTES) return `is longer than ${MAX_PATH_BYTES} bytes`;
  if (/[\0\\\ufffd]/.test(name)) return 'has a NUL, a backslash or a character that is not UTF-8';
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return "has an empty, '.' or '..' part";
  if (parts.some((part) => Buffer.byteLength(part) > MAX_NAME_BYTES))
    return `has a part over ${MAX_NAME_BYTES} bytes`;
  return undefined;
}

/** Returns what a failure of the file system means for a backup or restore at `path`; our own errors stay. */
export function fileFailure(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (error instanceof PhantomNetError || typeof code !== 'string') return error;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new PhantomNetError('NOT_FOUND', `${path} cannot be opened: it or its folder is not there`, {
      hint: 'check the path',
      cause: error,
    });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new PhantomNetError('PERMISSION_DENIED', `${path} may not be read or written (${code})`, {
      hint: 'check the permissions of the file and of its folder',
      cause: error,
    });
  return new PhantomNetError('UNAVAILABLE', `${path} could not be read or written (${code})`, {
    hint: 'check the disk and its free space',
    cause: error,
  });
}
