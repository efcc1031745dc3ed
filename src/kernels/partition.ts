import type { TreeSamples } from './histogram.js';

/**
 * Moves the samples of a node so that those going left come first, each side in its old order, and returns the position
 * where the right side starts. `column` has the bin of every row, `goesLeft` 1 for each of the 256 bins that go left;
 * `scratch` has room for the node. Cost O(samples of the node), no branch on the data.
 */
export function partition(
  samples: TreeSamples,
  scratch: TreeSamples,
  node: { readonly start: number; readonly end: number },
  split: { readonly column: Uint8Array; readonly goesLeft: Uint8Array },
): number {
  const { rows, labels, weights } = samples;
  const { column, goesLeft } = split;
  let left = node.start;
  let right = 0;
  for (let i = node.start; i < node.end; i++) {
    const row = rows[i]!;
    const label = labels[i]!;
    const weight = weights[i]!;
    const step = goesLeft[column[row]!]!;
    rows[left] = row;
    labels[left] = label;
    weights[left] = weight;
    scratch.rows[right] = row;
    scratch.labels[right] = label;
    scratch.weights[right] = weight;
    left += step;
    right += 1 - step;
  }
  rows.set(scratch.rows.subarray(0, right), left);
  labels.set(scratch.labels.subarray(0, right), left);
  weights.set(scratch.weights.subarray(0, right), left);
  return left;
}
