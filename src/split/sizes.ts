import { invalidParameter, PhantomNetError } from '../core/index.js';

/** Share of the rows that a split keeps for testing when no size is given, as in scikit-learn. */
const DEFAULT_TEST_SIZE = 0.25;

/** How large the sides of a split are to be: a share between 0 and 1, or a whole number of rows. */
interface SplitSizes {
  readonly testSize?: number | undefined;
  readonly trainSize?: number | undefined;
}

/** How many rows each side of a split gets. */
export interface SideCounts {
  readonly nTrain: number;
  readonly nTest: number;
}

/** Throws INVALID_PARAMETER unless `nSamples` is a number of rows that 32-bit row numbers can count. */
export function checkSampleCount(nSamples: number): void {
  if (!Number.isInteger(nSamples) || nSamples < 0 || nSamples > 0xffffffff)
    invalidParameter('nSamples', 'a whole number of rows', nSamples);
}

/** Throws INVALID_PARAMETER unless `value` is an integer of at least `least`. */
export function checkCount(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    invalidParameter(name, `an integer of at least ${least}`, value);
}

/** What a split deals out. */
export type Unit = 'row' | 'group';

/**
 * Returns how many of `nSamples` rows, or groups, go to each side: a test share is rounded up, a training share down, and a
 * side without a size gets the rest. Throws INVALID_PARAMETER for a size that is neither a share nor a count,
 * BAD_DATA when the rows do not suffice for both sides.
 */
export function countSides(nSamples: number, sizes: SplitSizes, unit: Unit = 'row'): SideCounts {
  checkSampleCount(nSamples);
  const { trainSize } = sizes;
  const testSize = sizes.testSize ?? (trainSize === undefined ? DEFAULT_TEST_SIZE : undefined);
  checkSize('testSize', testSize);
  checkSize('trainSize', trainSize);
  const wantedTest = testSize === undefined ? undefined : rowsOf(testSize, nSamples, Math.ceil);
  const wantedTrain = trainSize === undefined ? undefined : rowsOf(trainSize, nSamples, Math.floor);
  const nTest = wantedTest ?? nSamples - wantedTrain!;
  const nTrain = wantedTrain ?? nSamples - wantedTest!;
  const shares = isShare(testSize) && isShare(trainSize) ? testSize + trainSize : 0;
  if (nTrain < 1 || nTest < 1 || nTrain + nTest > nSamples || shares > 1)
    throw new PhantomNetError('BAD_DATA', doNotSuffice(nSamples, { nTrain, nTest }, sizes, unit), {
      hint: `change testSize or trainSize, or add ${unit}s`,
      details: { nSamples, nTrain, nTest, testSize, trainSize },
    });
  return { nTrain, nTest };
}

function doNotSuffice(
  nSamples: number,
  { nTrain, nTest }: SideCounts,
  sizes: SplitSizes,
  unit: Unit,
): string {
  const asked = (['testSize', 'trainSize'] as const)
    .flatMap((name) => (sizes[name] === undefined ? [] : [`${name} ${sizes[name]}`]))
    .join(' and ');
  const sides = `${counted(Math.max(0, nTrain), unit)} for training and ${Math.max(0, nTest)} for testing`;
  const wish = asked === '' ? 'the default testSize 0.25' : asked;
  return `cannot split ${counted(nSamples, unit)} with ${wish}: that is ${sides}; each side needs at least 1, both at most ${nSamples}`;
}

function checkSize(name: string, size: number | undefined): void {
  if (size === undefined || isShare(size) || (Number.isSafeInteger(size) && size >= 1)) return;
  invalidParameter(name, 'a share between 0 and 1 or a whole number of rows', size);
}

function isShare(size: number | undefined): size is number {
  return size !== undefined && size > 0 && size < 1;
}

function rowsOf(size: number, nSamples: number, round: (value: number) => number): number {
  return isShare(size) ? round(size * nSamples) : size;
}

/** Returns `1 row` or `n rows`. */
export function rows(count: number): string {
  return counted(count, 'row');
}

/** Returns `1 row`, `n rows`, `1 group` or `n groups`. */
export function counted(count: number, unit: Unit): string {
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}
