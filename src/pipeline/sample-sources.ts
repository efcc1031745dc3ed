import { isTable, type Samples } from './samples.js';

/** Column that names the source of a sample that was made of events. */
const SOURCE_COLUMN = 'source.ip';
/** With fewer sources an interval by source says nothing. */
export const MIN_SOURCES = 20;

/** Returns the source of each sample that was made of events; undefined for other samples. */
export function sourcesOf(samples: Samples): readonly string[] | undefined {
  const sources = isTable(samples) ? samples.values.get(SOURCE_COLUMN) : undefined;
  return sources === undefined
    ? undefined
    : Array.from(sources as ArrayLike<string | null>, (source) => source ?? '');
}
