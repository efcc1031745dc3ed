import type { TreeSamples } from './histogram.js';
import type { BestSplit } from './split-scan.js';

/**
 * Moves the samples of a node so that those going left come first, each side in its old order, and returns the position
 * where the right side starts. `scratch` has room for the node. Cost O(samples of the node), no branch on the data.
 */
export function partition(
  samples: TreeSamples,
  scratch: TreeSamples,
  node: { readonly start: number; readonly end: number },
  split: { readonly column: Uint8Array } & Pick<BestSplit, 'lastLeftBin' | 'nanLeft'>,
): number {
  const { rows, labels, weights } = samples;
  const { column } = split;
  const shift = split.nanLeft ? 1 : 0; // adding 1 in 8 bits turns the missing bin 255 into the lowest code
  const limit = split.lastLeftBin + shift;
  let left = node.start;
  let right = 0;
  for (let i = node.start; i < node.end; i++) {
    const row = rows[i]!;
    const label = labels[i]!;
    const weight = weights[i]!;
    const goesLeft = ((column[row]! + shift) & 255) <= limit ? 1 : 0;
    rows[left] = row;
    labels[left] = label;
    weights[left] = weight;
    scratch.rows[right] = row;
    scratch.labels[right] = label;
    scratch.weights[right] = weight;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  rows.set(scratch.rows.subarray(0, right), left);
  labels.set(scratch.labels.subarray(0, right), left);
  weights.set(scratch.weights.subarray(0, right), left);
  return left;
}
