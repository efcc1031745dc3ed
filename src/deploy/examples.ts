import { PhantomNetError } from '../core/index.js';
import type { Prediction } from '../data/index.js';

/** The help for files that no package of ours has. */
export const FOREIGN = 'the package was not made by this program, or was changed since';

/** Predictions of the stored examples at training time. */
export interface ExpectedOutput {
  readonly rows: readonly Prediction[];
  readonly events: readonly Prediction[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Returns an example: a list of objects. Throws INTEGRITY naming the file for anything else, an empty list too where rows are needed. */
export function readExample<T extends Fields>(text: string, path: string, least: 0 | 1): readonly T[] {
  const value = parseJson(text, path);
  if (!Array.isArray(value) || value.length < least || !value.every(isFields))
    throw wrongShape(path, `a list of ${least === 0 ? '' : 'at least one of '}objects`);
  return value as readonly T[];
}

/** Returns the stored predictions. Throws INTEGRITY naming the file unless there is one for each row and event of the examples. */
export function readExpectedOutput(
  text: string,
  path: string,
  counts: { readonly rows: number; readonly events: number },
): ExpectedOutput {
  const value = parseJson(text, path);
  if (!isFields(value)) throw wrongShape(path, 'an object with rows and events');
  for (const key of ['rows', 'events'] as const) {
    const list = value[key];
    if (!Array.isArray(list) || list.length !== counts[key] || !list.every(isFields))
      throw wrongShape(path, `one prediction for each of the ${counts[key]} ${key} of the example`);
  }
  return value as unknown as ExpectedOutput;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongShape(path: string, expected: string): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `${path} must hold ${expected}`, {
    hint: FOREIGN,
    details: { file: path },
  });
}

/** Returns a file as JSON. Throws INTEGRITY naming it where it is not. */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PhantomNetError('INTEGRITY', `${path} is not JSON`, {
      cause,
      hint: FOREIGN,
      details: { file: path },
    });
  }
}
