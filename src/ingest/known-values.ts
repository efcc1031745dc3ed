import type { RowFault } from './row.js';

/** 8080.0 is what pandas writes for a whole number in a column with gaps. */
const PORT = /^\d{1,5}(?:\.0{1,16})?$/;
const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-][01]\d:?[0-5]\d)?)?$/;

/** Returns what is wrong with a value of a column whose values the schema knows; an empty one is missing and nothing is wrong with it. */
export function valueFault(fields: Readonly<Record<string, string | null>>): RowFault | undefined {
  const port = fields['port'] ?? '';
  if (port.trim() !== '' && !isPort(port.trim()))
    return {
      code: 'bad-port',
      reason: 'the field is no port: a whole number from 0 to 65535 is expected',
      column: 'port',
    };
  const time = fields['timestamp'] ?? '';
  if (time.trim() !== '' && !isTime(time))
    return {
      code: 'bad-time',
      reason:
        'the field is no time: ISO 8601 is expected, such as 2026-01-12T00:10:01.417608+00:00, with a day that exists',
      column: 'timestamp',
    };
  return undefined;
}

function isPort(text: string): boolean {
  return PORT.test(text) && Number(text) <= 65_535;
}

function isTime(text: string): boolean {
  const parts = TIME.exec(text);
  if (parts === null || !Number.isFinite(Date.parse(text))) return false;
  // Date takes 30 February for 2 March.
  const [year, month, day] = parts.slice(1).map(Number);
  return new Date(Date.UTC(year!, month! - 1, day)).getUTCDate() === day;
}
