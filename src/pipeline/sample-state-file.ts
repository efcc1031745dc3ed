import { readFile } from 'node:fs/promises';
import { given, PhantomNetError, show } from '../core/index.js';
import { type SampleSpec, SampleState } from '../features/index.js';
import { fileFailure } from './backup-format.js';
import { Detector } from './detector.js';
import type { LoadedDetector, LoadedOnnxDetector } from './resolve-model.js';
import { checkTarget } from './write-whole-file.js';

/**
 * Returns the state that a file holds for the samples of a model, an empty one where there is no file. Throws
 * INVALID_PARAMETER for a model whose samples know nothing of earlier files, what `checkTarget` throws for a file that could
 * not be replaced afterwards, and as `SampleState.fromBytes` does.
 */
export async function readStateFile(
  path: string,
  { detector, label }: LoadedDetector | LoadedOnnxDetector,
): Promise<SampleState> {
  const sample = detector instanceof Detector ? detector.sampling?.sample : undefined;
  requireHistory(sample, label);
  await checkTarget(path, 'replace');
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
