/**
 * Takes events in order, gives features of what came before each from its source and in its session: one engine for
 * training and scoring, whose state goes out and comes in as bytes.
 * Never looks at a later event, and never at a file.
 */
export { describeHistoryFeatures, type HistoryFeature, type HistoryScopeName } from './catalogue.js';
export { compareEvents, type EventOrder, type HistoryEvent } from './event.js';
export { EventHistory, type HistoryCounts } from './history.js';
export { LiveHistory, type LiveHistoryCounts, type LiveHistoryOptions, type ObservedEvent } from './live.js';
export type { HistoryOptions } from './options.js';
export { replayHistory } from './replay.js';
export { damagedState } from './state-bytes.js';
export { LONGEST_MS, WINDOWS } from './windows.js';
