// The arithmetic of the benchmark. Pure.

/** Returns the q-quantile of `values`, interpolated. */
export function quantile(values, q) {
  const sorted = Float64Array.from(values).sort();
  const place = q * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (place - low);
}

/** Returns { median, min, max, n } of the values that are there; null without any. */
export function spread(values) {
  const there = values.filter((value) => value !== null && value !== undefined);
  if (there.length === 0) return null;
  return { median: quantile(there, 0.5), min: Math.min(...there), max: Math.max(...there), n: there.length };
}

/** Returns the spread of theirs / ours over the rounds in which both were measured: how many times faster we are. */
export function pairedRatio(ours, theirs) {
  return spread(ours.map((value, round) => (both(value, theirs[round]) ? theirs[round] / value : null)));
}

const both = (a, b) => a !== null && a !== undefined && b !== null && b !== undefined;

/** Returns the contestant with the smallest median; undefined without any that was measured. */
export function fastest(contestants) {
  return contestants
    .filter(({ values }) => spread(values))
    .sort((a, b) => spread(a.values).median - spread(b.values).median)[0];
}

/**
 * Returns what a value is, beside its limits { target, floor, less? }: 'reached', 'below target', 'BELOW FLOOR',
 * or 'not measured'. Where `less` is true the smaller value is the better one.
 */
export function verdict(value, { target, floor, less = false }) {
  if (value === null || value === undefined || Number.isNaN(value)) return 'not measured';
  const reaches = (limit) => (less ? value <= limit : value >= limit);
  if (reaches(target)) return 'reached';
  return reaches(floor) ? 'below target' : 'BELOW FLOOR';
}

/** Returns the area under the ROC curve; ties count half. NaN with one class. Cost O(n log n). */
export function auc(scores, labels) {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b]);
  let positives = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let tied = 0;
    while (to < order.length && scores[order[to]] === scores[order[from]]) tied += labels[order[to++]];
    rankSum += (tied * (from + 1 + to)) / 2;
    positives += tied;
    from = to;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
