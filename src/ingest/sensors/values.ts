import { isIP } from 'node:net';
import type { EventValue } from '../../data/index.js';
import { ipv6Groups } from '../ipv6-groups.js';
import type { RejectCode } from '../row.js';
import { isoMs } from './iso-time.js';
import type { EventSink, Json } from './source.js';

/** A value that cannot be what its field says. */
export class BadValue {
  constructor(
    readonly code: RejectCode,
    readonly reason: string,
  ) {}
}

/** Turns what a record holds into the value of a field: null for none, a BadValue for what it cannot be. */
export type ReadValue = (value: Json, sink: EventSink) => EventValue | BadValue;

const BAD_PORT = new BadValue('bad-port', 'the field is no port: a whole number from 0 to 65535 is expected');
const BAD_ADDRESS = new BadValue('bad-address', 'the field is no IP address');
const BAD_NUMBER = new BadValue('bad-number', 'the field is no number of 0 or more');
const BAD_TIME = new BadValue('bad-time', 'the field is no time between the years 1990 and 2100');
/** A text that no field can hold. */
export const NUL = new BadValue('nul', 'the field holds a NUL character');
/** A text that no file can hold. */
export const HALF = new BadValue('bad-text', 'the field holds half a surrogate pair');
const DEEP = new BadValue('too-deep', 'the field is nested too deeply');

/** Returns text as it is, numbers as text, lists and objects as JSON; null for null and the empty text. */
export const text: ReadValue = (value) => {
  const plain = typeof value === 'string' ? value : jsonText(value);
  if (plain === null || plain instanceof BadValue || plain === '') return plain === '' ? null : plain;
  return checkText(plain);
};

/** Returns the text, or why no field may hold it. */
export function checkText(plain: string): string | BadValue {
  if (plain.includes('\0')) return NUL;
  return plain.isWellFormed() ? plain : HALF;
}

function jsonText(value: Exclude<Json, string>): string | null | BadValue {
  if (value === null) return null;
  if (typeof value !== 'object') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    // What is nested deeper than the stack: JSON.parse takes it, JSON.stringify does not.
    return DEEP;
  }
}

/** Returns text in lower case. */
export const lowerText: ReadValue = (value, sink) => {
  const plain = text(value, sink);
  return typeof plain === 'string' ? plain.toLowerCase() : plain;
};

const TRANSPORTS: readonly unknown[] = ['tcp', 'udp', 'icmp'];

/** Returns the name of a transport, null for that of any other protocol: some write both under one name. */
export const transport: ReadValue = (value, sink) => {
  const name = lowerText(value, sink);
  return typeof name === 'string' && !TRANSPORTS.includes(name) ? null : name;
};

/** Returns the name of a protocol that is no transport, null for one that is. */
export const otherProtocol: ReadValue = (value, sink) => {
  const name = lowerText(value, sink);
  return TRANSPORTS.includes(name) ? null : name;
};

/** Returns the texts of a list joined by commas, anything else as `text` does; null for an empty list. */
export const list: ReadValue = (value, sink) => {
  if (!Array.isArray(value)) return text(value, sink);
  return text(value.filter((item) => typeof item === 'string').join(','), sink);
};

/** Returns `success` for true and `failure` for false, also where they are written as T and F. */
export const success: ReadValue = (value) => {
  if (value === true || value === 'T') return 'success';
  return value === false || value === 'F' ? 'failure' : null;
};

/** Returns what `read` returns, and null for the values that a sensor writes where it has none. */
export function orNothing(read: ReadValue, ...nothing: readonly Json[]): ReadValue {
  return (value, sink) => (nothing.includes(value) ? null : read(value, sink));
}

/** Returns a port. */
export const port: ReadValue = (value) => {
  if (value === null || value === '') return null;
  const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return Number.isInteger(number) && (number as number) >= 0 && (number as number) <= 65_535
    ? (number as number)
    : BAD_PORT;
};

