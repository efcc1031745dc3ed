/**
 * Takes logged models and gives them names, versions, stages, aliases and tags, behind one port.
 * Never loads a model.
 */

export { type OpenRegistryOptions, openRegistryStore } from './open.js';
export * from './port.js';
