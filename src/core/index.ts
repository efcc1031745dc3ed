/**
 * Takes nothing of ours and gives what everything stands on: the error type, seeded random numbers, hashing, suggestions.
 * Never touches the file system, the network or a database.
 */
export {
  type ErrorCode,
  invalidParameter,
  PhantomNetError,
  type PhantomNetErrorOptions,
  show,
} from './errors.js';
export { type Given, given } from './given.js';
export { canonicalJson, sha256Hex } from './hash.js';
export { abortWhenInterrupted } from './interruption.js';
export { RandomState } from './mt19937.js';
export { programCall } from './program-call.js';
export { didYouMean } from './suggest.js';
export { displayWidth, shortened, wrapLines } from './text-width.js';
export { VERSION } from './version.js';
export { visible } from './visible.js';
export { Xoshiro128 } from './xoshiro.js';
