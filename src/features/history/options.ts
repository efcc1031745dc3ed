import { invalidParameter } from '../../core/index.js';

/** How a history hashes and how much it remembers. */
export interface HistoryOptions {
  /** Seed of the hashes, 0 to 2^32 − 1; default 0. In production choose one that senders of events do not know. */
  readonly randomState?: number | undefined;
  /** Sources remembered at most; default 1,000,000. */
  readonly maxSources?: number | undefined;
  /** Sessions remembered at most; default 1,000,000. */
  readonly maxSessions?: number | undefined;
  /** Bytes that sources and sessions may take together; default 700 MB. */
  readonly maxMemoryBytes?: number | undefined;
}

/** Options with their defaults. */
export type CheckedOptions = { readonly [K in keyof HistoryOptions]-?: number };

const MOST = 2 ** 32 - 1;
/** The least memory that holds a few records of any size. */
const LEAST_MEMORY_BYTES = 2 ** 20;
const MOST_MEMORY_BYTES = 2 ** 33;

/** Returns the options with defaults. Throws INVALID_PARAMETER naming the one that is out of its range. */
export function checkOptions(options: HistoryOptions): CheckedOptions {
  const whole = (name: keyof HistoryOptions, least: number, most: number, otherwise: number): number => {
    const value = options[name] ?? otherwise;
    if (!Number.isInteger(value) || value < least || value > most)
      invalidParameter(name, `a whole number from ${least} to ${most}`, value);
    return value;
  };
  return {
    randomState: whole('randomState', 0, MOST, 0),
    maxSources: whole('maxSources', 1, MOST, 1_000_000),
    maxSessions: whole('maxSessions', 1, MOST, 1_000_000),
    maxMemoryBytes: whole('maxMemoryBytes', LEAST_MEMORY_BYTES, MOST_MEMORY_BYTES, 700_000_000),
  };
}
