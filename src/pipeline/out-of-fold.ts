import type { Split } from '../data/index.js';
import type { BinaryScores } from '../evaluate/index.js';
import { crossValidationFolds, type FoldConfig } from './cross-validation-folds.js';
import {
  crossValidate,
  type FitWatch,
  type LabelledSamples,
  type Recipe,
  type Scored,
} from './fit-detector.js';
import { countSamples } from './samples.js';

/** Gathers each row's score of the second of two classes, by a model that was not fitted on the row. */
export class OutOfFold {
  readonly #train: LabelledSamples;
  readonly #scores: Float64Array;

  constructor(train: LabelledSamples) {
    this.#train = train;
    this.#scores = new Float64Array(countSamples(train.samples)).fill(Number.NaN);
  }

  /** Takes the scores of a fold's test rows. */
  readonly add = ({ test }: Split, { scores, classes }: Scored): void => {
    test.forEach((row, i) => {
      this.#scores[row] = scores[i * classes.length + 1]!;
    });
  };

  /** Returns the scores there are with their truth, undefined for none; folds forward in time never test the first rows. */
  scored(): BinaryScores | undefined {
    const { codes } = this.#train.labels;
    const isScored = (row: number): boolean => !Number.isNaN(this.#scores[row]);
    const scores = this.#scores.filter((_, row) => isScored(row));
    return scores.length === 0 ? undefined : { yTrue: codes.filter((_, row) => isScored(row)), scores };
  }

  /** Fits what is missing: a model for each of the folds that the cross-validation would make of the training rows. */
  async fit(config: FoldConfig, recipe: Recipe, watch: FitWatch): Promise<BinaryScores> {
    const crossValidation = { ...config.crossValidation, repeats: 1 };
    const folds = crossValidationFolds(this.#train, { ...config, crossValidation });
    await crossValidate(recipe, this.#train, { ...watch, folds, onScored: this.add });
    return this.scored()!;
  }
}
