/** Scoring: the twins of src/kernels/traverse.ts, which says what they must give, to the bit. */
export { addTrees, addTreesBySets, addTreesOfMissing } from './block';
export { divide, meanOfLeaves, setLeaves, shareSureLeaves } from './leaves';
export { fillGroups } from './rows';
export { findLeaves, findLeavesBySets, findLeavesOfMissing } from './row';
export { setForest, shorten } from './step';
export { scoreQuads, setQuads } from './quads';
export { setTests } from './tests';
