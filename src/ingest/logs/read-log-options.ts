import { invalidParameter } from '../../core/index.js';

/** How logs become events, with every default filled in. */
export interface ReadLogOptions {
  /** Leave passwords in the events. */
  readonly keepSecrets: boolean;
  /** Keep each raw line, its secrets replaced, as `event.original`. */
  readonly keepOriginal: boolean;
  /** Replace addresses under the key, so that networks stay networks. */
  readonly pseudonymiseIp: boolean;
  /** Time zone of sensors that write none, in minutes east of UTC. */
  readonly zoneMinutes: number;
  /** When times that count from zero began, in milliseconds since 1970. */
  readonly timeBaseMs: number | undefined;
  /** Longest line in bytes. */
  readonly maxRecordBytes: number;
}

/** Returns the options with defaults. Throws INVALID_PARAMETER naming one that is out of range. */
export function readLogOptions(
  given: { readonly [Name in keyof ReadLogOptions]?: ReadLogOptions[Name] | undefined },
): ReadLogOptions {
  const { zoneMinutes = 0, timeBaseMs, maxRecordBytes = 2 ** 20 } = given;
  if (!Number.isInteger(zoneMinutes) || Math.abs(zoneMinutes) > 14 * 60)
    invalidParameter('zoneMinutes', 'a whole number of minutes from -840 to 840', zoneMinutes);
  if (timeBaseMs !== undefined && !Number.isSafeInteger(timeBaseMs))
    invalidParameter('timeBaseMs', 'whole milliseconds since 1970', timeBaseMs);
  if (!Number.isSafeInteger(maxRecordBytes) || maxRecordBytes < 1 || maxRecordBytes > 2 ** 20)
    invalidParameter('maxRecordBytes', 'a whole number of bytes from 1 to 1048576', maxRecordBytes);
  return {
    keepSecrets: given.keepSecrets ?? false,
    keepOriginal: given.keepOriginal ?? false,
    pseudonymiseIp: given.pseudonymiseIp ?? false,
    zoneMinutes,
    timeBaseMs,
    maxRecordBytes,
  };
}
