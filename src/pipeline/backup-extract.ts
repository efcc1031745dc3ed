import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { extract as createExtract, type Entry } from 'tar-stream';
import { PhantomNetError, show } from '../core/index.js';
import {
  type ArchivedFile,
  type BackupManifest,
  backupManifest,
  ENTRIES,
  fileFailure,
  reasonAgainstName,
} from './backup-format.js';

/** A manifest of a million files is smaller. */
const MAX_MANIFEST_BYTES = 256 * 1024 * 1024;

/**
 * Unpacks an archive into an empty folder, checks every digest, and returns its manifest. The archive is hostile: only
 * plain files with a backup's names are written, each once, and nothing outside the folder. Throws INTEGRITY for any
 * other archive, for one that was cut off, and where a digest or the list of files differs.
 */
export async function extractBackup(file: string, folder: string): Promise<BackupManifest> {
  const extract = createExtract();
  const source = createReadStream(file);
  source.on('error', (error) => extract.destroy(error));
  source.pipe(extract);
  const written = new Map<string, ArchivedFile>();
  let manifest: BackupManifest | undefined;
  try {
    for await (const entry of extract) {
      const { name } = entry.header;
      checkEntry(entry, { isLast: manifest !== undefined, isThere: written.has(name) });
      if (name === ENTRIES.manifest) manifest = await readManifest(entry);
      else written.set(name, await writeEntry(entry, folder));
    }
  } catch (error) {
    throw archiveFailure(file, error);
  } finally {
    source.destroy();
  }
  if (manifest === undefined) throw damaged('its manifest is missing: it was cut off, or is no backup');
  compare(manifest, written);
  return manifest;
}

function checkEntry(
  { header }: Entry,
  { isLast, isThere }: { readonly isLast: boolean; readonly isThere: boolean },
): void {
  const { name, type } = header;
  const reason =
    type !== 'file'
      ? `is a ${type}, where a backup has plain files only`
      : isThere
        ? 'is in it twice'
        : isLast
          ? 'stands behind the manifest'
          : reasonAgainstName(name);
  if (reason !== undefined) throw damaged(`its entry ${show(name)} ${reason}`);
}

async function readManifest(entry: Readable): Promise<BackupManifest> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of entry as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_MANIFEST_BYTES) throw damaged('its manifest is too large');
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (cause) {
    throw damaged('its manifest is not JSON', cause);
  }
  const parsed = backupManifest.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw damaged(`its manifest is not of this version: ${issue?.path.join('.')}: ${issue?.message}`);
}

async function writeEntry(entry: Entry, folder: string): Promise<ArchivedFile> {
  const { name } = entry.header;
  const target = join(folder, name);
  await mkdir(dirname(target), { recursive: true });
  const file = await open(target, 'wx');
  try {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      hash.update(chunk);
      await file.writeFile(chunk);
      sizeBytes += chunk.length;
    }
    await file.sync();
    return { name, sizeBytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

function compare({ files }: BackupManifest, written: ReadonlyMap<string, ArchivedFile>): void {
  if (!written.has(ENTRIES.database)) throw damaged('its database is missing');
  for (const { name, sizeBytes, sha256 } of files) {
    const found = written.get(name);
    if (found === undefined) throw damaged(`${show(name)} is in its manifest alone`);
    if (found.sizeBytes !== sizeBytes || found.sha256 !== sha256)
      throw damaged(`${show(name)} is not what was backed up: its SHA-256 differs`);
  }
  const listed = new Set(files.map(({ name }) => name));
  if (listed.size !== files.length) throw damaged('its manifest lists a file twice');
  for (const name of written.keys()) {
    if (!listed.has(name)) throw damaged(`${show(name)} is not in its manifest`);
  }
}

function archiveFailure(file: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof PhantomNetError) return error;
  // Two entries of which one would be the folder of the other.
  if (code === 'EEXIST' || code === 'EISDIR' || code === 'ENOTDIR')
    return damaged('two of its entries collide', error);
  if (syscall !== undefined) return fileFailure(file, error);
  return damaged(`it is no whole tar file (${(error as Error).message})`, error);
}

function damaged(what: string, cause?: unknown): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `the backup cannot be used: ${what}`, {
    hint: 'nothing was restored; use another copy of the backup',
    cause,
  });
}
