/** Encodes the values of columns as bins; see column-region.ts. */
import { COLUMN_BYTES, columnStates, CUT, HAS_MANY, isMissing, keyOf, nFeatures, slotOf, TABLE, TOP } from './column-region';

/**
 * Encodes column `f` of rows `start` to `end` of a chunk into `codes`, one after the other. Keeps the lowest and highest value of each bin at `lows` and `highs`.
 */
export function encodeColumn(at: usize, start: u32, end: u32, f: u32, place: u32, codes: usize, lows: usize, highs: usize): void {
  const state = columnStates + <usize>place * COLUMN_BYTES;
  const stride = (<usize>nFeatures) << 2;
  const from = at + <usize>start * stride + (<usize>f << 2);
  const last = at + <usize>end * stride;
  if (load<u32>(state, HAS_MANY)) encodeMany(state, from, last, stride, codes, lows, highs);
  else encodeFew(state, from, last, stride, codes);
}

function encodeFew(state: usize, from: usize, last: usize, stride: usize, codes: usize): void {
  for (let p = from; p < last; p += stride) {
    const bits = reinterpret<u32>(load<f32>(p) + 0);
    // A code lies in the table as one more than it is; missing values find a free slot, 0, and become 255.
    store<u8>(codes, isMissing(bits) ? 255 : load<u32>(slotOf(state + TABLE, bits), 4) - 1);
    codes++;
  }
}

function encodeMany(state: usize, from: usize, last: usize, stride: usize, codes: usize, lows: usize, highs: usize): void {
  for (let p = from; p < last; p += stride) {
    const value = load<f32>(p) + 0;
    const bits = reinterpret<u32>(value);
    if (isMissing(bits)) {
      store<u8>(codes, 255);
      codes++;
      continue;
    }
    const key = keyOf(bits);
    const parts = load<u32>(state + TOP + ((<usize>(key >> 16)) << 2));
    let code: usize = load<u8>(parts + ((key >> 12) & 15));
    if (code == CUT) code = search(state + TABLE, value);
    store<u8>(codes, code);
    codes++;
    const place = code << 2;
    if (value < load<f32>(lows + place)) store<f32>(lows + place, value);
    if (value > load<f32>(highs + place)) store<f32>(highs + place, value);
  }
}

/** Returns the number of the 255 edges below `value`. */
// @ts-ignore: decorator
@inline
function search(edges: usize, value: f32): usize {
  let below: usize = 0;
  let step: usize = 128;
  do {
    below += value > load<f32>(edges + ((below + step - 1) << 2)) ? step : 0;
    step >>= 1;
  } while (step != 0);
  return below;
}
