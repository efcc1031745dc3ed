import { PhantomNetError, sha256Hex, show } from '../core/index.js';
import { type MlModel, parseMlModel } from '../mlflow/index.js';
import { FOREIGN } from './examples.js';
import { PACKAGE_FILES } from './package-format.js';

/** Reads a file of a package. Throws NOT_FOUND where there is none. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** What is known of a package from outside it. */
export interface OpenOptions {
  /** SHA-256 of `MLmodel`, where one was recorded. */
  readonly packageDigest?: string | undefined;
}

/** The file that says what a package is. */
export interface Manifest {
  readonly mlModel: MlModel;
  /** SHA-256 of `MLmodel`. */
  readonly packageDigest: string;
}

/** Returns what `MLmodel` says. Throws INTEGRITY where it is missing, changed or no such file. */
export async function readManifest(read: ReadFile, options: OpenOptions): Promise<Manifest> {
  const bytes = await readOrRefuse(read, PACKAGE_FILES.mlmodel);
  const packageDigest = sha256Hex(bytes);
  if (options.packageDigest !== undefined && options.packageDigest !== packageDigest)
    throw changed(PACKAGE_FILES.mlmodel, options.packageDigest, packageDigest);
  return { mlModel: parseMlModel(decodeUtf8(bytes, PACKAGE_FILES.mlmodel)), packageDigest };
}

/** Returns a file's bytes. Throws INTEGRITY where it is missing or leads out of the package. */
export async function readOrRefuse(
  read: (path: string) => Promise<Uint8Array>,
  path: string,
): Promise<Uint8Array> {
  try {
    return await read(path);
  } catch (cause) {
    if (cause instanceof PhantomNetError && cause.code === 'NOT_FOUND')
      throw new PhantomNetError('INTEGRITY', `the model package has no file ${show(path)}`, {
        cause,
        hint: 'the package was not written whole or was changed since; train or register it again',
        details: { file: path },
      });
    // What the artifact store refuses as a path, such as a link that leads out of the package.
    if (cause instanceof PhantomNetError && cause.code === 'INVALID_PARAMETER')
      throw new PhantomNetError('INTEGRITY', `${show(path)} cannot be read: ${cause.message}`, {
        cause,
        hint: 'the package was changed since it was logged; register a version made from a fresh run',
        details: { file: path },
      });
    throw cause;
  }
}

/** Returns the error of a file that is not the one that was logged. */
export function changed(path: string, expected: string, actual: string): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `${show(path)} is not what was logged: its SHA-256 differs`, {
    hint: 'do not use this model; restore the file from a backup or register a version made from a fresh run',
    details: { file: path, expected, actual },
  });
}

/** Returns bytes as text. Throws INTEGRITY, naming the file, where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PhantomNetError('INTEGRITY', `${path} is not UTF-8`, {
      cause,
      hint: FOREIGN,
      details: { file: path },
    });
  }
}
