/**
 * What a fit and its worker are set up with, read once from a block of 32-bit words and two float64 that
 * src/kernels/wasm-grower.ts writes. Addresses are bytes into the one memory. Globals belong to the instance, so each
 * worker has its own.
 */
export let nSamples: u32 = 0;
export let nFeatures: u32 = 0;
export let nClasses: u32 = 0;
export let maxFeatures: u32 = 0;
export let maxDepth: u32 = 0;
export let minSamplesSplit: u32 = 0;
export let minSamplesLeaf: u32 = 0;
export let entropy: bool = false;
/** Samples drawn a tree; 0 grows on all samples. */
export let nDraws: u32 = 0;
/** Whether features are drawn; otherwise they are looked at in their order. */
export let drawFeatures: bool = true;
/** Whether one threshold is drawn for each feature, as extremely randomized trees do, and not the best looked for. */
export let randomSplits: bool = false;
/** Leaves a tree grows best split first to; 0 is unlimited, and depth first. */
export let maxLeafNodes: u32 = 0;
/** Whether the classes are weighed anew in every bootstrap. */
export let balancedSubsample: bool = false;

/** Bin codes, column after column. */
export let columns: usize = 0;
/** The same codes row after row, rowBytes each; 0 where there is no such copy. */
export let rows: usize = 0;
export let rowBytes: u32 = 0;
/** Class of each row, 16 bits. */
export let labels: usize = 0;
/** float32 lows and highs of each bin, 256 a feature. */
export let lows: usize = 0;
export let highs: usize = 0;
/** One byte a feature: 1 categorical, 2 the same in every row. */
export let kinds: usize = 0;
/** float64 weight of each row, 0 where all are 1. */
export let sampleWeights: usize = 0;
/** float64 running sums of the weights, for a weighted bootstrap; 0 otherwise. */
export let cumulative: usize = 0;

/** This worker's own regions. */
export let samples: usize = 0;
export let scratch: usize = 0;
/** float64 weight of each row in this tree, for samples that do not fit a packed word. */
export let treeWeights: usize = 0;
export let histograms: usize = 0;
/** Sample counts by bin, u32. */
export let counts: usize = 0;
export let bitmaps: usize = 0;
export let order: usize = 0;
export let constants: usize = 0;
export let chosen: usize = 0;
export let totals: usize = 0;
export let leftSums: usize = 0;
export let rightSums: usize = 0;
export let bestSums: usize = 0;
export let levels: usize = 0;
export let bestSet: usize = 0;
export let stack: usize = 0;
/** Room for copies of rows, the first nBlocks each blockShift halvings smaller than the one before; see place.ts. */
export let blocks: usize = 0;
export let nBlocks: u32 = 0;
export let blockShift: u32 = 0;
/** Open nodes of a tree that grows best split first; see frontier.ts. */
export let frontier: usize = 0;
export let heap: usize = 0;
export let events: usize = 0;
export let eventsBytes: u32 = 0;
/** An u32 that another thread sets to stop the growth. */
export let stop: usize = 0;

export let minWeightFraction: f64 = 0;
export let minImpurityDecrease: f64 = 0;

/** Reads the block. */
export function configure(at: usize): void {
  nSamples = load<u32>(at);
  nFeatures = load<u32>(at, 4);
  nClasses = load<u32>(at, 8);
  maxFeatures = load<u32>(at, 12);
  maxDepth = load<u32>(at, 16);
  minSamplesSplit = load<u32>(at, 20);
  minSamplesLeaf = load<u32>(at, 24);
  entropy = load<u32>(at, 28) != 0;
  nDraws = load<u32>(at, 32);
  balancedSubsample = load<u32>(at, 36) != 0;
  columns = load<u32>(at, 40);
  rows = load<u32>(at, 44);
  rowBytes = load<u32>(at, 48);
  labels = load<u32>(at, 52);
  lows = load<u32>(at, 56);
  highs = load<u32>(at, 60);
  kinds = load<u32>(at, 64);
  sampleWeights = load<u32>(at, 68);
  cumulative = load<u32>(at, 72);
  samples = load<u32>(at, 76);
  scratch = load<u32>(at, 80);
  treeWeights = load<u32>(at, 84);
  histograms = load<u32>(at, 88);
  counts = load<u32>(at, 92);
  bitmaps = load<u32>(at, 96);
  order = load<u32>(at, 100);
  constants = load<u32>(at, 104);
  chosen = load<u32>(at, 108);
  totals = load<u32>(at, 112);
  leftSums = load<u32>(at, 116);
  rightSums = load<u32>(at, 120);
  bestSums = load<u32>(at, 124);
  levels = load<u32>(at, 128);
  bestSet = load<u32>(at, 132);
  stack = load<u32>(at, 136);
  blocks = load<u32>(at, 140);
  nBlocks = load<u32>(at, 144);
  blockShift = load<u32>(at, 148);
  events = load<u32>(at, 156);
  eventsBytes = load<u32>(at, 160);
  stop = load<u32>(at, 164);
  minWeightFraction = load<f64>(at, 168);
  minImpurityDecrease = load<f64>(at, 176);
  drawFeatures = load<u32>(at, 184) != 0;
  maxLeafNodes = load<u32>(at, 188);
  frontier = load<u32>(at, 192);
  heap = load<u32>(at, 196);
  randomSplits = load<u32>(at, 200) != 0;
}
