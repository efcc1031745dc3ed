/**
 * Takes bytes or the parts of a fitted model, gives a model that scores.
 * Never touches the file system and never trains.
 */
export type { Model } from './model.js';
