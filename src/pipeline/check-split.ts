import { PhantomNetError } from '../core/index.js';
import type { ExperimentConfigInput } from './config.js';
import { isByGroup, isByTime } from './cross-validation-folds.js';
import { methodBeside } from './settle-folds.js';

/** Throws INVALID_PARAMETER for something of the split or the folds that has no effect beside the rest, or contradicts it. */
export function checkSplit({ data, split = {}, crossValidation = {} }: ExperimentConfigInput): void {
  const method = data?.test === undefined ? (split.method ?? 'time') : 'file';
  const { folds, repeats = 1, method: asked = methodBeside(method) } = crossValidation;
  const methods = [method, folds === 0 ? 'none' : asked];
  if (split.testFrom !== undefined && split.testSize !== undefined)
    refuse(
      'testFrom',
      'testFrom and testSize both say which rows test',
      'leave out --test-from or --test-size',
    );
  if (split.testFrom !== undefined && method !== 'time')
    refuse(
      'testFrom',
      `testFrom is for a split by time, and this one is ${method}`,
      'give --split time, or leave --test-from out',
    );
  if (split.gap !== undefined && !methods.some(isByTime))
    refuse(
      'gap',
      'a gap in time is for a split or folds by time, and neither is',
      'give --split time, --cv-method time or time-series, or leave --gap out',
    );
  if (split.groupBy !== undefined && !methods.some(isByGroup))
    refuse(
      'groupBy',
      'neither the split nor the folds are by group',
      'give --split group, --split stratified-group or a --cv-method of groups, or leave --group-by out',
    );
  if (folds !== undefined && methods[1] === 'leave-one-group-out')
    refuse(
      'folds',
      `${folds} folds cannot be made by leave-one-group-out: each group is one`,
      'leave --cv out, or put many groups into a fold with --cv-method group',
      'crossValidation',
    );
  if (repeats > 1 && methods[1] !== 'stratified' && methods[1] !== 'none')
    refuse(
      'repeats',
      `folds by ${methods[1]} are not repeated`,
      'leave --cv-repeats out, or take the folds at random with --cv-method stratified',
      'crossValidation',
    );
}

function refuse(key: string, message: string, hint: string, section = 'split'): never {
  throw new PhantomNetError('INVALID_PARAMETER', message, {
    hint,
    details: { parameter: `${section}.${key}` },
  });
}
