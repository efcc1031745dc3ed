/**
 * Takes logged models and gives them names, versions, stages, aliases and tags, behind one port.
 * Never loads a model.
 */
export * from './port.js';