/** Returns a port, also where pandas wrote 8080.0, as it does in a column with gaps. */
export const wholePort: ReadValue = (value, sink) =>
  port(typeof value === 'string' ? value.trim().replace(/\.0{1,16}$/, '') : value, sink);

/** Returns an IP address without its zone; IPv6 in lower case, IPv4 in IPv6 as IPv4. */
export const address: ReadValue = (value) => {
  if (value === null || value === '') return null;
  if (typeof value !== 'string') return BAD_ADDRESS;
  const version = isIP(value);
  if (version === 0) return BAD_ADDRESS;
  if (version === 4) return value;
  const lower = value.toLowerCase();
  const zone = lower.indexOf('%');
  const plain = zone < 0 ? lower : lower.slice(0, zone);
  return embeddedIpv4(plain) ?? plain;
};

/** Returns the IPv4 address that an IPv6 address of `::ffff:0:0/96` stands for; undefined for any other. */
function embeddedIpv4(ipv6: string): string | undefined {
  if (!/^[0:]/.test(ipv6)) return undefined;
  const [low, high, ...before] = ipv6Groups(ipv6).reverse();
  if (before[0] !== 0xffff || before.slice(1).some((group) => group !== 0)) return undefined;
  return [high! >> 8, high! & 0xff, low! >> 8, low! & 0xff].join('.');
}

/** Returns a number of 0 or more, also where it is written as text. */
export const amount: ReadValue = (value) => {
  if (value === null || value === '') return null;
  const number = typeof value === 'string' && /^[\d.eE+-]{1,32}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : BAD_NUMBER;
};

/** Returns a whole number of 0 or more. */
export const count: ReadValue = (value, sink) => {
  const number = amount(value, sink);
  return typeof number === 'number' && !Number.isSafeInteger(number) ? BAD_NUMBER : number;
};

/** Returns nanoseconds of a number of seconds. */
export const seconds: ReadValue = (value, sink) => {
  const number = amount(value, sink);
  if (typeof number !== 'number') return number;
  return number < 9e6 ? Math.round(number * 1e9) : BAD_NUMBER;
};

const EARLIEST_MS = Date.UTC(1990, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);
/** Returns a time written as ISO 8601, in whole milliseconds UTC; one without a zone is in the zone of the sink. */
export const isoTime: ReadValue = (value, { zoneMinutes }) =>
  typeof value === 'string' ? inRange(isoMs(value, zoneMinutes)) : BAD_TIME;

/** Returns a time written as ISO 8601, in whole milliseconds UTC; one without a zone is UTC. */
export const utcTime: ReadValue = (value) =>
  typeof value === 'string' ? inRange(isoMs(value, 0)) : BAD_TIME;

/** Returns a time written as seconds since 1970, in whole milliseconds. */
export const epochTime: ReadValue = (value) => {
  const number = typeof value === 'string' && /^\d{1,12}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' ? inRange(Math.floor(number * 1000)) : BAD_TIME;
};

/** How many milliseconds the units are in which times are counted from 1970. */
const UNITS_MS = [1000, 1, 1e-3, 1e-6];

/**
 * Returns a time written as ISO 8601, or counted from 1970 in seconds, milliseconds, microseconds or nanoseconds: its size
 * tells which, since between 1990 and 2100 no two of them have a number in common. Null for null and the empty text.
 */
export const anyTime: ReadValue = (value, sink) => {
  if (value === null || value === '') return null;
  const number = typeof value === 'string' && /^\d{9,19}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return isoTime(value, sink);
  const times = UNITS_MS.map((unit) => inRange(Math.floor(number * unit)));
  return times.find((time) => typeof time === 'number') ?? BAD_TIME;
};

/** Returns the time where it can be one of a log. */
export function inRange(ms: number): number | BadValue {
  return ms >= EARLIEST_MS && ms < LATEST_MS ? ms : BAD_TIME;
}
