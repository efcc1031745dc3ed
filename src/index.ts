/**
 * PhantomNet as a library, in flow order: ingest → features → split → train → evaluate → track → register → deploy,
 * and the composers that join them.
 */
export { type ErrorCode, PhantomNetError, VERSION } from './core/index.js';
export * from './data/index.js';
export * from './ingest/index.js';
export * from './features/index.js';
export * from './split/index.js';
export * from './train/index.js';
export * from './model/index.js';
export * from './evaluate/index.js';
export * from './track/index.js';
export * from './register/index.js';
export * from './deploy/index.js';
export * from './pipeline/index.js';
