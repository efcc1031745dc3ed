/** Binning and tree growth: the fast twin of the readable kernels in src/kernels, to the bit. */
export { configure } from './config';
export { grow, startTree, takeEvents } from './grow';
export {
  COLUMN_BYTES,
  configureBinning,
  countColumn,
  countFirstLevel,
  countLevel,
  encodeColumn,
  findEdges,
  interleave,
  openColumn,
  splitColumn,
} from './binning';
