import { resolve } from 'node:path';
import { PhantomNetError, show } from '../../core/index.js';
import type { Stores } from '../http/route.js';
import { hasRelativeParts, isBelow, type SourceUri, splitUri } from './model-versions-uri.js';

/** What a client says a version is made from. */
interface VersionOrigin {
  readonly source: string;
  readonly runId?: string;
  readonly modelId?: string;
}

/** Longer ones are no addresses; decoding one takes time that grows with its square. */
const MAX_SOURCE_LENGTH = 4_096;

/** Schemes that make whoever opens the uri connect to a host of the client's choice. */
const HOST_SCHEMES = ['ftp', 'sftp', 'hdfs', 'viewfs', 'http', 'https', 'r2', 'b2', 'abfss'];

/**
 * Returns what a version is made from, with a source that names another registered version by alias, stage or `latest`
 * made exact and its run filled in. Throws INVALID_PARAMETER for sources that MLflow refuses: local paths outside the
 * run's own folder, `..`, hosts of the client's choice, `runs:/`, `models:/m-…` and `mlflow-artifacts:` that are not of
 * the run or model named beside them; NOT_FOUND for a registered version that is not there. What is taken is kept as
 * text; nothing is opened.
 */
export async function checkVersionSource(origin: VersionOrigin, stores: Stores): Promise<VersionOrigin> {
  if (origin.source.length > MAX_SOURCE_LENGTH) {
    refuse(origin.source, `is longer than ${MAX_SOURCE_LENGTH} characters`);
  }
  const uri = splitUri(origin.source);
  if (HOST_SCHEMES.includes(uri.scheme) || (uri.scheme === 'mlflow-artifacts' && uri.authority !== '')) {
    refuse(origin.source, `addresses a host by ${uri.scheme}, and this server connects to none`);
  }
  if (uri.scheme === '' || uri.scheme === 'file') return checkLocal(origin, uri, stores);
  const exact = uri.scheme === 'models' ? await followRegisteredModel(origin, uri, stores) : origin;
  if (hasRelativeParts(exact.source)) refuse(exact.source, 'is not an absolute path without . and .. parts');
  await checkOwner(exact, stores);
  return exact;
}

async function checkLocal(origin: VersionOrigin, uri: SourceUri, stores: Stores): Promise<VersionOrigin> {
  if (uri.scheme === 'file' && uri.host !== '.' && !/^(localhost|127\.0\.0\.1|$)/.test(uri.host)) {
    // To MLflow a file on another host is no bad parameter.
    refuse(origin.source, 'names a file of another host', 'INTERNAL_ERROR');
  }
  const root = localPath(await ownRoot(origin, stores));
  const path = localPath(origin.source);
  if (root === undefined || path === undefined || !isBelow(path, root)) {
    refuse(origin.source, 'is a local path outside the folder of the run or logged model named beside it');
  }
  return origin;
}

/** Returns the absolute path that a path or a `file:` uri names; undefined for all else. */
function localPath(text: string | undefined): string | undefined {
  if (text === undefined || text.includes('\0')) return undefined;
  const uri = splitUri(text);
  if (uri.scheme === 'file') return uri.path.startsWith('/') ? resolve(uri.decodedPath) : undefined;
  return uri.scheme === '' && text.startsWith('/') ? resolve(text) : undefined;
}

/** `runs:/`, `models:/m-…` and the artifact proxy are only taken with the run or model they belong to. */
async function checkOwner(origin: VersionOrigin, stores: Stores): Promise<void> {
  const { source, runId = '', modelId = '' } = origin;
  const uri = splitUri(source);
  const [first = '', second] = uri.path.replace(/^\/+/, '').split('/');
  if (uri.scheme === 'runs') {
    if (modelId !== '' || uri.authority !== '' || runId === '' || first !== runId) {
      refuse(source, 'is not of the run in run_id');
    }
  } else if (uri.scheme === 'models' && second === undefined) {
    if (modelId === '' || first !== modelId) refuse(source, 'is not the logged model in model_id');
  } else if (uri.scheme === 'mlflow-artifacts') {
    const root = await ownRoot(origin, stores);
    if (root === undefined || !isWithinUri(uri, splitUri(root))) {
      refuse(source, 'is not among the artifacts of the run or logged model named beside it');
    }
  }
}

