import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PhantomNetError } from '../core/index.js';
import {
  artifactRootPath,
  databasePath,
  moveArtifactRoot,
  openExisting,
  verifyDatabase,
} from '../storage/index.js';
import { extractBackup } from './backup-extract.js';
import { type BackupManifest, ENTRIES, fileFailure } from './backup-format.js';
import { type StageProgress, silent } from './run-experiment.js';
import { type StorePlace, storeUri } from './verify.js';

/** What was put back, and where. */
export interface RestoreReport {
  readonly uri: string;
  readonly artifactRoot: string;
  /** When the backup was begun, in ISO 8601. */
  readonly createdAt: string;
  readonly artifacts: number;
  /** Recorded artifact places that name the new root now. */
  readonly movedPlaces: number;
}

/**
 * Puts a backup back into a place that is empty: every digest is checked first, recorded places below the old artifact
 * root are rewritten to the new one, and it is there whole or not at all. Throws ALREADY_EXISTS where a database or
 * artifacts are, INTEGRITY for an archive that cannot be trusted.
 */
export async function restoreStore(
  file: string,
  place: StorePlace,
  progress: StageProgress = silent,
): Promise<RestoreReport> {
  const uri = storeUri(place);
  const target = databasePath(uri);
  const artifactRoot = artifactRootPath(target, place.artifactRoot);
  refuseOverwriting(target, artifactRoot);
  const mark = `.restoring-${randomBytes(6).toString('hex')}`;
  const [staged, stagedDatabase] = [artifactRoot + mark, target + mark];
  try {
    progress.stage('unpack');
    await mkdir(dirname(artifactRoot), { recursive: true });
    await mkdir(staged);
    const manifest = await extractBackup(resolve(file), staged);
    progress.done(`${manifest.files.length} files`);
    progress.stage('database');
    await moveFile(join(staged, ENTRIES.database), stagedDatabase);
    const movedPlaces = await prepareDatabase(stagedDatabase, manifest, artifactRoot);
    progress.done();
    await putInPlace({ staged, stagedDatabase, artifactRoot, target });
    const artifacts = manifest.files.length - 1;
    return { uri, artifactRoot, createdAt: manifest.createdAt, artifacts, movedPlaces };
  } catch (error) {
    throw fileFailure(resolve(file), error);
  } finally {
    await rm(staged, { recursive: true, force: true });
    for (const end of ['', '-wal', '-shm', '-journal']) await rm(stagedDatabase + end, { force: true });
  }
}

function refuseOverwriting(target: string, artifactRoot: string): void {
  const taken = [target, `${target}-wal`, `${target}-journal`].find((path) => existsSync(path));
  if (taken !== undefined) throw inTheWay(taken);
  if (!existsSync(artifactRoot)) return;
  if (!statSync(artifactRoot).isDirectory() || readdirSync(artifactRoot).length > 0)
    throw inTheWay(artifactRoot);
}

function inTheWay(path: string): PhantomNetError {
  return new PhantomNetError('ALREADY_EXISTS', `${path} is there already, and nothing is overwritten`, {
    hint: 'restore into an empty place: give another --store and --artifacts',
    details: { path },
  });
}

/** Checks the database, makes it name the new root, and gives it the journal it had. */
async function prepareDatabase(
  path: string,
  manifest: BackupManifest,
  artifactRoot: string,
): Promise<number> {
  const uri = `sqlite:///${path}`;
  const { sql, release } = await openExisting(uri);
  try {
    const [problem] = verifyDatabase(sql, uri);
    if (problem !== undefined)
      throw new PhantomNetError('INTEGRITY', `the database in the backup is not sound: ${problem.message}`, {
        hint: 'nothing was restored; use another backup, and check its store with phantomnet doctor --verify',
      });
    const moved = moveArtifactRoot(sql, manifest.artifactRoot, artifactRoot);
    if (manifest.journalMode === 'wal') sql.get('PRAGMA journal_mode = WAL');
    return moved;
  } finally {
    await release();
  }
}

/** The database comes last: without it there is no store, whatever else is there. */
async function putInPlace({
  staged,
  stagedDatabase,
  artifactRoot,
  target,
}: {
  readonly staged: string;
  readonly stagedDatabase: string;
  readonly artifactRoot: string;
  readonly target: string;
}): Promise<void> {
  refuseOverwriting(target, artifactRoot);
  const artifacts = join(staged, ENTRIES.artifacts);
  await mkdir(artifacts, { recursive: true });
  await syncPath(stagedDatabase);
  await rename(artifacts, artifactRoot);
  try {
    await rename(stagedDatabase, target);
  } catch (error) {
    await rename(artifactRoot, artifacts);
    throw error;
  }
  await syncPath(dirname(artifactRoot));
  await syncPath(dirname(target));
}

/** The root and the database may be on different disks. */
async function moveFile(from: string, to: string): Promise<void> {
  await rename(from, to).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EXDEV') throw error;
    await copyFile(from, to);
    await rm(from);
  });
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
