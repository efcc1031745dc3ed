import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, constants, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PhantomNetError, VERSION } from '../core/index.js';
import { artifactRootPath, copyDatabase, openExisting, recordedFolders } from '../storage/index.js';
import { ArchiveWriter } from './backup-archive.js';
import { recordedFiles } from './backup-files.js';
import { type BackupManifest, ENTRIES, fileFailure, reasonAgainstName } from './backup-format.js';
import { type StageProgress, silent } from './run-experiment.js';
import { type StorePlace, storeUri } from './verify.js';

/** What a backup holds. */
export interface BackupReport {
  readonly file: string;
  readonly sizeBytes: number;
  readonly uri: string;
  readonly artifactRoot: string;
  readonly artifacts: number;
  /** Files below the artifact root that are not in it, such as links. */
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
  /** Artifact places that are not below the artifact root, so that nothing of them is in it. */
  readonly elsewhere: readonly string[];
}

/** As many places elsewhere are named, no more. */
const MAX_ELSEWHERE = 100;

/**
 * Writes one archive with a state of the database and the artifacts of its runs and models, while others go on writing;
 * it is there whole or not at all, and only its owner may read it. Throws ALREADY_EXISTS for a file that is there,
 * NOT_FOUND where there is no database, and the reason of `signal` soon after it aborts: not while the database is copied.
 * Cost: the size of both on the disk, and for a moment the database twice; memory does not grow with files.
 */
export async function backupStore(
  file: string,
  place: StorePlace,
  progress: StageProgress = silent,
  signal?: AbortSignal,
): Promise<BackupReport> {
  const target = resolve(file);
  if (existsSync(target))
    throw new PhantomNetError('ALREADY_EXISTS', `${target} is there already`, {
      hint: 'give the backup another name, or remove that file',
    });
  const uri = storeUri(place);
  await access(dirname(target), constants.W_OK).catch((error: unknown) => {
    throw fileFailure(target, error);
  });
  const partial = `${target}.${randomBytes(6).toString('hex')}.partial`;
  const snapshot = `${partial}.database`;
  try {
    // Only the owner may read the copy: SQLite takes an empty file as it is.
    await writeFile(snapshot, '', { flag: 'wx', mode: 0o600 });
    progress.stage('database');
    const { artifactRoot, journalMode } = await copyStore(uri, place, snapshot);
    progress.done();
    progress.stage('artifacts');
    const found = await writeArchive({ partial, snapshot, artifactRoot, journalMode, progress, signal });
    signal?.throwIfAborted();
    await rename(partial, target);
    await syncFolder(dirname(target));
    progress.done(`${found.artifacts} files`);
    const { size: sizeBytes } = await stat(target);
    return { file: target, sizeBytes, uri, artifactRoot, ...found };
  } catch (error) {
    throw fileFailure(target, error);
  } finally {
    for (const left of [partial, snapshot, `${snapshot}-journal`]) await rm(left, { force: true });
  }
}

async function copyStore(
  uri: string,
  place: StorePlace,
  snapshot: string,
): Promise<{ readonly artifactRoot: string; readonly journalMode: string }> {
  const { sql, release } = await openExisting(uri);
  try {
    copyDatabase(sql, snapshot);
    const journalMode = String(sql.get('PRAGMA journal_mode')?.['journal_mode']);
    return { artifactRoot: artifactRootPath(sql.path, place.artifactRoot), journalMode };
  } finally {
    await release();
  }
}

async function writeArchive({
  partial,
  snapshot,
  artifactRoot,
  journalMode,
  progress,
  signal,
}: {
  readonly partial: string;
  readonly snapshot: string;
  readonly artifactRoot: string;
  readonly journalMode: string;
  readonly progress: StageProgress;
  readonly signal: AbortSignal | undefined;
}): Promise<Pick<BackupReport, 'artifacts' | 'leftOut' | 'elsewhere'>> {
  const archive = await ArchiveWriter.create(partial, signal);
  try {
    const leftOut: { path: string; why: string }[] = [];
    const { folders, elsewhere, missing } = await foldersOf(snapshot, artifactRoot);
    for (const path of missing) leftOut.push({ path, why: 'is not there' });
    await archive.addFile(ENTRIES.database, snapshot);
    for await (const { path, name } of recordedFiles(artifactRoot, folders)) {
      const entry = ENTRIES.artifacts + name;
      const why = reasonAgainstName(entry) ?? (await archive.addFile(entry, path));
      // What was removed since the database was copied is no part of any later state either.
      if (why !== undefined && why !== 'is gone') leftOut.push({ path, why });
      progress.advance(archive.files.length - 1, archive.files.length - 1);
    }
    const manifest: BackupManifest = {
      format: 'phantomnet-backup',
      version: 1,
      createdAt: new Date().toISOString(),
      phantomnet: VERSION,
      journalMode,
      artifactRoot,
      files: archive.files,
    };
    const artifacts = archive.files.length - 1;
    await archive.addText(ENTRIES.manifest, `${JSON.stringify(manifest)}\n`);
    await archive.close();
    return { artifacts, leftOut, elsewhere };
  } catch (error) {
    await archive.abandon();
    throw error;
  }
}

/**
 * The folders of the copied state below the artifact root, none inside another, the places that are not below it, and the
 * folders of models that should be there and are not: of them all the root alone, where that is missing.
 */
async function foldersOf(
  snapshot: string,
  artifactRoot: string,
): Promise<{
  readonly folders: readonly string[];
  readonly elsewhere: readonly string[];
  readonly missing: readonly string[];
}> {
  const { sql, release } = await openExisting(`sqlite:///${snapshot}`);
  try {
    const inside = new Set<string>();
    const elsewhere = new Set<string>();
    const missing = new Set<string>();
    const hasRoot = existsSync(artifactRoot);
    for (const { path, uri, kind, isReady } of recordedFolders(sql, artifactRoot)) {
      if (path?.startsWith(`${artifactRoot}/`)) {
        inside.add(path);
        if (isReady && !existsSync(path)) missing.add(hasRoot ? path : artifactRoot);
      } else if (kind !== 'version' && elsewhere.size < MAX_ELSEWHERE) elsewhere.add(uri);
    }
    const folders: string[] = [];
    // With the slash, what is inside a folder comes right behind it.
    for (const folder of [...inside].map((path) => `${path}/`).sort()) {
      if (folders.length === 0 || !folder.startsWith(folders.at(-1)!)) folders.push(folder);
    }
    return {
      folders: folders.map((path) => path.slice(0, -1)),
      elsewhere: [...elsewhere],
      missing: [...missing],
    };
  } finally {
    await release();
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