/** Returns where the run or the logged model named beside the source keeps its files; undefined when none is named. */
async function ownRoot({ source, runId, modelId }: VersionOrigin, { tracking }: Stores) {
  try {
    if (modelId) return (await tracking.getLoggedModel(modelId)).artifactUri;
    return runId ? (await tracking.getRun(runId)).info.artifactUri : undefined;
  } catch (error) {
    if (!(error instanceof PhantomNetError) || error.code !== 'NOT_FOUND') throw error;
    return refuse(source, 'comes with a run or logged model that does not exist');
  }
}

/** Returns the origin with `models:/name@alias`, `models:/name/stage` and `models:/name/latest` made a version. */
async function followRegisteredModel(
  origin: VersionOrigin,
  uri: SourceUri,
  { registry }: Stores,
): Promise<VersionOrigin> {
  const { source, runId, modelId } = origin;
  const parts = uri.path.replace(/^\/+/, '').split('/');
  const [first = '', suffix] = parts;
  const isAddress =
    uri.path.startsWith('/') && parts.length <= 2 && first.trim() !== '' && suffix?.trim() !== '';
  if (uri.authority !== '' || !isAddress) refuse(source, 'is no models:/ address of this registry');
  const at = first.lastIndexOf('@');
  if (suffix === undefined && at === -1) return origin;

  const name = suffix === undefined ? first.slice(0, at) : first;
  const { tags } = await registry.getRegisteredModel(name);
  if (tags['mlflow.prompt.is_prompt']?.toLowerCase() === 'true') refuse(source, 'is a prompt, not a model');
  const found =
    suffix === undefined
      ? await registry.getVersionByAlias(name, first.slice(at + 1))
      : /^\d+$/.test(suffix)
        ? await registry.getModelVersion(name, suffix)
        : await newestVersion(registry, name, suffix);
  if ((runId !== undefined && runId !== found.runId) || (modelId !== undefined && modelId !== '')) {
    refuse(source, 'has another run or logged model than the one named beside it');
  }
  return { source: `models:/${name}/${found.version}`, runId: runId ?? found.runId };
}

async function newestVersion(registry: Stores['registry'], name: string, suffix: string) {
  const isLatest = suffix.toLowerCase() === 'latest';
  const versions = await registry.getLatestVersions(name, isLatest ? [] : [suffix as 'None']);
  const newest = versions.toSorted((a, b) => Number(b.version) - Number(a.version))[0];
  if (newest !== undefined) return newest;
  throw new PhantomNetError('NOT_FOUND', `registered model ${show(name)} has no version in ${show(suffix)}`, {
    hint: 'name a version by its number',
    // To MLflow an empty stage is no bad parameter.
    details: { name, suffix, mlflowCode: 'INTERNAL_ERROR' },
  });
}

function isWithinUri(uri: SourceUri, root: SourceUri): boolean {
  return (
    uri.scheme === root.scheme &&
    uri.authority === root.authority &&
    root.path.split('/').some((part) => part !== '') &&
    isBelow(uri.decodedPath, root.decodedPath)
  );
}

function refuse(source: string, reason: string, mlflowCode = 'INVALID_PARAMETER_VALUE'): never {
  throw new PhantomNetError('INVALID_PARAMETER', `source ${show(source)} ${reason}`, {
    hint: "register 'models:/m-…' with its model_id, or a folder of a run with its run_id",
    details: { parameter: 'source', given: source, mlflowCode },
  });
}
