import { dirname } from 'node:path';
import { PhantomNetError, show } from '../core/index.js';
import { artifactUriToPath, LocalArtifacts, type MlflowDatabase } from '../storage/index.js';
import type { ArtifactStore } from './port.js';

/**
 * Returns the files below an artifact uri that this database handed out: the artifact folder of one of its runs or
 * logged models, or a folder in it. Any other place on the disk is refused with PERMISSION_DENIED, whatever the uri
 * says, so that a source written into a registry by someone else reads and removes nothing of ours.
 */
export function openArtifacts(db: MlflowDatabase, artifactUri: string): ArtifactStore {
  const path = artifactUriToPath(artifactUri);
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
  return new LocalArtifacts(path);
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
      return [artifactUriToPath(String(row['uri'] ?? ''))];
    } catch {
      // A run whose artifacts are on a server has no folder here.
      return [];
    }
  });
}

function isWithin(path: string, folder: string): boolean {
  return folder !== '/' && (path === folder || path.startsWith(`${folder}/`));
}
