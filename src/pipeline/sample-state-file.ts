import { readFile, stat } from 'node:fs/promises';
import { given, PhantomNetError, show } from '../core/index.js';
import { type SampleSpec, SampleState } from '../features/index.js';
import { fileFailure } from './backup-format.js';
import { Detector } from './detector.js';
import type { LoadedDetector, LoadedOnnxDetector } from './resolve-model.js';
import { checkTarget, writeWholeFile } from './write-whole-file.js';

/** A file of what came before. */
export interface StateFile {
  readonly state: SampleState;
  /**
   * Replaces the file, whole or not at all. Throws as `writeWholeFile` does, and CONFLICT where the file is not the one that
   * was read: what its writer has seen would be lost.
   */
  replace(bytes: Uint8Array): Promise<void>;
}

/**
 * Opens the state that a file holds for the samples of a model, an empty one where there is no file. Throws
 * INVALID_PARAMETER for a model whose samples know nothing of earlier files, what `checkTarget` throws for a file that could
 * not be replaced afterwards, and as `SampleState.fromBytes` does.
 */
export async function openStateFile(
  path: string,
  { detector, label }: LoadedDetector | LoadedOnnxDetector,
): Promise<StateFile> {
  const sample = detector instanceof Detector ? detector.sampling?.sample : undefined;
  requireHistory(sample, label);
  await checkTarget(path, 'replace');
  const version = await versionOf(path);
  const state = await readState(path, sample);
  return {
    state,
    async replace(bytes) {
      if ((await versionOf(path)) !== version) throw writtenMeanwhile(path);
      await writeWholeFile(path, bytes, { existing: 'replace' });
    },
  };
}

async function readState(path: string, sample: SampleSpec): Promise<SampleState> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileFailure(path, error);
  });
  if (bytes === undefined) return SampleState.empty(sample);
  try {
    return SampleState.fromBytes(bytes, sample);
  } catch (error) {
    if (!(error instanceof PhantomNetError)) throw error;
    const { code, message, hint, details } = error;
    throw new PhantomNetError(code, `${show(path)}: ${message}`, {
      ...given({ hint }),
      details: { ...details, file: path },
      cause: error,
    });
  }
}

/** Returns what changes whenever a file is written or replaced; undefined where there is none. */
async function versionOf(path: string): Promise<string | undefined> {
  const facts = await stat(path, { bigint: true }).catch(() => undefined);
  return facts && `${facts.ino} ${facts.size} ${facts.mtimeNs}`;
}

function writtenMeanwhile(path: string): PhantomNetError {
  const what = 'was written by another run meanwhile, and stays as that one left it';
  return new PhantomNetError('CONFLICT', `--state: ${show(path)} ${what}`, {
    hint: 'score this log again, when no other run uses the file: its scores do not know what the other run saw',
    details: { parameter: 'state', file: path },
  });
}

function requireHistory(sample: SampleSpec | undefined, model: string): asserts sample is SampleSpec {
  if (sample !== undefined && sample.history !== false) return;
  const why =
    sample === undefined
      ? 'scores each row by itself'
      : 'was trained with sample.history: false, so no sample knows what came before it';
  throw new PhantomNetError('INVALID_PARAMETER', `--state: ${model} ${why}: no state changes its scores`, {
    hint: 'leave --state out',
    details: { parameter: 'state', model },
  });
}
