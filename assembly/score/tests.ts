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
let categories: u32 = 0;
let categoriesEnd: u32 = 0;

/**
 * Says where the lists lie. `levels`: of each level, the coarsest first, the bytes of what follows, then of each feature
 * that has it 4 × its number and where its blocks lie; features are sorted by their thresholds, so these are the last, and
 * on the `finest` all. `ranks` to `ranksEnd`: the rank of each feature; up to `fewEnd` those of 16 answers, behind the ranks the
 * number of answers of the others. `yesEnd`: where YES ends and NO begins; `answers`: where the first goes.
 * `categories` to `categoriesEnd`: of each feature that is split by set 4 × its number, its categories, where the answers
 * of each lie, and how many.
 */
export function setTests(
  levelsAt: u32,
  finestAt: u32,
  ranksAt: u32,
  fewEndAt: u32,
  ranksEndAt: u32,
  yesEndAt: u32,
  answersAt: u32,
  categoriesAt: u32,
  categoriesEndAt: u32,
): void {
  levels = levelsAt;
  finest = finestAt;
  ranks = ranksAt;
  fewEnd = fewEndAt;
  ranksEnd = ranksEndAt;
  yesEnd = yesEndAt;
  answers = answersAt;
  categories = categoriesAt;
  categoriesEnd = categoriesEndAt;
}

/** Answers the tests for the row at `row`; returns 1 where a value is missing, which no answer is right for. */
// @ts-ignore: decorator
@inline
export function answerTests(row: u32): u32 {
  for (let rank = ranks; rank < ranksEnd; rank += 4) store<u32>(rank, 0);
  let level = levels;
  for (; level < finest; level += 4 + load<u32>(level)) rankOn(level, row);
  if (v128.any_true(rankOn(level, row))) return 1;
  return copyCategories(row, copyRanked());
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

/** Copies the answers of features that have a rank; returns where the next go. */
// @ts-ignore: decorator
@inline
function copyRanked(): u32 {
  const yes = yesEnd;
  let to = answers;
  let rank = ranks;
  for (const end = fewEnd; rank < end; rank += 4) {
    v128.store(to, v128.load(yes - load<u32>(rank)));
    to += 16;
  }
  let length = ranksEnd;
  for (const end = ranksEnd; rank < end; rank += 4) {
    to = copyRuns(to, load<u32>(length), yes - load<u32>(rank));
    length += 4;
  }
  return to;
}

/** Copies the answers of features that are split by set; returns 1 where a value is the code of no category. */
// @ts-ignore: decorator
@inline
function copyCategories(row: u32, to: u32): u32 {
  for (let at = categories; at < categoriesEnd; at += 16) {
    const value = load<f32>(row + load<u32>(at));
    if (!(value >= 0 && value < f32(load<u32>(at, 4)) && value == Mathf.floor(value))) return 1;
    const length = load<u32>(at, 12);
    to = copyRuns(to, length, load<u32>(at, 8) + u32(value) * length);
  }
  return 0;
}

/** Copies `length` answers, 64 at a time; returns where the next go. */
// @ts-ignore: decorator
@inline
function copyRuns(to: u32, length: u32, from: u32): u32 {
  const last = to + length;
  do {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    to += 64;
    from += 64;
  } while (to < last);
  return to;
}
