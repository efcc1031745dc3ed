import { PhantomNetError } from '../core/index.js';
import type { ExperimentConfigInput } from './config.js';

/** Throws INVALID_PARAMETER for something of the split or the folds that has no effect beside the rest, or contradicts it. */
export function checkSplit({ data, split = {}, crossValidation = {} }: ExperimentConfigInput): void {
  const method = data?.test === undefined ? (split.method ?? 'time') : 'file';
  const methods = [method, crossValidation.folds === 0 ? 'none' : (crossValidation.method ?? 'stratified')];
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
  if (split.gap !== undefined && !methods.includes('time'))
    refuse(
      'gap',
      'a gap in time is for a split or folds by time, and neither is',
      'give --split time or --cv-method time, or leave --gap out',
    );
  if (split.groupBy !== undefined && !methods.some((name) => name.endsWith('group')))
    refuse(
      'groupBy',
      'neither the split nor the folds are by group',
      'give --split group, --split stratified-group or a --cv-method of that name, or leave --group-by out',
    );
  if ((crossValidation.repeats ?? 1) > 1 && methods[1] !== 'stratified' && methods[1] !== 'none')
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
