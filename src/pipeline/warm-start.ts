import { PhantomNetError, show } from '../core/index.js';
import type { Labels } from '../data/index.js';
import { isTreesModel } from '../model/index.js';
import type { ExperimentConfig } from './config.js';
import type { Detector } from './detector.js';
import { encodingOptions } from './encode-features.js';
import { type Recipe, resolveParams } from './fit-detector.js';
import { featureNames } from './fit-features.js';
import { loadDetector } from './resolve-model.js';
import type { Workspace } from './workspace.js';

/** The detector that a fit goes on from. */
export interface WarmStart {
  readonly address: string;
  /** `name/version`, else the address. */
  readonly model: string;
  readonly modelDigest: string;
  readonly nTrees: number;
  readonly detector: Detector;
}

/**
 * Returns the detector that the recipe's fit goes on from, loaded in safe mode. Throws NOT_FOUND, INTEGRITY, UNSUPPORTED
 * as loading does, and INVALID_PARAMETER where it is of another family, or has as many trees as are asked for.
 */
export async function loadWarmStart(
  workspace: Workspace,
  address: string,
  recipe: Recipe,
): Promise<WarmStart> {
  const { estimator } = recipe;
  const { nEstimators } = resolveParams(recipe);
  if (typeof nEstimators !== 'number')
    throw misfit(`${estimator} cannot go on from a model`, 'leave --from out: forests alone go on from one');
  const { detector, label, pkg } = await loadDetector(workspace, address);
  const { model } = detector;
  if (model.kind !== estimator || !isTreesModel(model))
    throw misfit(
      `${label} is ${model.kind}, and ${estimator} goes on from its own kind only`,
      fixFamily(model.kind),
    );
  const nTrees = model.forest.trees.length - 1;
  if (nEstimators <= nTrees)
    throw misfit(
      `${label} has ${nTrees} trees already, and nEstimators is ${nEstimators}: there is none to grow`,
      `ask for more, as the older ones count: --param nEstimators=${2 * nTrees}`,
    );
  return { address, model: label, modelDigest: pkg.modelDigest, nTrees, detector };
}

function fixFamily(kind: string): string {
  return kind === 'random-forest' || kind === 'extra-trees'
    ? `train that kind: --estimator ${kind}`
    : 'go on from a model of random-forest or extra-trees, or leave --from out';
}

/**
 * Throws INVALID_PARAMETER where the recipe learns from other features than the older model, and BAD_DATA where the
 * training rows have other classes.
 */
export function checkWarmStart({ model, detector }: WarmStart, recipe: Recipe, { classes }: Labels): void {
  if (detector.encoding !== undefined || encodingOptions(recipe.features) !== undefined)
    throw misfit(
      `${detector.encoding === undefined ? 'this run' : model} encodes its features, and a forest goes on only from features as they are given`,
      'leave --from out: encoders are fitted anew on the rows of each run',
    );
  const names = detector.features.map(({ name }) => name);
  const wanted = featureNames(recipe);
  if (names.toSorted().join() !== wanted.toSorted().join())
    throw misfit(
      `${model} has other features: ${listed(names)}, where this run has ${listed(wanted)}`,
      `name those of the model: --features ${names.join(',')}`,
    );
  const { pipeline } = detector;
  const { emptyAs } = recipe.features;
  if (pipeline !== undefined && pipeline.emptyAs !== emptyAs)
    throw misfit(
      `${model} was trained with emptyAs ${pipeline.emptyAs}, and this run has ${emptyAs}`,
      `give --empty-as ${pipeline.emptyAs}`,
    );
  if (JSON.stringify(detector.classes) === JSON.stringify(classes)) return;
  throw new PhantomNetError(
    'BAD_DATA',
    `${model} has other classes: ${show(detector.classes)}, where the training rows have ${show(classes)}`,
    {
      hint: 'go on with rows of all its classes and of no other, or leave --from out',
      details: { model: detector.classes, given: classes },
    },
  );
}

/** Returns the warnings of a run that goes on from a model. */
export function warmStartNotes({ model }: WarmStart, { estimator }: ExperimentConfig): string[] {
  const notes = [
    `${model} may have been trained on rows that are test rows here, and then these numbers are too good: test on rows it has never seen (--test)`,
  ];
  if (estimator.params['oobScore'] === true)
    notes.push(
      `the out-of-bag accuracy takes the trees of ${model} for trees of these training rows and this seed; it is too good where they are not`,
    );
  return notes;
}

function misfit(message: string, hint: string): PhantomNetError {
  return new PhantomNetError('INVALID_PARAMETER', message, {
    hint,
    details: { parameter: 'estimator.from' },
  });
}

function listed(names: readonly string[]): string {
  return names.length <= 4
    ? names.join(', ')
    : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;
}
