/** Milliseconds of each unit of a length of time. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1e3],
  ['m', 6e4],
  ['h', 36e5],
  ['d', 864e5],
]);

/** Returns the milliseconds of `500ms`, `30s`, `10m`, `1.5h` or `1d`, undefined for any other text. */
export function durationOf(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,9})?) ?(ms|[smhd])$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * UNITS.get(unit!)!;
}

/** A day, or a day and a time, without a zone. */
const WITHOUT_ZONE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/;

/** Returns the epoch milliseconds of a time, undefined for text that is none. A time without a zone is in UTC. */
export function instantOf(text: string): number | undefined {
  const time = Date.parse(text.replace(WITHOUT_ZONE, '$1T$2Z'));
  return Number.isFinite(time) ? time : undefined;
}
