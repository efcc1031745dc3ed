import { BIN_STRIDE, type BinnedSet, MISSING_BIN } from './binned-set.js';
import { midpoint } from './binning.js';
import { ALL_VALUES } from './grow-rules.js';
import { SET_WORDS, type Split } from './growth.js';
import type { BestSplit } from './split-scan.js';

/** Returns 1 for each bin that goes left. Categories the node has none of go where missing values go. */
export function binsGoingLeft({ lastLeftBin, levels, nanLeft }: BestSplit): Uint8Array {
  const goesLeft = new Uint8Array(BIN_STRIDE);
  if (!levels) goesLeft.fill(1, 0, lastLeftBin + 1);
  else {
    goesLeft.fill(nanLeft ? 1 : 0);
    levels.order.forEach((level, k) => {
      goesLeft[level] = k < levels.nLeft ? 1 : 0;
    });
  }
  goesLeft[MISSING_BIN] = nanLeft ? 1 : 0;
  return goesLeft;
}

/** Returns the split of a node as it is reported. */
export function describeSplit(node: number, best: BestSplit, goesLeft: Uint8Array, set: BinnedSet): Split {
  const { feature, nanLeft, levels } = best;
  const threshold = levels ? 0 : thresholdOf(best, set);
  return { node, feature, threshold, nanLeft, set: levels ? toSet(goesLeft) : null };
}

function thresholdOf({ feature, lastLeftBin, firstRightBin, threshold }: BestSplit, set: BinnedSet): number {
  if (threshold !== null) return threshold;
  if (firstRightBin < 0) return ALL_VALUES;
  const base = feature * BIN_STRIDE;
  return midpoint(set.highs[base + lastLeftBin]!, set.lows[base + firstRightBin]!);
}

function toSet(goesLeft: Uint8Array): Uint32Array {
  const set = new Uint32Array(SET_WORDS);
  for (let bin = 0; bin < MISSING_BIN; bin++) if (goesLeft[bin]) set[bin >>> 5]! |= 1 << (bin & 31);
  return set;
}
