/**
 * Answers all tests of a forest for one row. A test asks whether the value of a feature is above a threshold. The
 * thresholds of a feature are sorted, so the row answers YES to the first of them and NO to the others. How many, its
 * rank, is found by eight comparisons at once on ever finer levels, all features on one level before the next, so that
 * none waits for itself. The answers are then copied from a stretch of YES followed by one of NO. src/kernels/test-plan.ts
 * makes the lists.
 */
let levels: u32 = 0;
let finest: u32 = 0;
let ranks: u32 = 0;
let fewEnd: u32 = 0;
let ranksEnd: u32 = 0;
let yesEnd: u32 = 0;
let answers: u32 = 0;

/**
 * Says where the lists lie. `levels`: of each level, the coarsest first, the bytes of what follows, then of each feature
 * that has it 4 × its number and where its blocks lie; features are sorted by their thresholds, so these are the last, and
 * on the `finest` all. `ranks` to `ranksEnd`: the rank of each feature; up to `fewEnd` those of 16 answers, behind the ranks the
 * number of answers of the others. `yesEnd`: where YES ends and NO begins; `answers`: where the first goes.
 */
export function setTests(
  levelsAt: u32,
  finestAt: u32,
  ranksAt: u32,
  fewEndAt: u32,
  ranksEndAt: u32,
  yesEndAt: u32,
  answersAt: u32,
): void {
  levels = levelsAt;
  finest = finestAt;
  ranks = ranksAt;
  fewEnd = fewEndAt;
  ranksEnd = ranksEndAt;
  yesEnd = yesEndAt;
  answers = answersAt;
}

/** Answers the tests for the row at `row`; returns 1 where a value is missing, which no answer is right for. */
// @ts-ignore: decorator
@inline
export function answerTests(row: u32): u32 {
  for (let rank = ranks; rank < ranksEnd; rank += 4) store<u32>(rank, 0);
  let level = levels;
  for (; level < finest; level += 4 + load<u32>(level)) rankOn(level, row);
  const missing = v128.any_true(rankOn(level, row));
  copyAnswers();
  return u32(missing);
}

/** Ranks the features that have a level on it; returns other than 0 where the value of one is missing. */
// @ts-ignore: decorator
@inline
function rankOn(level: u32, row: u32): v128 {
  let missing = f32x4.splat(0);
  let rank = ranksEnd - (load<u32>(level) >> 1);
  let at = level + 4;
  for (const last = at + load<u32>(level); at < last; at += 8) {
    const value = v128.load32_splat(row + load<u32>(at));
    missing = v128.or(missing, f32x4.ne(value, value));
    store<u32>(rank, rankIn(load<u32>(at, 4), load<u32>(rank), value));
    rank += 4;
  }
  return missing;
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
function copyAnswers(): void {
  const yes = yesEnd;
  let to = answers;
  let rank = ranks;
  for (const end = fewEnd; rank < end; rank += 4) {
    v128.store(to, v128.load(yes - load<u32>(rank)));
    to += 16;
  }
  let length = ranksEnd;
  for (const end = ranksEnd; rank < end; rank += 4) {
    let from = yes - load<u32>(rank);
    const last = to + load<u32>(length);
    length += 4;
    do {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      v128.store(to, v128.load(from, 32), 32);
      v128.store(to, v128.load(from, 48), 48);
      to += 64;
      from += 64;
    } while (to < last);
  }
}
