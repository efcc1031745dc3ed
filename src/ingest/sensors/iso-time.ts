const [ZERO, NINE] = [48, 57];
/** Where the seconds end. */
const WHOLE_LENGTH = 'yyyy-mm-ddThh:mm:ss'.length;
const MAX_FRACTION_DIGITS = 9;
const MINUTES_OF_DAY = 24 * 60;
const SEPARATORS = [
  [4, '-'],
  [7, '-'],
  [10, 'T '],
  [13, ':'],
  [16, ':'],
] as const;
/** No zone is further from UTC than 14 hours. */
const ZONE = /^[+-](?:0\d|1[0-3]):?[0-5]\d$|^[+-]14:?00$/;

/**
 * Returns the milliseconds since 1970, cut to whole ones, of a time written as ISO 8601 with seconds, such as
 * `2018-05-06T00:00:11.012345Z`; NaN for any other text. One without a zone is so many minutes east of UTC. Every line of a
 * log has a time, so it is read digit by digit: a pattern would make a text of each part. A leap second, which there is at
 * the end of a day UTC only, is the first second of the next day.
 */
export function isoMs(text: string, defaultZone: number): number {
  for (const [at, characters] of SEPARATORS) if (!characters.includes(text.charAt(at))) return Number.NaN;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (!(year >= 100 && month >= 1 && month <= 12 && hour <= 23 && minute <= 59 && second <= 60))
    return Number.NaN;
  const midnight = midnightOf(year, month, day);
  let milliseconds = 0;
  let end = WHOLE_LENGTH;
  if (text[end] === '.' || text[end] === ',') {
    let weight = 100;
    for (end++; end <= WHOLE_LENGTH + MAX_FRACTION_DIGITS && isDigit(text.charCodeAt(end)); end++) {
      milliseconds += weight * (text.charCodeAt(end) - ZERO);
      weight = Math.floor(weight / 10);
    }
    if (end === WHOLE_LENGTH + 1) return Number.NaN;
  }
  const zone = end === text.length ? defaultZone : zoneMinutes(text.slice(end));
  const minutes = hour * 60 + minute - zone;
  if (second === 60 && (minutes + MINUTES_OF_DAY) % MINUTES_OF_DAY !== MINUTES_OF_DAY - 1) return Number.NaN;
  return midnight + (minutes * 60 + second) * 1000 + milliseconds;
}

/** The date that was asked for last, as lines near each other have the same. */
const last = { year: 1970, month: 1, day: 1, midnight: 0 };

/** Returns the milliseconds at which a day began, NaN for one that there is not. */
function midnightOf(year: number, month: number, day: number): number {
  if (day === last.day && month === last.month && year === last.year) return last.midnight;
  const midnight = Date.UTC(year, month - 1, day);
  // Date takes 30 February for 2 March.
  if (new Date(midnight).getUTCDate() !== day) return Number.NaN;
  Object.assign(last, { year, month, day, midnight });
  return midnight;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** Returns the number of the two digits at a place; NaN where they are none. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : Number.NaN;
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  if (!ZONE.test(zone)) return Number.NaN;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone[0] === '-' ? -minutes : minutes;
}
