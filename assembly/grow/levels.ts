import { histograms, leftSums, levels, nClasses, rightSums, totals } from './config';

const STEPS = 32;
/** float64 scores of the levels, behind the levels themselves. */
const SCORES: usize = 256;

/**
 * Sorts the first `n` entries of `levels`: for two classes by the share of the second, which holds the best of all splits
 * into two sets (Breiman et al. 1984, section 9.4); for more by the position of their class shares along the first
 * principal direction (Coppersmith, Hong and Hosking 1999). Ties go by level.
 */
export function orderLevels(n: u32): void {
  if (nClasses == 2) {
    for (let k: u32 = 0; k < n; k++) {
      const at = histograms + ((<usize>load<u8>(levels + k)) << 4);
      setScore(k, load<f64>(at, 8) / (load<f64>(at) + load<f64>(at, 8)));
    }
  } else scoreByDirection(n);
  sortByScore(n);
}

// @ts-ignore: decorator
@inline
function setScore(k: u32, score: f64): void {
  store<f64>(levels + SCORES + (<usize>k << 3), score);
}

// @ts-ignore: decorator
@inline
function scoreOf(k: u32): f64 {
  return load<f64>(levels + SCORES + (<usize>k << 3));
}

function sortByScore(n: u32): void {
  for (let i: u32 = 1; i < n; i++) {
    const level = load<u8>(levels + i);
    const score = scoreOf(i);
    let j = i;
    while (j > 0 && scoreOf(j - 1) > score) {
      store<u8>(levels + j, load<u8>(levels + j - 1));
      setScore(j, scoreOf(j - 1));
      j--;
    }
    store<u8>(levels + j, level);
    setScore(j, score);
  }
}

/** Returns the weight of a level. */
function weightOfLevel(level: usize): f64 {
  const at = histograms + ((level * <usize>nClasses) << 3);
  let sum: f64 = 0;
  for (let c: usize = 0; c < <usize>nClasses; c++) sum += load<f64>(at + (c << 3));
  return sum;
}

/** Returns how far the class shares of a level are from those of the node along `direction`. */
function project(level: usize, weight: f64, total: f64, direction: usize): f64 {
  const at = histograms + ((level * <usize>nClasses) << 3);
  let sum: f64 = 0;
  for (let c: usize = 0; c < <usize>nClasses; c++) {
    const away = load<f64>(at + (c << 3)) / weight - load<f64>(totals + (c << 3)) / total;
    sum += away * load<f64>(direction + (c << 3));
  }
  return sum;
}

/** Scores the levels along the first principal direction, found by power iteration from the level that is furthest out. */
function scoreByDirection(n: u32): void {
  const bytes = (<usize>nClasses) << 3;
  let direction = leftSums;
  let next = rightSums;
  let total: f64 = 0;
  for (let c: usize = 0; c < bytes; c += 8) total += load<f64>(totals + c);
  startDirection(n, total, direction);
  for (let step = 0; step < STEPS; step++) {
    memory.fill(next, 0, bytes);
    for (let k: u32 = 0; k < n; k++) {
      const level = <usize>load<u8>(levels + k);
      const weight = weightOfLevel(level);
      const pull = weight * project(level, weight, total, direction);
      const at = histograms + ((level * <usize>nClasses) << 3);
      for (let c: usize = 0; c < bytes; c += 8) {
        const away = load<f64>(at + c) / weight - load<f64>(totals + c) / total;
        store<f64>(next + c, load<f64>(next + c) + pull * away);
      }
    }
    let largest: f64 = 0;
    for (let c: usize = 0; c < bytes; c += 8) {
      const size = abs(load<f64>(next + c));
      if (size > largest) largest = size;
    }
    if (largest == 0) break;
    for (let c: usize = 0; c < bytes; c += 8) store<f64>(next + c, load<f64>(next + c) / largest);
    const swap = direction;
    direction = next;
    next = swap;
  }
  for (let k: u32 = 0; k < n; k++) {
    const level = <usize>load<u8>(levels + k);
    setScore(k, project(level, weightOfLevel(level), total, direction));
  }
}

/** Writes the difference between the node's shares and those of the level that has moved most weight. */
function startDirection(n: u32, total: f64, direction: usize): void {
  let furthest: f64 = -1;
  for (let k: u32 = 0; k < n; k++) {
    const level = <usize>load<u8>(levels + k);
    const weight = weightOfLevel(level);
    const at = histograms + ((level * <usize>nClasses) << 3);
    let size: f64 = 0;
    for (let c: usize = 0; c < <usize>nClasses; c++) {
      const away = load<f64>(at + (c << 3)) / weight - load<f64>(totals + (c << 3)) / total;
      size += away * away;
    }
    if (weight * size <= furthest) continue;
    furthest = weight * size;
    for (let c: usize = 0; c < <usize>nClasses; c++)
      store<f64>(direction + (c << 3), load<f64>(at + (c << 3)) / weight - load<f64>(totals + (c << 3)) / total);
  }
}
