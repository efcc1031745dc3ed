import { invalidParameter, PhantomNetError, show } from '../../core/index.js';
import type { FeatureMatrix, FeatureSpec, Labels } from '../../data/index.js';
import type { Model, TreesModel } from '../../model/index.js';

/** What a fit that goes on from a model is given. */
export interface WarmStart {
  readonly family: string;
  readonly nTrees: number;
  readonly x: FeatureMatrix;
  readonly y: Labels;
}

/**
 * Returns the model to go on from. Throws BAD_DATA where it is of another family, features or classes, and
 * INVALID_PARAMETER where it has more trees than are asked for.
 */
export function checkStart(from: Model, { family, nTrees, x, y }: WarmStart): TreesModel {
  if (from.kind !== family) throw differs('family', family, from.kind);
  if (!sameFeatures(from.features, x.features))
    throw differs('features', namesOf(x.features), namesOf(from.features));
  if (from.classes.length !== y.classes.length || from.classes.some((label, c) => label !== y.classes[c]))
    throw differs('classes', y.classes, from.classes);
  const start = from as TreesModel;
  const nOld = start.forest.trees.length - 1;
  if (nTrees < nOld)
    invalidParameter('nEstimators', `at least the ${nOld} trees of the model to go on from`, nTrees);
  return start;
}

function differs(what: string, expected: unknown, given: unknown): PhantomNetError {
  return new PhantomNetError(
    'BAD_DATA',
    `the model to go on from has other ${what}: ${show(given)}, expected ${show(expected)}`,
    { hint: 'go on from a model that was fitted on the same columns, or fit without one' },
  );
}

const namesOf = (features: readonly FeatureSpec[]) => features.map(({ name }) => name).join(', ');

function sameFeatures(a: readonly FeatureSpec[], b: readonly FeatureSpec[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
