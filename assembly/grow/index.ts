/** Binning and tree growth: the fast twin of the readable kernels in src/kernels, to the bit. */
export { configure } from './config';
export { grow, startTree, takeEvents } from './grow';
export { countColumn, countLevel } from './bin-count';
export { findEdges, splitColumn } from './bin-edges';
export { encodeColumn } from './bin-encode';
export { COLUMN_BYTES, configureBinning, openColumn } from './column-region';
export { interleave } from './interleave';
