/** Copies codes that lie column after column so that they lie row after row. */
import { nFeatures } from './column-region';

/** Writes the codes of rows `start` to `end`, column after column at `columns`, row after row to `rows`; bytes beyond the features are 0. */
export function interleave(columns: usize, nSamples: u32, start: u32, end: u32, rows: usize, rowBytes: u32): void {
  const width = <usize>rowBytes;
  for (let f: u32 = 0; f < rowBytes; f += 16) {
    let row = start;
    for (; row + 16 <= end; row += 16) interleaveBlock(columns, nSamples, row, f, rows + <usize>row * width + f, width);
    for (; row < end; row++)
      for (let g = f; g < min(f + 16, nFeatures); g++)
        store<u8>(rows + <usize>row * width + g, load<u8>(columns + <usize>g * <usize>nSamples + row));
  }
}

/** The same for 16 rows and 16 columns: four rounds that each merge vectors two by two. */
function interleaveBlock(columns: usize, nSamples: u32, row: u32, f: u32, to: usize, width: usize): void {
  const c0 = column16(columns, nSamples, row, f);
  const c1 = column16(columns, nSamples, row, f + 1);
  const c2 = column16(columns, nSamples, row, f + 2);
  const c3 = column16(columns, nSamples, row, f + 3);
  const c4 = column16(columns, nSamples, row, f + 4);
  const c5 = column16(columns, nSamples, row, f + 5);
  const c6 = column16(columns, nSamples, row, f + 6);
  const c7 = column16(columns, nSamples, row, f + 7);
  const c8 = column16(columns, nSamples, row, f + 8);
  const c9 = column16(columns, nSamples, row, f + 9);
  const ca = column16(columns, nSamples, row, f + 10);
  const cb = column16(columns, nSamples, row, f + 11);
  const cc = column16(columns, nSamples, row, f + 12);
  const cd = column16(columns, nSamples, row, f + 13);
  const ce = column16(columns, nSamples, row, f + 14);
  const cf = column16(columns, nSamples, row, f + 15);
  for (let half: u32 = 0; half < 2; half++) {
    const a0 = half == 0 ? low8(c0, c1) : high8(c0, c1);
    const a1 = half == 0 ? low8(c2, c3) : high8(c2, c3);
    const a2 = half == 0 ? low8(c4, c5) : high8(c4, c5);
    const a3 = half == 0 ? low8(c6, c7) : high8(c6, c7);
    const a4 = half == 0 ? low8(c8, c9) : high8(c8, c9);
    const a5 = half == 0 ? low8(ca, cb) : high8(ca, cb);
    const a6 = half == 0 ? low8(cc, cd) : high8(cc, cd);
    const a7 = half == 0 ? low8(ce, cf) : high8(ce, cf);
    const at = to + <usize>half * 8 * width;
    fourRows(low16(a0, a1), low16(a2, a3), low16(a4, a5), low16(a6, a7), at, width);
    fourRows(high16(a0, a1), high16(a2, a3), high16(a4, a5), high16(a6, a7), at + 4 * width, width);
  }
}

/** Writes four rows from vectors that hold four bytes of each row. */
function fourRows(b0: v128, b1: v128, b2: v128, b3: v128, to: usize, width: usize): void {
  const l0 = v128.shuffle<u32>(b0, b1, 0, 4, 1, 5);
  const l1 = v128.shuffle<u32>(b2, b3, 0, 4, 1, 5);
  const h0 = v128.shuffle<u32>(b0, b1, 2, 6, 3, 7);
  const h1 = v128.shuffle<u32>(b2, b3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<u64>(l0, l1, 0, 2));
  v128.store(to + width, v128.shuffle<u64>(l0, l1, 1, 3));
  v128.store(to + 2 * width, v128.shuffle<u64>(h0, h1, 0, 2));
  v128.store(to + 3 * width, v128.shuffle<u64>(h0, h1, 1, 3));
}

// @ts-ignore: decorator
@inline
function column16(columns: usize, nSamples: u32, row: u32, f: u32): v128 {
  return f < nFeatures ? v128.load(columns + <usize>f * <usize>nSamples + row) : i8x16.splat(0);
}

// @ts-ignore: decorator
@inline
function low8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function high8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// @ts-ignore: decorator
@inline
function low16(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: decorator
@inline
function high16(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
