/**
 * Takes logged models and gives them names, versions, stages, aliases and tags, behind one port.
 * Never loads a model.
 */
export { openEmbeddedRegistry } from './embedded.js';
export * from './port.js';
