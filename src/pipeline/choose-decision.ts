import { PhantomNetError, show } from '../core/index.js';
import type { Labels } from '../data/index.js';
import {
  type BinaryScores,
  type ChosenThreshold,
  chooseThreshold,
  operatingPoint,
} from '../evaluate/index.js';
import { applyCalibration } from '../model/index.js';
import { fitCalibration } from '../train/index.js';
import type { ExperimentConfig } from './config.js';
import type { SettledConfig } from './cross-validation-folds.js';
import { type DecisionOutcome, validationFigures } from './decision-figures.js';
import { decisionNotes } from './decision-notes.js';
import { ruleOf } from './decision-schema.js';
import type { FitWatch, Recipe } from './fit-detector.js';
import type { OutOfFold } from './out-of-fold.js';

/** Throws INVALID_PARAMETER where a threshold or calibration is asked for, and there are no folds to choose it on. */
export function checkDecision({ threshold, calibration, crossValidation }: ExperimentConfig): void {
  const isChosen = calibration !== undefined || typeof threshold === 'object';
  if (!isChosen || crossValidation.folds > 0) return;
  const parameter = calibration === undefined ? 'threshold' : 'calibration';
  throw new PhantomNetError(
    'INVALID_PARAMETER',
    `${parameter}: it is chosen on out-of-fold scores of the training rows, and there are no folds`,
    {
      hint: 'ask for folds with --cv 5, or give the threshold as a number',
      details: { parameter },
    },
  );
}

/** Throws INVALID_PARAMETER where a threshold or calibration is asked for, and there are not two classes. */
export function requireTwoClasses(
  { threshold, calibration, label }: ExperimentConfig,
  { classes }: Labels,
): void {
  if ((threshold === undefined && calibration === undefined) || classes.length === 2) return;
  const parameter = threshold === undefined ? 'calibration' : 'threshold';
  throw new PhantomNetError(
    'INVALID_PARAMETER',
    `${parameter}: it is for two classes, and label ${show(label.target)} has ${classes.length}`,
    {
      hint: 'leave --threshold and --calibrate out, or train on a label of two classes',
      details: { parameter, classes },
    },
  );
}

/**
 * Returns the threshold and calibration that the config asks for, null for none. Both are chosen on out-of-fold scores of
 * the training rows alone: those of the cross-validation where `outOfFold` has them, else of folds made the same way. The
 * calibrator is fitted on all of them together and is for the one model of all training rows, as scikit-learn's
 * CalibratedClassifierCV does with `ensemble=False`; the threshold is chosen on what it makes of them.
 */
export async function chooseDecision(
  config: SettledConfig,
  recipe: Recipe,
  { outOfFold, ...watch }: FitWatch & { readonly outOfFold: OutOfFold },
): Promise<DecisionOutcome | null> {
  const { threshold = 0.5, calibration: asked } = config;
  if (config.threshold === undefined && asked === undefined) return null;
  const rule = ruleOf(threshold);
  const isGiven = rule === null && asked === undefined;
  const scored = outOfFold.scored() ?? (isGiven ? undefined : await outOfFold.fit(config, recipe, watch));
  if (scored === undefined) return given(threshold as number);
  const calibration = asked === undefined ? null : fitCalibration(scored, asked.method);
  const told: BinaryScores =
    calibration === null ? scored : { ...scored, scores: applyCalibration(calibration, scored.scores) };
  const chosen: Omit<ChosenThreshold, 'rule'> =
    rule === null ? atNumber(told, threshold as number) : chooseThreshold(told, rule);
  const { validation } = chosen;
  return {
    stored: {
      threshold: chosen.threshold,
      rule,
      calibration,
      validation: validationFigures(validation, rule, chosen.achieved),
    },
    validation,
    notes: decisionNotes(told, { rule, calibration, threshold: chosen.threshold }),
  };
}

function given(threshold: number): DecisionOutcome {
  return {
    stored: { threshold, rule: null, calibration: null, validation: {} },
    validation: null,
    notes: [],
  };
}

function atNumber(scored: BinaryScores, threshold: number): Omit<ChosenThreshold, 'rule'> {
  return { threshold, achieved: Number.NaN, validation: operatingPoint(scored, threshold) };
}
