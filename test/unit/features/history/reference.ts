import { describeHistoryFeatures, type HistoryEvent } from '#src/features/index.js';

const WINDOWS: readonly [string, number][] = [
  ['10s', 10_000],
  ['1m', 60_000],
  ['10m', 600_000],
  ['1h', 3_600_000],
  ['1d', 86_400_000],
];
const DAY_MS = 86_400_000;

/** Features by name, worked out from all events before: slow, and plain enough to be right. */
export type NamedRow = Readonly<Record<string, number>>;

/** Returns the features of the last of `events`, which are in order, from the others. */
export function referenceRow(events: readonly HistoryEvent[]): NamedRow {
  const event = events.at(-1)!;
  const before = events.slice(0, -1);
  const ofSource = before.filter(({ source }) => source === event.source);
  const row = scopeRow('source', event, ofSource);
  if (event.session === null) return row;
  return {
    ...row,
    ...scopeRow(
      'session',
      event,
      ofSource.filter(({ session }) => session === event.session),
    ),
  };
}

/** Returns a row as an object. */
export function named(row: Float32Array): NamedRow {
  return Object.fromEntries(describeHistoryFeatures().map(({ name }, i) => [name, row[i]!]));
}

/** Only what came after the last pause of a day or more: before it, the scope was forgotten. */
function remembered(event: HistoryEvent, earlier: readonly HistoryEvent[]): HistoryEvent[] {
  const times = [...earlier.map(({ timeMs }) => timeMs), event.timeMs];
  const pause = times.findLastIndex((time, i) => i > 0 && time - times[i - 1]! >= DAY_MS);
  return earlier.slice(Math.max(0, pause));
}

function scopeRow(scope: string, event: HistoryEvent, earlier: readonly HistoryEvent[]): NamedRow {
  const seen = remembered(event, earlier);
  const row: Record<string, number> = {};
  const set = (name: string, value: number): void => {
    row[`${scope}_${name}`] = value;
  };
  const ageMs = seen.length === 0 ? 0 : event.timeMs - seen[0]!.timeMs;
  for (const [name, width] of WINDOWS) {
    const within = seen.filter(({ timeMs }) => timeMs > event.timeMs - width);
    const different = (values: (string | number | null)[]): number =>
      new Set(values.filter((value) => value !== null)).size;
    set(`events_${name}`, within.length);
    set(`rate_${name}`, (within.length * 1000) / Math.max(1000, Math.min(ageMs, width)));
    set(`failures_${name}`, within.filter(({ outcome }) => outcome === 'failure').length);
    set(`ports_${name}`, different(within.map((e) => e.destinationPort)));
    set(`users_${name}`, different(within.map((e) => e.user)));
    set(`actions_${name}`, different(within.map((e) => e.action)));
    if (scope === 'session') continue;
    set(`sensors_${name}`, different(within.map((e) => e.sensor)));
    set(`sessions_${name}`, different(within.map((e) => e.session)));
  }
  setLife(set, event, seen);
  set('age', ageMs / 1000);
  return row;
}

function setLife(
  set: (name: string, value: number) => void,
  event: HistoryEvent,
  seen: readonly HistoryEvent[],
): void {
  const gaps = seen.slice(1).map(({ timeMs }, i) => (timeMs - seen[i]!.timeMs) / 1000);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  set('gap', seen.length === 0 ? Number.NaN : (event.timeMs - seen.at(-1)!.timeMs) / 1000);
  set('gap_mean', mean);
  set('gap_variance', gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  const runs = runLengths(seen);
  const goesOn = seen.length > 0 && event.timeMs - seen.at(-1)!.timeMs <= 1000;
  set('burst_length', goesOn ? runs.at(-1)! : 0);
  set('bursts', runs.filter((length) => length >= 3).length);
  set('longest_burst', Math.max(0, ...runs));
  const firstSuccess = seen.findIndex(({ outcome }) => outcome === 'success');
  const failures = (firstSuccess < 0 ? seen : seen.slice(0, firstSuccess)).filter(
    (e) => e.outcome === 'failure',
  );
  set('successes', seen.filter(({ outcome }) => outcome === 'success').length);
  set('failures_before_success', failures.length);
  set('success_after_failure', firstSuccess >= 0 && failures.length > 0 ? 1 : 0);
  set('index', seen.length);
  set(
    'bytes',
    seen.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
  );
}

/** Events of each run in which every one is at most a second after the one before. */
function runLengths(seen: readonly HistoryEvent[]): number[] {
  const runs: number[] = [];
  seen.forEach(({ timeMs }, i) => {
    if (i > 0 && timeMs - seen[i - 1]!.timeMs <= 1000) runs[runs.length - 1]! += 1;
    else runs.push(1);
  });
  return runs;
}
