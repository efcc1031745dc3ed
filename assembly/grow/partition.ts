import { bestFeature, bestLast } from './best';
import { samples, scratch } from './config';
import { base, featureStride, rowStride } from './place';
import { rowMask } from './samples';

/**
 * Moves the samples from `start` to `end` that go left to the front, each side in its old order, and returns the position
 * where the right side starts. No branch on the data: every word is written to both sides and one of them moves on.
 */
export function partition(start: u32, end: u32, nanLeft: bool): u32 {
  const c = base + <usize>(<u32>bestFeature) * <usize>featureStride;
  const stride = <usize>rowStride;
  const mask = rowMask;
  const shift = <u32>nanLeft; // adding 1 in 8 bits turns the missing bin 255 into the lowest code
  const limit = bestLast + shift;
  let left = samples + (<usize>start << 2);
  let right = scratch;
  const last = samples + (<usize>end << 2);
  for (let p = left; p < last; p += 4) {
    const word = load<u32>(p);
    const goesLeft = <usize>(((<u32>load<u8>(c + <usize>(word & mask) * stride) + shift) & 255) <= limit);
    store<u32>(left, word);
    store<u32>(right, word);
    left += goesLeft << 2;
    right += (1 - goesLeft) << 2;
  }
  memory.copy(left, scratch, right - scratch);
  return <u32>((left - samples) >> 2);
}

/** The same for a split by categories: bit b of the 256 at `set` says that bin b goes left. */
export function partitionBySet(start: u32, end: u32, set: usize): u32 {
  const c = base + <usize>(<u32>bestFeature) * <usize>featureStride;
  const stride = <usize>rowStride;
  const mask = rowMask;
  let left = samples + (<usize>start << 2);
  let right = scratch;
  const last = samples + (<usize>end << 2);
  for (let p = left; p < last; p += 4) {
    const word = load<u32>(p);
    const bin = <usize>load<u8>(c + <usize>(word & mask) * stride);
    const goesLeft = <usize>((load<u8>(set + (bin >> 3)) >> (bin & 7)) & 1);
    store<u32>(left, word);
    store<u32>(right, word);
    left += goesLeft << 2;
    right += (1 - goesLeft) << 2;
  }
  memory.copy(left, scratch, right - scratch);
  return <u32>((left - samples) >> 2);
}
