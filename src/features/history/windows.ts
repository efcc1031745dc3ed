/** The sliding windows, shortest first. A window of w at time t holds what has a time in (t − w, t]. */
export const WINDOWS = [
  { name: '10s', ms: 10_000, words: '10 seconds' },
  { name: '1m', ms: 60_000, words: 'minute' },
  { name: '10m', ms: 600_000, words: '10 minutes' },
  { name: '1h', ms: 3_600_000, words: 'hour' },
  { name: '1d', ms: 86_400_000, words: 'day' },
] as const;

export const WINDOW_MS: readonly number[] = WINDOWS.map(({ ms }) => ms);

/** What is older than this is forgotten. */
export const LONGEST_MS = 86_400_000;

/** Events at most this far apart belong to one burst. */
export const BURST_GAP_MS = 1000;

/** A run of at least this many events counts as a burst. */
export const BURST_EVENTS = 3;

/** A record drops what the longest window has lost when it has seen a multiple of so many events: within 17 days. */
export const EXPIRE_EVERY = 16;
