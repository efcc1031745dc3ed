import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { PhantomNetError, show } from '../core/index.js';
import {
  ARTIFACT_PROXY_PATH,
  checkArtifactPath,
  listArtifacts,
  parseProxyUri,
  type RestClient,
} from '../mlflow/index.js';
import { filesToUpload, LocalArtifacts } from '../storage/index.js';
import type { ArtifactEntry, ArtifactStore } from './port.js';

/**
 * Returns the files below an artifact uri that an MLflow server handed out: through its proxy for `mlflow-artifacts:`,
 * straight on the disk for a path when the server runs on this machine. Throws UNSUPPORTED for anything else, since a
 * server must not send this client to other machines or folders.
 */
export function restArtifacts(client: RestClient, artifactUri: string): ArtifactStore {
  const proxyRoot = proxyRootOf(client, artifactUri);
  if (proxyRoot !== undefined) return new ProxyArtifacts(client, proxyRoot);
  return new LocalArtifacts(localRootOf(client, artifactUri));
}

function proxyRootOf(client: RestClient, artifactUri: string): string | undefined {
  const proxied = parseProxyUri(artifactUri);
  if (proxied === undefined) return undefined;
  const { host, path } = proxied;
  if (host !== '' && host !== new URL(client.uri).host) {
    throw new PhantomNetError(
      'UNSUPPORTED',
      `artifacts at ${show(artifactUri)} are on another server than ${client.uri}`,
      {
        hint: `set the tracking uri to http://${host} if that is the MLflow server`,
        details: { artifactUri },
      },
    );
  }
  return checkArtifactPath(path);
}

/** A server elsewhere could name any folder of this machine; one here can only name what it gave a run or model. */
function localRootOf(client: RestClient, artifactUri: string): string {
  const path = artifactUri.startsWith('file://') ? filePathOf(artifactUri) : artifactUri;
  const isLocalPath = path.startsWith('/');
  const { hostname } = new URL(client.uri);
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  if (isLocalPath && isHere && /\/(?:m-)?[0-9a-f]{32}\/artifacts(?:\/|$)/.test(path)) {
    return `/${checkArtifactPath(path.replace(/^\/+/, ''))}`;
  }
  const reason = isLocalPath
    ? 'is a folder on the disk of the server'
    : 'needs a client that this version does not have';
  throw new PhantomNetError('UNSUPPORTED', `artifact uri ${show(artifactUri)} ${reason}`, {
    hint: 'start the server so that it serves artifacts itself: mlflow server --artifacts-destination <place>',
    details: { artifactUri },
  });
}

function filePathOf(uri: string): string {
  try {
    return decodeURIComponent(new URL(uri).pathname);
  } catch {
    return uri;
  }
}

/** Files below one folder of MLflow's artifact proxy. */
class ProxyArtifacts implements ArtifactStore {
  readonly #client: RestClient;
  readonly #root: string;

  constructor(client: RestClient, root: string) {
    this.#client = client;
    this.#root = root;
  }

  async put(path: string, data: Uint8Array | string): Promise<void> {
    const bytes = typeof data === 'string' ? data : new Uint8Array(data);
    await this.#client.upload(this.#address(checkFilePath(path)), () => bytes);
  }

  async upload(localPath: string, path = ''): Promise<void> {
    checkArtifactPath(path);
    const files = await filesToUpload(localPath, path);
    for (const { target } of files) checkFilePath(target);
    for (const { target, source } of files) {
      await this.#client.upload(this.#address(target), () => streamOf(source));
    }
  }

  async get(path: string): Promise<Uint8Array> {
    checkFilePath(path);
    try {
      return await this.#client.download(this.#address(path));
    } catch (error) {
      throw await this.#explainMissing(error, path);
    }
  }

  async list(path = ''): Promise<ArtifactEntry[]> {
    checkArtifactPath(path);
    const { files } = await this.#client.call(listArtifacts, { path: joinPath(this.#root, path) });
    return files
      .map((file) => ({
        // The proxy names files by their last part.
        path: joinPath(path, file.path.split('/').at(-1) ?? ''),
        isDirectory: file.is_dir,
        sizeBytes: file.is_dir ? null : (file.file_size ?? 0),
      }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async removeAll(): Promise<void> {
    await this.#client.remove(this.#address(''));
  }

  #address(path: string): string {
    const parts = joinPath(this.#root, path).split('/').map(encodeURIComponent);
    return `${ARTIFACT_PROXY_PATH}/${parts.join('/')}`;
  }

  /** The proxy answers a file that is not there with 404, and a folder with 400. */
  async #explainMissing(error: unknown, path: string): Promise<unknown> {
    if (!(error instanceof PhantomNetError)) return error;
    const isFolder = error.code === 'INVALID_PARAMETER' && (await this.list(path).catch(() => [])).length > 0;
    if (error.code !== 'NOT_FOUND' && !isFolder) return error;
    return new PhantomNetError(
      'NOT_FOUND',
      `no artifact file ${show(path)}${isFolder ? ': it is a folder' : ''}`,
      {
        hint: 'list the artifacts to see what is there',
        details: { path },
        cause: error,
      },
    );
  }
}

function checkFilePath(path: string): string {
  if (path !== '') return checkArtifactPath(path);
  throw new PhantomNetError('INVALID_PARAMETER', 'artifact path of a file must not be empty', {
    hint: "give the file a name, such as 'report.json'",
    details: { parameter: 'path', given: path },
  });
}

function joinPath(folder: string, name: string): string {
  return folder === '' || name === '' ? folder + name : `${folder}/${name}`;
}

function streamOf(source: string): ReadableStream<Uint8Array> {
  return Readable.toWeb(createReadStream(source)) as ReadableStream<Uint8Array>;
}
