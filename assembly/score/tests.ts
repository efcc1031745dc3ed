/**
 * Answers all tests of a forest for one row. A test asks whether the value of a feature is above a threshold. The
 * thresholds of a feature are sorted, so the row answers YES to the first of them and NO to the others; how many, its
 * rank, is found eight thresholds at a time, and the answers are copied from a stretch of YES followed by one of NO.
 * src/kernels/test-plan.ts makes the list.
 */

let few: u32 = 0;
let some: u32 = 0;
let many: u32 = 0;
let manyEnd: u32 = 0;
let yesEnd: u32 = 0;
let answers: u32 = 0;

/**
 * Says where the list lies: features of up to 8 thresholds, of up to 64, and of more. `yesEnd`: where YES ends and NO
 * begins; `answers`: where the first goes.
 */
export function setTests(
  fewAt: u32,
  someAt: u32,
  manyAt: u32,
  manyEndAt: u32,
  yesEndAt: u32,
  answersAt: u32,
): void {
  few = fewAt;
  some = someAt;
  many = manyAt;
  manyEnd = manyEndAt;
  yesEnd = yesEndAt;
  answers = answersAt;
}

/** Answers the tests for the row at `row`; returns 1 where a value is missing, which no answer is right for. */
// @ts-ignore: decorator
@inline
export function answerTests(row: u32): u32 {
  const yes = yesEnd;
  let missing = f32x4.splat(0);
  let to = answers;
  let at = few;
  for (const end = some; at < end; at += 8) {
    const value = v128.load32_splat(row + load<u32>(at));
    missing = v128.or(missing, f32x4.ne(value, value));
    v128.store(to, v128.load(yes - rankIn(load<u32>(at, 4), 0, value)));
    to += 16;
  }
  for (const end = many; at < end; at += 12) {
    const value = v128.load32_splat(row + load<u32>(at));
    missing = v128.or(missing, f32x4.ne(value, value));
    copy64(to, yes - rankIn(load<u32>(at, 8), rankIn(load<u32>(at, 4), 0, value), value));
    to += 64;
  }
  for (const end = manyEnd; at < end; at += 4) {
    const value = v128.load32_splat(row + load<u32>(at));
    missing = v128.or(missing, f32x4.ne(value, value));
    const last = at + load<u32>(at, 4);
    const toEnd = to + load<u32>(at, 8);
    at += 12;
    let rank = rankIn(load<u32>(at), 0, value);
    do {
      at += 4;
      rank = rankIn(load<u32>(at), rank, value);
    } while (at < last);
    let from = yes - rank;
    do {
      copy64(to, from);
      to += 64;
      from += 64;
    } while (to < toEnd);
  }
  return u32(v128.any_true(missing));
}

/** Returns how many of the thresholds up to those of block `block` of a level are below the value. A block has eight. */
// @ts-ignore: decorator
@inline
function rankIn(level: u32, block: u32, value: v128): u32 {
  const at = level + (block << 5);
  const below = i16x8.narrow_i32x4_s(f32x4.lt(v128.load(at), value), f32x4.lt(v128.load(at, 16), value));
  return (block << 3) + (u32(popcnt(i8x16.bitmask(below))) >> 1);
}

// @ts-ignore: decorator
@inline
function copy64(to: u32, from: u32): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}
