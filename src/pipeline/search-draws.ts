import { RandomState } from '../core/index.js';
import { type Dimension, isRange, type Range } from './search-space.js';

/** One value of each dimension, by name. */
export type Point = Readonly<Record<string, unknown>>;

/** Returns how many combinations there are; Infinity where a dimension is a range. */
export function countPoints(space: readonly Dimension[]): number {
  return space.reduce((n, { values }) => n * (isRange(values) ? Number.POSITIVE_INFINITY : values.length), 1);
}

/** Returns combination `index` of lists: the last dimension changes fastest, as in scikit-learn's ParameterGrid. */
function gridPoint(space: readonly Dimension[], index: number): Point {
  const entries: [string, unknown][] = [];
  let rest = index;
  for (const { name, values } of [...space].reverse()) {
    const list = values as readonly unknown[];
    entries.push([name, list[rest % list.length]]);
    rest = Math.floor(rest / list.length);
  }
  return Object.fromEntries(entries.reverse());
}

/** Gives every combination of lists in its order. */
export function* gridPoints(space: readonly Dimension[]): Generator<Point> {
  const nPoints = countPoints(space);
  for (let index = 0; index < nPoints; index++) yield gridPoint(space, index);
}

/** More combinations than one draw can tell apart are drawn value by value, as those of ranges are. */
const MAX_INDEX = 2 ** 32;

/**
 * Gives combinations drawn by the seed, some of them again; the first `wanted` are those of scikit-learn's
 * ParameterSampler, where a range is uniform, loguniform or randint. Lists alone are drawn without replacement.
 */
export function* drawnPoints(
  space: readonly Dimension[],
  wanted: number,
  randomState: number,
): Generator<Point> {
  const random = new RandomState(randomState);
  const nPoints = countPoints(space);
  if (nPoints > MAX_INDEX) {
    for (;;)
      yield Object.fromEntries(space.map(({ name, values }) => [name, drawValue(values, random)] as const));
  }
  for (const index of drawnIndices(nPoints, Math.min(wanted, nPoints), random)) yield gridPoint(space, index);
}

/** The same three ways, at the same shares, as scikit-learn's sample_without_replacement; the first may draw one again. */
function* drawnIndices(nPoints: number, wanted: number, random: RandomState): Generator<number> {
  const share = wanted / nPoints;
  if (share <= 0.01) for (;;) yield random.nextInteger(nPoints - 1);
  if (share < 0.99) yield* random.permutation(nPoints);
  else for (let index = 0; index < nPoints; index++) yield index;
}

function drawValue(values: Dimension['values'], random: RandomState): unknown {
  if (!isRange(values)) return values[random.nextInteger(values.length - 1)];
  const { low, high, log, integer } = values;
  if (!integer)
    return clip(log ? drawByLog(low, high, random) : low + drawShare(random) * (high - low), values);
  if (!log) return low + random.nextInteger(high - low);
  // Half a step wider, so that both ends are as likely as the logarithm says.
  return clip(Math.round(drawByLog(low - 0.5, high + 0.5, random)), values);
}

function drawByLog(low: number, high: number, random: RandomState): number {
  return Math.exp(Math.log(low) + drawShare(random) * (Math.log(high) - Math.log(low)));
}

/** A number from 0 up to 1 of 53 bits, as NumPy's legacy `random_sample` draws it. */
function drawShare(random: RandomState): number {
  const upper = random.nextUint32() >>> 5;
  const lower = random.nextUint32() >>> 6;
  return (upper * 67108864 + lower) / 9007199254740992;
}

/** Rounding may leave the range by the last bit. */
function clip(value: number, { low, high }: Range): number {
  return Math.min(high, Math.max(low, value));
}
