import { rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PhantomNetError, show } from '../core/index.js';
import { parseProxyUri } from '../mlflow/index.js';
import {
  artifactSegments,
  artifactUriToPath,
  LocalArtifacts,
  type MlflowDatabase,
} from '../storage/index.js';
import type { ArtifactStore, ServedArtifacts } from './port.js';

/** Where an artifact uri leads: a folder below a root that is trusted. */
interface Place {
  readonly root: string;
  readonly folder: readonly string[];
}

/**
 * Returns the files below an artifact uri that this database handed out: the artifact folder of one of its runs or
 * logged models, or a folder in it. Any other place on the disk is refused with PERMISSION_DENIED, whatever the uri
 * says, so that a source written into a registry by someone else reads and removes nothing of ours.
 */
export function openArtifacts(db: MlflowDatabase, artifactUri: string): ArtifactStore {
  const place = placeOf(db, artifactUri);
  const path = pathOf(place);
  const home = recordedFolders(db, path).find((folder) => isWithin(path, folder));
  if (home === undefined || isWithin(dirname(db.sql.path), home)) {
    throw new PhantomNetError(
      'PERMISSION_DENIED',
      `artifact uri ${show(artifactUri)} belongs to no run or model of ${db.uri}`,
      {
        hint: 'pass the artifactUri of a run or model as the store returned it',
        details: { artifactUri },
      },
    );
  }
  return new LocalArtifacts(place.root, { folder: place.folder, databasePath: db.sql.path });
}

/** Returns the files that a server may give out and take: below the artifact root, or below a uri that resolves inside of it. Throws INVALID_PARAMETER for one that does not. */
export function servedArtifacts(db: MlflowDatabase, artifactUri = 'mlflow-artifacts:/'): ServedArtifacts {
  let place: Place | undefined;
  try {
    place = placeOf(db, artifactUri);
  } catch (error) {
    // What is no place at all is refused in the same words as one of another folder.
    if (!(error instanceof PhantomNetError)) throw error;
  }
  if (place?.root !== db.artifactRoot) {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `artifact uri ${show(artifactUri)} is not below the artifact root of this server (--artifacts)`,
      {
        hint: 'start the server with --artifacts <the folder that holds them>, or read them without the server',
        details: { artifactUri },
      },
    );
  }
  return new LocalArtifacts(place.root, { folder: place.folder, databasePath: db.sql.path });
}

/** Removes the files below an artifact uri and the folder of the run or model itself when it is empty; files elsewhere than on this disk are left there. */
export async function removeArtifacts(db: MlflowDatabase, artifactUri: string): Promise<void> {
  try {
    await openArtifacts(db, artifactUri).removeAll();
    await rmdir(dirname(pathOf(placeOf(db, artifactUri)))).catch(() => undefined);
  } catch (error) {
    if (!(error instanceof PhantomNetError) || error.code !== 'UNSUPPORTED') throw error;
  }
}

/** MLflow's server takes `mlflow-artifacts:` for its own artifact root, whatever host stands in it; so do we. */
function placeOf(db: MlflowDatabase, artifactUri: string): Place {
  const proxied = parseProxyUri(artifactUri);
  if (proxied !== undefined) return { root: db.artifactRoot, folder: artifactSegments(proxied.path) };
  const path = artifactUriToPath(artifactUri);
  if (path === db.artifactRoot || !isWithin(path, db.artifactRoot)) return { root: path, folder: [] };
  return { root: db.artifactRoot, folder: artifactSegments(path.slice(db.artifactRoot.length + 1)) };
}

function pathOf({ root, folder }: Place): string {
  return join(root, ...folder);
}

/** The folders of the runs and logged models whose ids occur in the path; MLflow puts the id into every folder it makes. */
function recordedFolders(db: MlflowDatabase, path: string): string[] {
  const ids = JSON.stringify(path.split('/').filter((part) => /^(m-)?[0-9a-f]{32}$/.test(part)));
  const rows = db.sql.all(
    `SELECT artifact_uri AS uri FROM runs WHERE run_uuid IN (SELECT value FROM json_each(?))
     UNION ALL
     SELECT artifact_location FROM logged_models WHERE model_id IN (SELECT value FROM json_each(?))`,
    [ids, ids],
  );
  return rows.flatMap((row) => {
    try {
      return [pathOf(placeOf(db, String(row['uri'] ?? '')))];
    } catch {
      // A run whose artifacts are on another machine has no folder here.
      return [];
    }
  });
}

function isWithin(path: string, folder: string): boolean {
  return folder !== '/' && (path === folder || path.startsWith(`${folder}/`));
}
