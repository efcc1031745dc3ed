import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PhantomNetError } from '../core/index.js';
import { DEFAULT_TRACKING_URI, parseTrackingUri, showUri } from '../mlflow/index.js';
import {
  artifactRootPath,
  databasePath,
  openExisting,
  type RecordedFolder,
  recordedFolders,
  type SqlDatabase,
  verifyDatabase,
} from '../storage/index.js';
import { type StageProgress, silent } from './run-experiment.js';
import { verifyModelFolder } from './verify-artifacts.js';
import { foldersWithoutOwner } from './verify-owners.js';

/** Something that is wrong in a store. */
export interface StoreProblem {
  readonly check: 'pages' | 'foreign keys' | 'revision' | 'latest metrics' | 'artifacts';
  readonly message: string;
  readonly runId?: string;
  readonly modelId?: string;
  /** `name/version` of a registered model. */
  readonly version?: string;
  /** Absolute path of the file or folder. */
  readonly path?: string;
}

/** What `doctor --verify` found. */
export interface StoreReport {
  readonly passed: boolean;
  readonly uri: string;
  readonly artifactRoot: string;
  readonly problems: readonly StoreProblem[];
  readonly counts: {
    readonly runs: number;
    readonly models: number;
    readonly versions: number;
    /** Files whose SHA-256 was recorded and was computed again. */
    readonly hashedFiles: number;
    /** Recorded places that are on no disk of this machine, so nothing was checked there. */
    readonly elsewhere: number;
  };
  /** Folders below the artifact root that belong to no run or model; no problem, but they take room. */
  readonly withoutOwner: readonly string[];
}

/** Where a store is. */
export interface StorePlace {
  /** Default: MLFLOW_TRACKING_URI, else `sqlite:///phantomnet.db`. */
  readonly uri?: string | undefined;
  /** Default: `artifacts` beside the database. */
  readonly artifactRoot?: string | undefined;
}

/** Returns the uri of the database that options and environment name. Throws UNSUPPORTED for the address of a server. */
export function storeUri({ uri }: StorePlace): string {
  const named = uri ?? (process.env['MLFLOW_TRACKING_URI'] || DEFAULT_TRACKING_URI);
  if (!/^https?:/i.test(named)) return named;
  throw new PhantomNetError('UNSUPPORTED', `this needs the store itself, not the server ${showUri(named)}`, {
    hint: 'run it on the machine of the server, with the --store and --artifacts that the server was given',
  });
}

/** Returns the path of the store's database where there is none: a look at a store makes none. */
export function missingDatabase({ uri }: StorePlace): string | undefined {
  const address = parseTrackingUri(uri ?? (process.env['MLFLOW_TRACKING_URI'] || DEFAULT_TRACKING_URI));
  if (address.kind === 'http') return undefined;
  const path = databasePath(address.uri);
  return existsSync(dirname(path)) && !existsSync(path) ? path : undefined;
}

/**
 * Checks an embedded store and changes nothing: SQLite's pages and references, the revision, the latest metrics, and the
 * SHA-256 of every file of a model that has one recorded. Throws NOT_FOUND where there is no database.
 * Cost: reads the database and those files once; memory does not grow with them.
 */
export async function verifyStore(place: StorePlace, progress: StageProgress = silent): Promise<StoreReport> {
  const uri = storeUri(place);
  const { sql, release } = await openExisting(uri);
  try {
    const artifactRoot = artifactRootPath(sql.path, place.artifactRoot);
    progress.stage('database');
    const problems: StoreProblem[] = verifyDatabase(sql, uri);
    progress.done(`${problems.length} problems`);
    const counts = { runs: 0, models: 0, versions: 0, hashedFiles: 0, elsewhere: 0 };
    const withoutOwner: string[] = [];
    const report = { uri, artifactRoot, problems, counts, withoutOwner };
    // A database that cannot be trusted cannot say which files there should be.
    if (!problems.some(({ check }) => check === 'pages' || check === 'revision')) {
      progress.stage('artifacts');
      const before = problems.length;
      await verifyArtifacts(sql, { ...report, progress });
      if (problems.length > before && !existsSync(artifactRoot)) {
        const message =
          'the artifact root is not there: is --artifacts right? (the default of MLflow is mlartifacts)';
        problems.splice(before, 0, { check: 'artifacts', message, path: artifactRoot });
      }
      progress.done(`${counts.hashedFiles} files hashed`);
      for await (const folder of foldersWithoutOwner(sql, artifactRoot)) withoutOwner.push(folder);
    }
    return { passed: problems.length === 0, ...report };
  } finally {
    await release();
  }
}

async function verifyArtifacts(
  sql: SqlDatabase,
  {
    artifactRoot,
    problems,
    counts,
    progress,
  }: {
    readonly artifactRoot: string;
    readonly problems: StoreProblem[];
    readonly counts: { -readonly [K in keyof StoreReport['counts']]: number };
    readonly progress: StageProgress;
  },
): Promise<void> {
  const total = Number(sql.get('SELECT count(*) AS n FROM logged_models')?.['n']);
  for (const folder of recordedFolders(sql, artifactRoot)) {
    counts[`${folder.kind}s`] += 1;
    const { path } = folder;
    if (path === undefined) counts.elsewhere += 1;
    if (path === undefined || folder.kind === 'run') continue;
    // A model whose upload has not ended has no files yet; a version's source is whatever its maker wrote, and only what
    // is below our root is opened.
    // A deleted model keeps its files until gc, and may be brought back by hand.
    const isKept = folder.kind === 'model' && folder.packageDigest !== undefined && existsSync(path);
    const isOurs =
      folder.isReady || isKept || (folder.kind === 'version' && path.startsWith(`${artifactRoot}/`));
    if (!isOurs) continue;
    // A version of a logged model stands on files that are hashed with the model.
    const onlyMlModel = folder.kind === 'version' && folder.isReady;
    const found = await verifyModelFolder({ ...folder, path }, { onlyMlModel });
    counts.hashedFiles += found.hashedFiles;
    problems.push(
      ...found.problems.map(({ message, path: file }) => ({
        check: 'artifacts' as const,
        message,
        ...ownerOf(folder),
        path: join(path, file),
      })),
    );
    progress.advance(Math.min(counts.models, total), total);
  }
}

function ownerOf({ kind, id }: RecordedFolder): Pick<StoreProblem, 'modelId' | 'version'> {
  return kind === 'version' ? { version: id } : { modelId: id };
}
