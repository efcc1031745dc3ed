import { PhantomNetError } from '../core/index.js';
import type { ExperimentConfigInput } from './config.js';

/** Throws INVALID_PARAMETER where a test file is named beside something that chooses test rows from the data file. */
export function checkTestFile({ data, split, crossValidation }: ExperimentConfigInput): void {
  if (data?.test === undefined) return;
  const beside = [
    ...(split?.method === undefined ? [] : ['split.method']),
    ...(split?.testSize === undefined ? [] : ['split.testSize']),
    ...(split?.testFrom === undefined ? [] : ['split.testFrom']),
  ];
  if (beside.length > 0)
    refuse(
      beside[0]!,
      `${beside.join(' and ')} and a test file both say which rows test`,
      'leave out either --test, or --split, --test-size and --test-from',
    );
  if (crossValidation?.on === 'all')
    refuse(
      'crossValidation.on',
      'the folds cannot be made of all rows where a test file is named',
      'leave out --cv-on: the folds are made of the training file',
    );
  if (data.path === '-' && data.test === '-')
    refuse('data.test', 'standard input cannot hold both files', 'give the test file by its path');
}

function refuse(parameter: string, message: string, hint: string): never {
  throw new PhantomNetError('INVALID_PARAMETER', message, { hint, details: { parameter } });
}
