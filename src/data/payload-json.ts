import type { PayloadStatistics } from './payload.js';

/** Every statistic, and whether it is a whole number. */
const IS_WHOLE: Readonly<Record<keyof PayloadStatistics, boolean>> = {
  length: true,
  entropy: false,
  digits: true,
  letters: true,
  uppercase: true,
  spaces: true,
  specials: true,
  quotes: true,
  nonAscii: true,
  keys: true,
  maxValueLength: true,
  totalValueLength: true,
  sqlSigns: true,
  shellSigns: true,
  emptyValues: true,
};
const NAMES = Object.keys(IS_WHOLE) as (keyof PayloadStatistics)[];
const MAX_LENGTH = 1024;

/**
 * Returns the payload statistics that a JSON text holds, as an event's field `payload.statistics` has them; undefined where
 * it is anything else: each statistic must be there, finite and not negative, counts whole, and nothing beside them.
 *
 * @example
 * ```ts
 * const statistics = payloadStatistics("{'a': 1}", parsePythonLiteral("{'a': 1}"));
 * parsePayloadStatistics(JSON.stringify(statistics))?.length; // 8
 * parsePayloadStatistics('{"length": -1}'); // undefined
 * ```
 */
export function parsePayloadStatistics(text: string): PayloadStatistics | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const given = value as Readonly<Record<string, unknown>>;
  const isComplete =
    Object.keys(given).length === NAMES.length && NAMES.every((name) => isStatistic(given, name));
  return isComplete ? (given as unknown as PayloadStatistics) : undefined;
}

function isStatistic(given: Readonly<Record<string, unknown>>, name: keyof PayloadStatistics): boolean {
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (typeof value !== 'number' || value < 0 || !Number.isFinite(value)) return false;
  return !IS_WHOLE[name] || Number.isSafeInteger(value);
}
